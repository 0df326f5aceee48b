import Basics
import Connectivity
import ImageFiles

/// One visit of a person as it is opened: the run that is shown and what goes with it.
package struct OpenedVisit: Sendable {
  package var request: StudyRequest
  /// What was taken without being asked for, in words.
  package var notes: [String]

  /// - Parameters:
  ///   - run: the one that is shown; nil takes the most useful.
  ///   - changed: companions that a person chose, by kind; nil for none of the kind.
  package init(
    _ visit: StudyVisit, run: BOLDFile? = nil, changed: [Companion.Kind: String?] = [:]
  ) {
    request = StudyRequest()
    notes = []
    let shown = run.flatMap { $0.isAbsent ? nil : $0 } ?? visit.bold.first { !$0.isAbsent }
    func path(_ kind: Companion.Kind) -> String? {
      if let own = changed[kind] { return own }
      guard let found = shown?.companion(kind), !found.isAbsent else { return nil }
      return found.path
    }
    if let shown {
      request.bold = [shown.path]
      request.run.mask = path(.mask)
      if let table = path(.confounds) { take(confounds: table) }
      request.gm = path(.gm)
      request.white = path(.wm)
    }
    if shown == nil { openUnknown(visit) }
    request.anat =
      request.anat ?? path(.anat)
      ?? (shown == nil ? visit.anatomies.first { !$0.isAbsent }?.path : nil)
    request.spect = visit.spect.filter { !$0.isAbsent }.map(\.path)
    // The first picture is one that says something: the default mode network's map.
    if let run = request.bold.first, isMNI(run) ?? shown?.isMNI ?? false { request.seed = "PCC" }
  }

  /// Where no name says what an image is, its header does: a series is a run, one volume an anatomy.
  private mutating func openUnknown(_ visit: StudyVisit) {
    for path in visit.unknown {
      guard let header = try? ImageReader.describe(path) else { continue }
      if header.isSeries {
        if request.bold.isEmpty { request.bold = [path] }
      } else if request.anat == nil, visit.anatomies.isEmpty {
        request.anat = path
      }
    }
    if !visit.unknown.isEmpty {
      notes.append(
        "names do not say what the images are: a series is taken for BOLD, one volume for anatomy")
    }
  }

  private func isMNI(_ path: String) -> Bool? {
    (try? ImageReader.describe(path)).map { RunFacts.isMNI(path, formCode: $0.formCode) }
  }

  /// White matter, CSF and motion go, the global signal stays: the set that the table has columns for.
  private mutating func take(confounds path: String) {
    guard let head = try? firstLine(of: path), head.contains("\t") else {
      notes.append("\(fileName(path)) is no table of confounds: none are removed")
      return
    }
    let names = Set(head.split(separator: "\t").map { $0.trimmedOfBlanks })
    let motion = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    guard motion.allSatisfy(names.contains) else {
      notes.append("\(fileName(path)) has no motion parameters: no confounds are removed")
      return
    }
    request.run.confounds = [path]
    let isWhole = names.contains("white_matter") && names.contains("csf")
    request.run.preset = isWhole ? .tissues : .twentyFour
  }
}

/// The first line of a text file.
private func firstLine(of path: String) throws(Problem) -> Substring {
  let text = try readTextFile(path)
  return text.prefix { !$0.isNewline }
}

extension Substring {
  fileprivate var trimmedOfBlanks: String {
    String(drop { $0 == " " || $0 == "\"" }.prefix { $0 != " " && $0 != "\"" && $0 != "\r" })
  }
}
