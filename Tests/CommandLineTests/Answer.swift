import Foundation
import TestSupport
import Testing

/// The result of an answer of `--json`, with the envelope's inputs and findings beside it; the envelope is
/// checked on the way, and with it the whole answer against the schema of the documentation.
func answered(_ output: String) throws -> [String: Any] {
  for fault in try JSONSchema.documented().faults(of: output) { Issue.record("schema: \(fault)") }
  let whole = try #require(
    try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  #expect(
    Set(whole.keys) == [
      "schema", "version", "command", "inputs", "findings", "result", "notice",
    ])
  #expect(whole["schema"] as? Int == 1)
  #expect((whole["command"] as? String)?.isEmpty == false)
  for input in try #require(whole["inputs"] as? [[String: Any]]) {
    #expect(Set(input.keys) == ["role", "path", "sha256"])
    #expect((input["sha256"] as? String)?.count == 64)
  }
  for finding in try #require(whole["findings"] as? [[String: Any]]) {
    #expect(Set(finding.keys) == ["code", "severity", "file", "text"])
  }
  var result = try #require(whole["result"] as? [String: Any])
  for key in ["inputs", "findings", "version", "command", "notice"] { result[key] = whole[key] }
  return result
}
