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
      case "keys": keys = try ConfiguredKeys.read(value, fault)
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
