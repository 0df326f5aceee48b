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
  ///   - asked: a file that was asked for by its own name: it is opened though it is named as another person's.
  package init(
    _ visit: StudyVisit, run: BOLDFile? = nil, changed: [Companion.Kind: String?] = [:],
    asked: String? = nil
  ) {
    request = StudyRequest()
    notes = []
    let shown =
      run.flatMap { $0.isAbsent ? nil : $0 } ?? visit.bold.first { !$0.isAbsent && !$0.isStrangers }
    func isTaken(_ path: String, _ isAbsent: Bool, _ isStrangers: Bool) -> Bool {
      !isAbsent && (!isStrangers || path == asked)
    }
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
    let own = visit.anatomies.first { isTaken($0.path, $0.isAbsent, $0.isStrangers) }
    let named = visit.anatomies.first { $0.path == asked && !$0.isAbsent }
    request.anat = named?.path ?? path(.anat) ?? (shown == nil ? own?.path : nil)
    request.spect = inOrderOfRoles(
      visit.spect.filter { isTaken($0.path, $0.isAbsent, $0.isStrangers) })
    openUnknown(visit, isAlone: shown == nil)
    if let asked, isStrangers(asked, in: visit) { openAlone(asked) }
    tell(visit)
    // The first picture is one that says something: the default mode network's map.
    if let run = request.bold.first, isMNI(run) ?? shown?.isMNI ?? false { request.seed = "PCC" }
  }

  /// Of a pair whose sidecars say which is which the ictal one comes first, as names have it.
  private func inOrderOfRoles(_ spects: [SPECTFile]) -> [String] {
    let order = ["ictal", "interictal"]
    let ranked = spects.map { one in
      let role = one.settledRole(sidecar: RunFacts.perfusion(besides: one.path)?.role)
      return (path: one.path, rank: role.flatMap(order.firstIndex(of:)))
    }
    guard ranked.count == 2, ranked.allSatisfy({ $0.rank != nil }) else {
      return spects.map(\.path)
    }
    return ranked.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }.map(\.path)
  }

  /// Where no name says what an image is, its header says whether it is a series; what one volume shows nothing says.
  private mutating func openUnknown(_ visit: StudyVisit, isAlone: Bool) {
    var single: [String] = []
    var readable: String?
    for path in visit.unknown {
      let isSeries = (try? ImageReader.describe(path))?.isSeries
      if isSeries == false { readable = readable ?? path }
      if isSeries != true {
        single.append(path)
      } else if isAlone, request.bold.isEmpty {
        request.bold = [path]
        notes.append(
          "\(fileName(path)): its name does not say what it is, a series is taken for BOLD")
      }
    }
    guard !single.isEmpty else { return }
    let names = single.map { visibleText(fileName($0), limit: 60) }.joined(separator: ", ")
    let words =
      "\(single.count) image\(single.count == 1 ? "" : "s") of unknown kind: \(names)"
    // Alone it is seen as what it is: values over nothing.
    let isShown = request.imagePaths.isEmpty && readable != nil
    if isShown, let readable { request.overlay = [readable] }
    let how =
      isShown
      ? "shown as values alone, neither as SPECT nor as anatomy"
      : "not opened; if it is SPECT or anatomy, say so with --spect or --anat, or type :with"
    notes.append("\(words); \(how)")
    request.told.append(Finding("unknown-kind", .note, "\(words); \(how)."))
  }

  private func isStrangers(_ path: String, in visit: StudyVisit) -> Bool {
    visit.bold.contains { $0.path == path && $0.isStrangers }
      || visit.spect.contains { $0.path == path && $0.isStrangers }
      || visit.anatomies.contains { $0.path == path && $0.isStrangers }
  }

  /// What is named as another person's is seen by itself: nothing of this one's is laid over it.
  private mutating func openAlone(_ path: String) {
    if request.bold != [path] { request.bold = [] }
    request.spect = request.spect.filter { $0 == path }
    if request.anat != path, request.bold.isEmpty { request.anat = nil }
    if request.bold.isEmpty { request.run = RunRequest() }
    (request.gm, request.white, request.overlay) = (nil, nil, [])
  }

  /// What is not sure of whose the files are stays with them.
  private mutating func tell(_ visit: StudyVisit) {
    if let doubt = visit.doubt {
      request.told.append(Finding(Finding.unsurePerson, .warning, "Its \(doubt)."))
    }
    if request.bold.isEmpty, let absent = visit.bold.first(where: \.isAbsent) {
      request.told.append(
        Finding(
          Finding.absentRun, .warning,
          "Its content is absent, a link that leads nowhere: nothing here is made of the visit's run.",
          file: fileName(absent.path)))
    }
    let images =
      visit.bold.map { ($0.path, $0.isStrangers) } + visit.spect.map { ($0.path, $0.isStrangers) }
      + visit.anatomies.map { ($0.path, $0.isStrangers) }
    for (path, isStrangers) in images where isStrangers {
      let name = fileName(path)
      guard request.imagePaths.contains(path) else {
        // That it lies there is said on every page of this visit: it may be the scan that is missed elsewhere.
        request.told.append(
          Finding(
            "not-opened", .warning,
            "Its name may be another person's: it was not opened with this visit.",
            file: name))
        continue
      }
      let words = visit.problems.first { $0.hasPrefix(name + ": ") }?.dropFirst(name.count + 2)
      request.told.append(
        Finding(
          Finding.namedAsAnother, .warning,
          "\(words ?? "its name may be somebody else's"), and it lies in another's folder.",
          file: name))
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
