package import Basics
import ImageFiles
import Imaging
import Records
package import Study
package import Targeting
package import Viewer

/// Everything that was looked at, as a file: the request with the hash of each file of it, the state of
/// every view, bookmarks and marked targets.
package struct Workspace {
  package var request: StudyRequest
  package var view: ViewState
  package var seed: String?
  package var commands: [String]
  package var targetsOpen: Bool
  package var bookmarks: [Bookmark]
  package var targets: [TargetRecord]

  /// The newest format that is understood; files of 0.1 state none.
  private static let format = 1

  // MARK: - Writing

  /// - Parameter state: what the model says of itself.
  package static func write(_ state: JSON, request: StudyRequest, to path: String) throws(Problem) {
    let document = JSON.object(
      [
        ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
        ("kind", .string("workspace")), ("format", .int(format)), ("note", .string(researchUse)),
        ("request", try RequestFile.json(request)),
      ] + (state.members ?? []))
    try checkFolder(of: path)
    try AtomicFile.write(path, Array((document.text + "\n").utf8), overwrite: false)
  }

  // MARK: - Reading

  /// Opens a workspace; a file that has changed since is refused, not shown as if it were the same.
  package init(_ path: String) throws(Problem) {
    let file = fileName(path)
    let (json, lines) = try parsedFile(path)
    func fault(_ member: String, _ expected: String) -> Problem {
      Problem(
        .data, file,
        lines[member].map { "line \($0): \(member) cannot be meant" } ?? "\(member) is missing",
        expected: expected)
    }
    // Up to 0.1 the file was called a session.
    guard ["workspace", "session"].contains(json["kind"]?.asString) else {
      throw Problem(
        .data, file, "it is no workspace", expected: "a file that :workspace save has written")
    }
    try requireKnownVersion(json, file: file, format: Self.format)
    guard let asked = json["request"] else { throw fault("request", "the files") }
    request = try RequestFile.request(asked, workspace: file, fault: fault)
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
          "commands.\(n)",
          "cleaning, a reference or a target search, as :workspace save writes them")
      }
      commands.append(text)
    }
    guard case .bool(let isOpen)? = json["targets_open"] else {
      throw fault("targets_open", "true or false")
    }
    targetsOpen = isOpen
    bookmarks = try Self.bookmarks(json, fault)
    targets = try Self.targets(json, file: file, fault)
  }

  private static func bookmarks(
    _ json: JSON, _ fault: (String, String) -> Problem
  ) throws(Problem) -> [Bookmark] {
    guard let marks = json["bookmarks"]?.items else { throw fault("bookmarks", "a list") }
    var out: [Bookmark] = []
    for (n, mark) in marks.enumerated() {
      guard let known = Bookmark(json: mark) else {
        throw fault("bookmarks.\(n)", "a name and three millimetres")
      }
      out.append(known)
    }
    return out
  }

  private static func targets(
    _ json: JSON, file: String, _ fault: (String, String) -> Problem
  ) throws(Problem) -> [TargetRecord] {
    guard let records = json["targets"], let all = records.items else {
      throw fault("targets", "a list")
    }
    guard !all.isEmpty else { return [] }
    return try TargetRecord.load(
      JSON.object([
        ("GeneratedBy", .string("boldspect")), ("kind", .string("marks")), ("targets", records),
      ]).text, file: file)
  }
}
