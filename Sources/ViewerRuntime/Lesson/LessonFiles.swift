package import Basics
import Foundation
import ImageFiles
import Records
package import Study

/// Whose files a lesson is given on, where a folder, one of its people or one file was named.
package enum LessonFiles {
  /// Options of the viewer for people that `sample` has made; nil for any other folder or file.
  ///
  /// Of such a study the first person is taken, with both sessions, unless another or one session is named.
  package static func sampleArguments(_ typed: String) throws(Problem) -> [String]? {
    let place = try StudyPlace(typed)
    guard place.file == nil else { return nil }
    func isThere(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: place.root + "/" + name)
    }
    // Of real people there are no such normals beside such a truth.
    guard isThere(SampleFiles.norms) else { return nil }
    if place.subject == nil, isThere(SampleFiles.truth), isThere(SampleFiles.bold) {
      return SampleFiles.viewerArguments(place.root)
    }
    for person in 1...2 where place.subject == nil || place.subject == "sub-\(person)" {
      let sessions = (1...2).filter { session in
        let names = SampleFiles.names(person: person, session: session)
        return (place.session == nil || place.session == "ses-\(session)")
          && isThere(names.bold) && isThere(names.truth)
      }
      if !sessions.isEmpty {
        return SampleFiles.viewerArguments(place.root, person: person, sessions: sessions)
      }
    }
    return nil
  }

  /// The run of one person with what lies beside it, and the first run of the next visit as the second session.
  ///
  /// - Parameter said: what holds for whoever is in the folder.
  /// - Throws: where there are several people, or no run.
  package static func request(
    _ typed: String, said: StudyRequest, library: StudyLibrary
  ) throws(Problem) -> StudyRequest {
    let place = try StudyPlace(typed)
    if let file = place.file { try requireImage(file) }
    let listing = try library.listing(of: place, wantsAll: true)
    func isAsked(_ visit: StudyVisit) -> Bool {
      guard place.session == nil || visit.session == place.session else { return false }
      return place.file.map { file in visit.bold.contains { $0.path == file } } ?? true
    }
    let people = listing.people.filter { person in
      (place.subject == nil || person.subject == place.subject)
        && person.visits.contains { isAsked($0) && hasRun($0) }
    }
    guard let person = people.first,
      let visit = person.visits.first(where: { isAsked($0) && hasRun($0) })
    else {
      // A name that says nothing is no reason to give the lesson on somebody else.
      if let file = place.file { return try said.opening([file]) }
      throw Problem(
        .missingInput, fileName(place.root), "no BOLD run was found in it",
        expected: "a folder of one person, a 4-D run, or --bold FILE")
    }
    guard people.count == 1 else {
      let names = people.prefix(3).map { visibleText($0.subject, limit: 20) }
      throw Problem(
        .usage, fileName(place.root),
        "it has runs of \(people.count) people, and a lesson is of one",
        expected: names.joined(separator: ", ") + (people.count > 3 ? " or another of them" : ""),
        remedy: "Name the person's own folder, or give --bold FILE")
    }
    let run = place.file.flatMap { file in visit.bold.first { $0.path == file } }
    var out = said.holding(forVisit: OpenedVisit(visit, run: run).request)
    guard place.session == nil, place.file == nil,
      let next = person.visits.drop(while: { $0 != visit }).dropFirst().first(where: hasRun)
    else { return out }
    let second = OpenedVisit(next).request
    out.second = second.bold.first
    out.secondConfounds = out.run.confounds.isEmpty ? nil : second.run.confounds.first
    return out
  }

  private static func hasRun(_ visit: StudyVisit) -> Bool { visit.bold.contains { !$0.isAbsent } }

  /// Refuses a file that is no series before a folder is searched for it.
  private static func requireImage(_ path: String) throws(Problem) {
    let header = try ImageReader.describe(path)
    guard header.isSeries else {
      throw Problem(
        .usage, header.name, "it is one volume, and a lesson needs a run",
        expected: "a 4-D BOLD run",
        remedy: "Give it beside a run: --bold FILE --spect FILE or --anat FILE")
    }
  }
}
