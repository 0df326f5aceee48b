import Foundation

/// As much of JSON Schema (draft 2020-12) as the program's own schema uses; a word that is not known here is a fault,
/// so that none of them is passed over.
package struct JSONSchema {
  private let root: [String: Any]

  private static let known: Set<String> = [
    "$schema", "$defs", "$ref", "title", "type", "required", "properties", "additionalProperties",
    "items", "minItems", "maxItems", "enum", "const", "pattern", "minimum", "maximum", "minLength",
    "allOf", "anyOf", "if", "then",
  ]

  /// - Parameter text: the schema.
  package init(_ text: String) throws {
    root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }

  /// The one of the documentation.
  package static func documented() throws -> JSONSchema {
    let page = RealData.project.appending(
      path: "Sources/boldspect/Documentation.docc/Schema.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let parts = text.components(separatedBy: "```")
    return try JSONSchema(parts.count > 1 ? String(parts[1].dropFirst("json".count)) : "")
  }

  /// Everything in a document that the schema does not allow, with where it stands.
  package func faults(of json: String) throws -> [String] {
    let value = try JSONSerialization.jsonObject(
      with: Data(json.utf8), options: [.fragmentsAllowed])
    return check(value, root, at: "$")
  }

  private func check(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
    var out = schema.keys.filter { !Self.known.contains($0) }.map { "unknown word \($0)" }
    if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
      let all = root["$defs"] as? [String: Any] ?? [:]
      guard let found = all[String(name)] as? [String: Any] else { return ["no \(name)"] }
      out += check(value, found, at: place)
    }
    out += typeFaults(value, schema, place) + plainFaults(value, schema, place)
    if let object = value as? [String: Any] { out += objectFaults(object, schema, place) }
    if let list = value as? [Any], Self.kinds(list).contains("array") {
      if let least = schema["minItems"] as? Int, list.count < least {
        out.append("\(place): \(list.count) items")
      }
      if let most = schema["maxItems"] as? Int, list.count > most {
        out.append("\(place): \(list.count) items")
      }
      if let items = schema["items"] as? [String: Any] {
        for (n, item) in list.enumerated() { out += check(item, items, at: "\(place)[\(n)]") }
      }
    }
    for part in schema["allOf"] as? [[String: Any]] ?? [] { out += check(value, part, at: place) }
    if let parts = schema["anyOf"] as? [[String: Any]] {
      let found = parts.map { check(value, $0, at: place) }
      if !found.contains(where: \.isEmpty) { out += found.flatMap { $0 } }
    }
    if let condition = schema["if"] as? [String: Any], let then = schema["then"] as? [String: Any],
      check(value, condition, at: place).isEmpty
    {
      out += check(value, then, at: place)
    }
    return out
  }

  private func objectFaults(
    _ object: [String: Any], _ schema: [String: Any], _ place: String
  ) -> [String] {
    var out: [String] = []
    for name in schema["required"] as? [String] ?? [] where object[name] == nil {
      out.append("\(place): no \(name)")
    }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    for (name, member) in object {
      if let own = properties[name] as? [String: Any] {
        out += check(member, own, at: "\(place).\(name)")
      } else if schema["additionalProperties"] as? Bool == false {
        out.append("\(place): \(name) is not allowed")
      }
    }
    return out
  }

  private func typeFaults(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    let wanted =
      schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if wanted.isEmpty || !Self.kinds(value).isDisjoint(with: wanted) { return [] }
    return ["\(place): it is no \(wanted.joined(separator: " or "))"]
  }

  private func plainFaults(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    var out: [String] = []
    func isSame(_ other: Any) -> Bool {
      Self.kinds(value) == Self.kinds(other) && (value as? NSObject)?.isEqual(other) == true
    }
    if let one = schema["const"], !isSame(one) { out.append("\(place): it is not \(one)") }
    if let all = schema["enum"] as? [Any], !all.contains(where: isSame) {
      out.append("\(place): \(value) is none of \(all)")
    }
    if let text = value as? String {
      if let pattern = schema["pattern"] as? String,
        text.range(of: pattern, options: .regularExpression) == nil
      {
        out.append("\(place): \(text) is not as \(pattern)")
      }
      if let least = schema["minLength"] as? Int, text.count < least {
        out.append("\(place): it is too short")
      }
    }
    if let number = value as? NSNumber, Self.kinds(value).contains("number") {
      if let least = schema["minimum"] as? Double, number.doubleValue < least {
        out.append("\(place): \(number) is below \(least)")
      }
      if let most = schema["maximum"] as? Double, number.doubleValue > most {
        out.append("\(place): \(number) is above \(most)")
      }
    }
    return out
  }

  /// The types that a value has in the words of JSON Schema.
  private static func kinds(_ value: Any) -> Set<String> {
    if value is NSNull { return ["null"] }
    if value is String { return ["string"] }
    if value is [String: Any] { return ["object"] }
    if value is [Any] { return ["array"] }
    guard let number = value as? NSNumber else { return [] }
    if isBoolean(number) { return ["boolean"] }
    return number.doubleValue == number.doubleValue.rounded() ? ["number", "integer"] : ["number"]
  }

  private static func isBoolean(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c"
  }
}
