package import Basics
import Foundation
import ImageFiles
import Imaging
import Records
package import Targeting
package import Viewer

/// Everything that was looked at, as a file: the request with the hash of each file of it, the state of
/// every view, bookmarks and marked targets.
package struct Session {
  package var arguments: [String]
  package var view: ViewState
  package var seed: String?
  package var commands: [String]
  package var targetsOpen: Bool
  package var bookmarks: [Bookmark]
  package var targets: [TargetRecord]

  /// Options that say how it is looked at, or where a picture goes: the state holds the one, the other is
  /// no part of a session. Those with a value first.
  private static let leftOut: (valued: Set<String>, flags: Set<String>) = (
    Set(ViewField.all.compactMap(\.optionName)).union([
      "--session", "--palette", "--colour-depth", "--colours", "--size", "--keys", "--format",
      "--output", "-o",
      "--config", "--at", "--data",
    ]), ["--no-probe", "--force", "--speak", "--no-mouse"]
  )

  // MARK: - Writing

  /// - Parameter state: what the model says of itself.
  package static func write(_ state: JSON, arguments: [String], to path: String) throws(Problem) {
    var request: [JSON] = []
    for (option, values) in options(in: arguments) {
      var texts: [JSON] = []
      for value in values { texts.append(try entry(value)) }
      request.append(.object([("option", .string(option)), ("values", .array(texts))]))
    }
    let document = JSON.object(
      [
        ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
        ("kind", .string("session")), ("note", .string(researchUse)), ("request", .array(request)),
      ] + (state.members ?? []))
    try checkFolder(of: path)
    try AtomicFile.write(path, Array((document.text + "\n").utf8), overwrite: false)
  }

  /// Options with their values, without those that are no part of a session.
  package static func options(in arguments: [String]) -> [(String, [String])] {
    var out: [(String, [String])] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") || word == "-o" else { continue }
      var name = word
      var values: [String] = []
      if let equals = word.firstIndex(of: "=") {
        name = String(word[..<equals])
        values = [String(word[word.index(after: equals)...])]
      } else {
        while let next = rest.first, !next.hasPrefix("--"), next != "-o" {
          values.append(next)
          rest.removeFirst()
        }
      }
      if leftOut.valued.contains(name) || leftOut.flags.contains(name) { continue }
      out.append((name, values))
    }
    return out
  }

  /// A value as it is, or a file with its absolute path and hash.
  private static func entry(_ value: String) throws(Problem) -> JSON {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: value, isDirectory: &isFolder) else {
      return .string(value)
    }
    let path = URL(filePath: value).standardizedFileURL.path
    return .object([
      ("path", .string(path)), ("sha256", .string(try fingerprint(of: path))),
      ("companion_sha256", .optional(try companion(of: path))),
    ])
  }

  /// The hash of a file, or of the names and hashes of all files in a folder.
  private static func fingerprint(of path: String) throws(Problem) -> String {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isFolder.boolValue else { return try sha256(ofFile: path) }
    var lines: [String] = []
    for name in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
      let file = path + "/" + name
      _ = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
      if !isFolder.boolValue { lines.append(name + "\t" + (try sha256(ofFile: file))) }
    }
    return sha256(of: Array(lines.joined(separator: "\n").utf8))
  }

  /// The hash of what is read along with an image: the sidecar, or the voxels of a header.
  private static func companion(of path: String) throws(Problem) -> String? {
    let other: String
    if path.hasSuffix(".nii") || path.hasSuffix(".nii.gz") {
      other = sidecarPath(path)
    } else if path.hasSuffix(".hdr") {
      other = path.dropLast(4) + ".img"
    } else {
      return nil
    }
    return FileManager.default.fileExists(atPath: other) ? try sha256(ofFile: other) : nil
  }

  // MARK: - Reading

  /// Opens a session; a file that has changed since is refused, not shown as if it were the same.
  package init(_ path: String) throws(Problem) {
    let file = fileName(path)
    let (json, lines) = try parsedFile(path)
    func fault(_ member: String, _ expected: String) -> Problem {
      Problem(
        .data, file,
        lines[member].map { "line \($0): \(member) cannot be meant" } ?? "\(member) is missing",
        expected: expected)
    }
    guard json["kind"]?.asString == "session" else {
      throw Problem(
        .data, file, "it is no session", expected: "a file that :session save has written")
    }
    var words: [String] = []
    guard let request = json["request"]?.items else { throw fault("request", "the files") }
    for item in request {
      guard let option = item["option"]?.asString, option.hasPrefix("--"),
        let values = item["values"]?.items
      else { throw fault("request", "options with their values") }
      words.append(option)
      for value in values {
        if let text = value.asString {
          words.append(text)
          continue
        }
        guard let path = value["path"]?.asString, let hash = value["sha256"]?.asString else {
          throw fault("request", "files with path and sha256")
        }
        guard FileManager.default.fileExists(atPath: path) else {
          throw Problem(
            .missingInput, fileName(path), "it is not where session \(file) has it",
            expected: "the files as they were when it was saved")
        }
        guard try Self.fingerprint(of: path) == hash,
          try Self.companion(of: path) == value["companion_sha256"]?.asString
        else {
          throw Problem(
            .data, fileName(path),
            "it, or what is read along with it, has changed since session \(file) was saved",
            expected: "the file with SHA-256 \(hash.prefix(12))…",
            remedy: "Open the files by hand, or put the file back")
        }
        words.append(path)
      }
    }
    arguments = words
    view = ViewState()
    guard let fields = json["view"]?.members else { throw fault("view", "the state of the views") }
    for (name, value) in fields {
      guard let field = ViewField.named(name) else {
        throw fault("view.\(name)", "one of " + ViewField.all.map(\.name).joined(separator: ", "))
      }
      guard field.read(&view, value) else { throw fault("view.\(name)", field.expected) }
    }
    seed = json["seed"]?.asString
    if json["seed"] != nil, seed == nil { throw fault("seed", "a seed as it is typed") }
    guard let lines = json["commands"]?.items else { throw fault("commands", "a list of lines") }
    commands = []
    for (n, line) in lines.enumerated() {
      // Nothing that reads, writes or leaves is done because a file says so.
      guard let text = line.asString,
        CommandRegistry.settings.contains(String(text.prefix { $0 != " " })), !text.contains("\n")
      else {
        throw fault(
          "commands.\(n)", "cleaning, a reference or a target search, as :session save writes them")
      }
      commands.append(text)
    }
    guard case .bool(let isOpen)? = json["targets_open"] else {
      throw fault("targets_open", "true or false")
    }
    targetsOpen = isOpen
    bookmarks = []
    guard let marks = json["bookmarks"]?.items else { throw fault("bookmarks", "a list") }
    for (n, mark) in marks.enumerated() {
      guard let known = Bookmark(json: mark) else {
        throw fault("bookmarks.\(n)", "a name and three millimetres")
      }
      bookmarks.append(known)
    }
    guard let records = json["targets"], let all = records.items else {
      throw fault("targets", "a list")
    }
    targets =
      !all.isEmpty
      ? try TargetRecord.load(
        JSON.object([
          ("GeneratedBy", .string("boldspect")), ("kind", .string("marks")), ("targets", records),
        ]).text, file: file) : []
  }
}
