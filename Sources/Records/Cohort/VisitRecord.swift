package import Basics
import Foundation

/// What a visit's results were made of, and which files they are: by this a later run knows whether the work is done.
package struct VisitRecord: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    package var role: String
    /// Of an input from the study's folder, or whole where it lies elsewhere; of an output from the output folder.
    package var path: String
    package var sha256: String

    package init(role: String, path: String, sha256: String) {
      self.role = role
      self.path = path
      self.sha256 = sha256
    }
  }

  package var version: String
  package var options: JSON
  package var inputs: [File]
  package var outputs: [File]
  /// What was left out, in words.
  package var reason: String
  /// How the runs were cleaned; empty without runs.
  package var cleaning: [(String, JSON)]

  package init(
    version: String, options: JSON, inputs: [File], outputs: [File], reason: String,
    cleaning: [(String, JSON)]
  ) {
    self.version = version
    self.options = options
    self.inputs = inputs
    self.outputs = outputs
    self.reason = reason
    self.cleaning = cleaning
  }

  package var json: JSON {
    func list(_ files: [File]) -> JSON {
      .array(
        files.map {
          .object([
            ("role", .string($0.role)), ("path", .string($0.path)), ("sha256", .string($0.sha256)),
          ])
        })
    }
    return .object([
      ("GeneratedBy", .string("boldspect")), ("version", .string(version)),
      ("kind", .string("cohort visit")), ("reason", .string(reason)), ("options", options),
      ("inputs", list(inputs)), ("outputs", list(outputs)), ("cleaning", .object(cleaning)),
      ("notice", .string(researchUse)),
    ])
  }

  /// Nil where the text is none, or was cut.
  package init?(_ text: String) {
    guard let json = try? JSON.parse(text).value, json["kind"]?.asString == "cohort visit",
      let version = json["version"]?.asString, let options = json["options"],
      let inputs = Self.files(json["inputs"]), let outputs = Self.files(json["outputs"]),
      case .object(let cleaning) = json["cleaning"]
    else { return nil }
    self.init(
      version: version, options: options, inputs: inputs, outputs: outputs,
      reason: json["reason"]?.asString ?? "", cleaning: cleaning)
  }

  private static func files(_ json: JSON?) -> [File]? {
    guard case .array(let items) = json else { return nil }
    var out: [File] = []
    for item in items {
      guard let role = item["role"]?.asString, let path = item["path"]?.asString,
        let hash = item["sha256"]?.asString
      else { return nil }
      out.append(File(role: role, path: path, sha256: hash))
    }
    return out
  }

  package static func == (a: VisitRecord, b: VisitRecord) -> Bool { a.json == b.json }
}
