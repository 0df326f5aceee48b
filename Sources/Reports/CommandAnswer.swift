package import Basics
package import Records

/// What every command answers with `--json`: one envelope, whose `result` alone differs.
package struct CommandAnswer: Sendable {
  /// Counts up when a member of the envelope or of a result changes its meaning or goes away.
  package static let schema = 1

  package var command: String
  package var inputs: [Provenance]
  package var findings: [Finding]
  package var result: [(String, JSON)]

  package init(
    _ command: String, inputs: [Provenance] = [], findings: [Finding] = [],
    result: [(String, JSON)]
  ) {
    self.command = command
    self.inputs = inputs
    self.findings = findings
    self.result = result
  }

  /// Of something that is also written with a sidecar, with what only the answer tells.
  package init(_ derived: Derived, _ more: [(String, JSON)] = []) {
    self.init(
      derived.command, inputs: derived.inputs, findings: derived.findings,
      result: derived.result + more)
  }

  /// The word that no number of it is shown without; nil where everything was measured.
  package var unmeasured: String? { inputs.compactMap(\.unmeasured).first }

  /// Which of its files nobody measured, for where no picture says it; nil where everything was measured.
  package var unmeasuredWords: String? {
    unmeasured.map { word in
      let roles = inputs.filter { $0.unmeasured != nil }.map(\.role)
      return "\(word): these numbers rest on what was never measured ("
        + roles.enumerated().filter { roles.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        .joined(separator: ", ") + ")"
    }
  }

  package var json: JSON {
    let isTold = unmeasured == nil || result.contains { $0.0 == "simulated" }
    return .object([
      ("schema", .int(Self.schema)), ("version", .string(boldspectVersion)),
      ("command", .string(command)),
      (
        "inputs",
        .array(
          inputs.map {
            .object([
              ("role", .string($0.role)), ("path", .optional($0.path.map(typedPath))),
              ("sha256", .string($0.sha256)),
            ])
          })
      ), ("findings", findingsJSON(findings, namesFiles: true)),
      ("result", JSON.object(result + (isTold ? [] : [("simulated", .bool(true))])).meant),
      ("notice", .string(researchUse)),
    ])
  }
}
