/// What a result was made of: the part that each file had in it, by hash.
package func inputsJSON(_ inputs: [(role: String, sha256: String)]) -> JSON {
  .array(inputs.map { .object([("role", .string($0.role)), ("sha256", .string($0.sha256))]) })
}

/// What was noticed on the way.
package func findingsJSON(_ findings: [Finding]) -> JSON {
  .array(
    findings.map {
      .object([
        ("code", .string($0.code)), ("severity", .string($0.severity.rawValue)),
        ("text", .string($0.text)),
      ])
    })
}
