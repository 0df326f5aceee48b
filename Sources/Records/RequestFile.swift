package import Basics
import Connectivity
import ImageFiles
package import Study

/// A request as a workspace file holds it: each option by its type, each file with its hash.
package enum RequestFile {
  package static func json(_ request: StudyRequest) throws(Problem) -> JSON {
    var members: [(String, JSON)] = []
    for field in RequestField.all {
      if let value = try field.json(request) { members.append((field.name, value)) }
    }
    return .object(members)
  }

  /// The request of a workspace; a file that has changed since is refused.
  ///
  /// - Parameters:
  ///   - workspace: the workspace's own name, for messages.
  ///   - fault: the problem with one member, by its path, and what is expected of it.
  package static func request(
    _ json: JSON, workspace: String, fault: (String, String) -> Problem
  ) throws(Problem) -> StudyRequest {
    if let options = json.items {
      return try WordedRequest.request(options, workspace: workspace, fault: fault)
    }
    guard let members = json.members else { throw fault("request", "the files") }
    var request = StudyRequest()
    for (name, value) in members {
      guard let field = RequestField.all.first(where: { $0.name == name }) else {
        throw fault("request.\(name)", "an option of `view`")
      }
      guard try field.read(value, into: &request, workspace: workspace) else {
        throw fault("request.\(name)", "what :workspace save writes")
      }
    }
    return request
  }
}

/// The request of a workspace of 0.1: options as they were typed, with those of their values that were the
/// name of a file at that time as files.
private enum WordedRequest {
  static func request(
    _ options: [JSON], workspace: String, fault: (String, String) -> Problem
  ) throws(Problem) -> StudyRequest {
    var request = StudyRequest()
    for option in options {
      guard let name = option["option"]?.asString, name.hasPrefix("--"),
        let values = option["values"]?.items
      else { throw fault("request", "options with their values") }
      let isOff = name.hasPrefix("--no-")
      let plain = String(name.dropFirst(isOff ? 5 : 2))
      guard let field = RequestField.all.first(where: { $0.name == plain }),
        try read(field, values, isOff: isOff, into: &request, workspace: workspace)
      else {
        throw fault(
          "request", "options of `view`, and \(visibleText(name, limit: 40)) with a value")
      }
    }
    return request
  }

  private static func read(
    _ field: RequestField, _ values: [JSON], isOff: Bool, into r: inout StudyRequest,
    workspace: String
  ) throws(Problem) -> Bool {
    switch field.kind {
    case .flag(let path):
      r[keyPath: path] = true
      return values.isEmpty && !isOff
    case .choice(let path):
      r[keyPath: path] = !isOff
      return values.isEmpty
    case .files(let path):
      for value in values {
        if let word = value.asString {
          r[keyPath: path].append(word)
        } else {
          guard let file = FileRecord(value) else { return false }
          r[keyPath: path].append(try file.verified(workspace: workspace))
        }
      }
      return !isOff && !values.isEmpty
    default: break
    }
    guard !isOff, values.count == 1 else { return false }
    let file = FileRecord(values[0])
    guard let word = values[0].asString ?? file.map({ fileName($0.path) }) else { return false }
    // What happened to be a file's name was meant as a file only where the option takes one.
    func text(_ isFile: Bool) throws(Problem) -> String {
      guard isFile, let file else { return word }
      return try file.verified(workspace: workspace)
    }
    switch field.kind {
    case .file(let path): r[keyPath: path] = try text(true)
    case .word(let path, let isFile): r[keyPath: path] = try text(isFile(word))
    case .seed(let path): r[keyPath: path] = try text(!seedFiles(word).isEmpty)
    case .text(let path): r[keyPath: path] = word
    case .number(let path):
      r[keyPath: path] = Double(word)
      return r[keyPath: path] != nil
    case .count(let path):
      r[keyPath: path] = Int(word)
      return r[keyPath: path] != nil
    case .width(let path): return set(path, Double(word), &r)
    case .whole(let path): return set(path, Int(word), &r)
    case .preset(let path): return set(path, NuisancePreset(rawValue: word), &r)
    case .censoring(let path): return set(path, CensoringMethod(rawValue: word), &r)
    case .band(let path):
      r[keyPath: path] = BandChoice(typed: word)
      return r[keyPath: path] != nil
    case .flag, .choice, .files, .findings: return false
    }
    return true
  }

  private static func set<T>(
    _ path: WritableKeyPath<StudyRequest, T>, _ value: T?, _ r: inout StudyRequest
  ) -> Bool {
    guard let value else { return false }
    r[keyPath: path] = value
    return true
  }
}
