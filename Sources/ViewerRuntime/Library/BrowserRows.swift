import Basics
import ImageFiles
import Records
import Reports
import Study
import Viewer

extension BrowserListing {
  /// A listing as the viewer shows it.
  ///
  /// - Parameter rows: all rows of the listing, in its order.
  init(_ listing: StudyListing, _ rows: [StudyRow], asked file: String?) {
    var visits: [BrowserVisit] = []
    var at: [[Int]] = []
    for (n, row) in rows.enumerated() {
      if n == 0 || rows[n - 1].person != row.person || rows[n - 1].visit != row.visit {
        at.append([])
      }
      at[at.count - 1].append(n)
    }
    var asked: BrowserPlace?
    for (v, numbers) in at.enumerated() {
      guard let first = numbers.first else { continue }
      let row = rows[first]
      let visit = listing.people[row.person].visits[row.visit]
      let runs = numbers.compactMap { n in rows[n].bold.map { BrowserRun(n, $0) } }
      visits.append(
        BrowserVisit(
          subject: row.subject + (row.family.map { " in \($0)" } ?? ""), session: row.session,
          runs: runs, spects: visit.spect.map(BrowserFile.init),
          anatomies: visit.anatomies.map(BrowserFile.init)
            + visit.unknown.map {
              BrowserFile(
                kind: BrowserVisit.unknownKind, name: fileName($0),
                reason: "its name does not say what it is",
                isAbsent: false)
            }, targets: row.targets,
          others: visit.others.sorted { $0.key < $1.key }.map {
            "\($0.value) \($0.key)\($0.value == 1 ? "" : "s")"
          },
          problems: visit.problems))
      guard let file else { continue }
      let run = numbers.firstIndex { rows[$0].bold?.path == file }
      let isOfVisit =
        visit.spect.contains { $0.path == file } || visit.anatomies.contains { $0.path == file }
      if run != nil || isOfVisit { asked = BrowserPlace(visit: v, run: run) }
    }
    defer { askedFile = asked == nil ? nil : file }
    self.init(
      root: listing.root, visits: visits, people: listing.people.count, findings: listing.findings,
      asked: asked)
  }
}

extension BrowserRun {
  fileprivate init(_ row: Int, _ b: BOLDFile) {
    self.init(
      row: row, name: fileName(b.path), task: b.task ?? (b.layout == .plain ? b.name.stem : nil),
      run: b.run, space: b.space,
      isAbsent: b.isAbsent, isCleaned: b.isCleaned,
      companions: b.companions.map(BrowserFile.init), problems: b.problems)
    isStrangers = b.isStrangers
  }
}

extension BrowserFile {
  fileprivate init(_ c: Companion) {
    self.init(
      kind: c.kind.rawValue, name: fileName(c.path), reason: c.reason, isAbsent: c.isAbsent)
    isStrangers = c.isStrangers
  }

  fileprivate init(_ s: SPECTFile) {
    self.init(
      kind: "spect", name: fileName(s.path), role: s.role,
      reason: [s.tracer, s.reason].compactMap { $0 }.joined(separator: "; "),
      isAbsent: s.isAbsent)
    isStrangers = s.isStrangers
  }
}

extension BrowserKnown {
  init(_ known: KnownOfRow) {
    self.init()
    minutes = known.minutes
    minutesKept = known.minutesKept
    meanDisplacementMillimetres = known.meanDisplacementMillimetres
    registration = known.registration.map {
      switch $0 {
      case .accepted: "yes"
      case .partly: "part"
      case .sameTemplate: "MNI"
      case .missing: "no"
      }
    }
    isMNI = known.isMNI
    unmeasured = known.unmeasured
    accepted = known.accepted
    rating = known.rating?.rawValue
    reason = known.reason.flatMap { $0.isEmpty ? nil : $0 }
    notes = known.notes
    isRead = known.isRead
    isUnproven = known.isUnproven
    isOtherVersion = known.isOtherVersion
    isSaidOfAnother = known.isSaidOfAnother
    (changed, twins) = (known.changed, known.twins)
    damaged = known.damaged.map(\.sentence)
    hidesRating = known.hidesRating
  }
}
