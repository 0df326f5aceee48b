package import Basics
import CellUI
import Foundation
import ImageFiles
import Imaging
import Records
package import Viewer

/// What a person chose once and for all: how views begin, colours, mouse and keys.
package struct Config {
  package static var usualPath: String { UserFolders.config + "/config.json" }

  package private(set) var fields: [(field: ViewField, value: JSON)] = []
  package private(set) var keys = KeyTable()
  package private(set) var usesMouse: Bool?
  package private(set) var colours: ColourArgument?
  package private(set) var probes: Bool?

  /// Fields that speak of one person's files have no place in a config file.
  package static var fieldNames: [String] {
    ViewField.all.filter { !$0.isPersonal }.map(\.name)
  }

  /// - Parameter path: nil takes the usual one where there is such a file.
  package static func read(_ path: String?) throws(Problem) -> Config? {
    if let path { return try Config(path) }
    return FileManager.default.fileExists(atPath: usualPath) ? try Config(usualPath) : nil
  }

  package init(_ path: String) throws(Problem) {
    let file = fileName(path)
    let (json, lines) = try parsedFile(path)
    func fault(_ member: String, _ found: String, _ expected: String) -> Problem {
      Problem(
        .data, file, "line \(lines[member] ?? 1): \(found)", expected: expected,
        remedy: "`boldspect config` prints every name with its default")
    }
    guard let members = json.members else {
      throw fault("", "it is no object", "{ … }")
    }
    for (name, value) in members {
      switch name {
      case "view":
        guard let views = value.members else { throw fault(name, "view is no object", "{ … }") }
        for (field, setting) in views {
          guard let known = ViewField.named(field), !known.isPersonal else {
            throw fault(
              "view.\(field)", "there is no view named \(visibleText(field, limit: 40))",
              "one of " + Self.fieldNames.joined(separator: ", "))
          }
          var trial = ViewState()
          guard known.read(&trial, setting) else {
            throw fault(
              "view.\(field)", "\(field) cannot be \(visibleText(setting.text, limit: 40))",
              known.expected)
          }
          fields.append((known, setting))
        }
      case "keys": keys = try Self.keys(value, fault)
      case "mouse":
        guard case .bool(let on) = value else {
          throw fault(name, "mouse is no yes or no", "true or false")
        }
        usesMouse = on
      case "probe":
        guard case .bool(let on) = value else {
          throw fault(name, "probe is no yes or no", "true or false")
        }
        probes = on
      // The second is its name of before.
      case "colour-depth", "colours":
        guard let kind = value.asString.flatMap(ColourArgument.init(rawValue:)) else {
          throw fault(
            name, "\(name) cannot be \(visibleText(value.text, limit: 40))",
            ColourArgument.allCases.map(\.rawValue).joined(separator: ", "))
        }
        colours = kind
      default:
        throw fault(
          name, "there is nothing named \(visibleText(name, limit: 40))",
          "view, keys, mouse, probe or colour-depth")
      }
    }
  }

  package func apply(to view: inout ViewState) throws(Problem) {
    for (field, value) in fields { _ = field.read(&view, value) }
  }

  /// Keys by the names of their actions: each text is one key or several, as a key script writes them.
  private static func keys(
    _ json: JSON, _ fault: (String, String, String) -> Problem
  ) throws(Problem) -> KeyTable {
    guard let members = json.members else { throw fault("keys", "keys is no object", "{ … }") }
    var table = KeyTable()
    var taken: [Key: String] = [:]
    var redefined: Set<Action> = []
    for (name, value) in members {
      let member = "keys.\(name)"
      guard let action = Action.allCases.first(where: { $0.name == name }) else {
        throw fault(
          member, "no key does \(visibleText(name, limit: 40))",
          "one of " + Action.allCases.map(\.name).joined(separator: ", "))
      }
      redefined.insert(action)
      // The ways out keep their keys whatever else is added.
      let binding = KeyMap.bindings.first { $0.action == action }
      let required = Set(KeyTable.required.map(\.key))
      for key in binding?.keys ?? [] where !required.contains(key) && table.changed[key] == nil {
        table.changed[key] = .some(nil)
      }
      guard let texts = value.asString.map({ [$0] }) ?? value.items?.compactMap(\.asString),
        !texts.isEmpty, value.items.map({ $0.count == texts.count }) ?? true
      else { throw fault(member, "\(name) has no key", "\"x\", \"<C-x>\" or a list of them") }
      for text in texts {
        guard let parsed = try? KeyScript.parse(text), parsed.count == 1, let key = parsed.first
        else {
          throw fault(
            member, "\(visibleText(text, limit: 20)) is not one key",
            "one character, or a name such as <Up>, <C-x>, <F2>, <Space>, <Lt>")
        }
        if case .mouse = key { throw fault(member, "the mouse is no key", "a key") }
        if let kept = KeyTable.required.first(where: { $0.key == key }),
          KeyMap.action(for: key) != action
        {
          throw fault(
            member, "\(kept.shown) cannot be \(name): it leads out or to help",
            "another key")
        }
        if let other = taken[key] {
          throw fault(
            member, "\(visibleText(text)) is the key of \(other) already", "each key once")
        }
        taken[key] = name
      }
    }
    for (key, name) in taken {
      if let before = KeyMap.action(for: key), !redefined.contains(before) {
        let rest =
          KeyMap.bindings.first { $0.action == before }?.keys.filter { taken[$0] == nil } ?? []
        guard !rest.isEmpty else {
          throw fault(
            "keys.\(name)",
            "\(KeyScript.text(key)) is the only key of \(before.name)",
            "another key, or one for \(before.name) as well")
        }
      }
      let action = Action.allCases.first { $0.name == name }
      table.changed[key] = .some(action)
    }
    return table
  }

  /// All that can be set, as it is without a file.
  package static var defaults: JSON {
    let usual = ViewState()
    var views = ViewField.all.filter { !$0.isPersonal }.map {
      ($0.name, $0.write(usual))
    }
    // A window that was not chosen is up to 15 minutes long; it has no default of its own.
    views.removeAll { $0.1 == .null }
    return .object([
      ("view", .object(views)), ("colour-depth", .string("auto")), ("probe", .bool(true)),
      ("mouse", .bool(true)),
      (
        "keys",
        .object(
          KeyMap.bindings.map { binding in
            (
              binding.action.name,
              .array(binding.keys.map { .string(KeyScript.text($0)) })
            )
          })
      ),
    ])
  }
}
