/// What a result was made of, for a file that leaves the person: by hash, without paths.
package func inputsJSON(_ inputs: [Provenance]) -> JSON {
  .array(inputs.map { .object([("role", .string($0.role)), ("sha256", .string($0.sha256))]) })
}

/// What was noticed on the way.
///
/// - Parameter namesFiles: false for a file that leaves the person.
package func findingsJSON(_ findings: [Finding], namesFiles: Bool = false) -> JSON {
  .array(
    findings.map {
      .object(
        [("code", .string($0.code)), ("severity", .string($0.severity.rawValue))]
          + (namesFiles ? [("file", .optional($0.file))] : []) + [("text", .string($0.text))])
    })
}
