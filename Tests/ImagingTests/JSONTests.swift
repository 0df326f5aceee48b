import Basics
import Imaging
import Testing

@Suite struct JSONTests {
  @Test func whatIsWrittenIsReadBack() throws {
    let value = JSON.object([
      ("a", .array([.int(-3), .number(0.1), .number(1e-300), .bool(true), .null])),
      ("text", .string("a\"b\\c\u{1}\u{7f}é🙂")), ("empty", .object([])),
      ("rows", .array([.object([("x", .int(1))]), .array([])])),
    ])
    let back = try JSON.parse(value.text)
    #expect(back.value == value)
    #expect(back.lines["a"] == 2)
    #expect(back.lines["text"] == 3)
    #expect(back.lines["rows.0.x"] == 7)
    #expect(try JSON.parse("\"\\ud83d\\ude42\\u00e9\"").value == .string("🙂é"))
  }

  @Test(arguments: [
    ("", 1), ("{\n\"a\": 1,\n\"a\": 2}", 3), ("{\"a\" 1}", 1), ("[1, 2", 1), ("[1 2]", 1),
    ("\"a\nb\"", 1), ("{\"a\": 1}\nx", 2), ("nul", 1), ("1e999", 1), ("\"\\ud83d\"", 1),
    ("\"\\q\"", 1), ("{\n\n  \"a\": --1}", 3), (String(repeating: "[", count: 1000), 1),
  ])
  func whatIsNoJSONIsRefusedWithItsLine(_ text: String, _ line: Int) {
    #expect { try JSON.parse(text) } throws: { ($0 as? JSONFault)?.line == line }
  }

  /// A long name around many members is not written out for each of them.
  @Test func pathsForMessagesTakeNoMoreThanTheText() throws {
    let members = (0..<2000).map { "\"\($0)\": [\($0)]" }.joined(separator: ",\n")
    let text = "{\"\(String(repeating: "n", count: 4000))\": {\(members)},\n\"last\": {\"x\": 1}}"
    let (value, lines) = try JSON.parse(text)
    #expect(value.members?.first?.1.members?.count == 2000)
    #expect(lines["last.x"] == 2001)
    #expect(lines.keys.reduce(0) { $0 + $1.utf8.count } <= text.utf8.count)
  }
}
