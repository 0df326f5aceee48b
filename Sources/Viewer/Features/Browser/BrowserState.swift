import Basics

/// What of a list is shown.
package enum BrowserFilter: String, Sendable, CaseIterable {
  case all, noSPECT, noBOLD, notRegistered, noTargets, notRated, doubtful, problems

  var words: String {
    switch self {
    case .all: "all"
    case .noBOLD: "without BOLD"
    case .noSPECT: "without SPECT"
    case .notRegistered: "SPECT not registered"
    case .noTargets: "no target accepted"
    case .notRated: "not rated"
    case .doubtful: "doubtful or bad"
    case .problems: "with problems"
    }
  }

  func shows(_ visit: BrowserVisit) -> Bool {
    let known = visit.summary
    switch self {
    case .all: return true
    case .noBOLD: return visit.runs.isEmpty
    case .noSPECT: return visit.spects.allSatisfy(\.isStrangers)
    case .notRegistered: return !visit.spects.isEmpty && known.isRegistered != true
    case .noTargets: return known.accepted == 0
    case .notRated: return known.rating == nil
    case .doubtful: return known.rating == "doubtful" || known.rating == "bad"
    case .problems:
      return !visit.problems.isEmpty || visit.runs.contains { !$0.problems.isEmpty }
    }
  }
}

/// What a list is sorted by.
package enum BrowserOrder: String, Sendable, CaseIterable {
  case name, minutes, motion, rating

  var words: String {
    switch self {
    case .name: "by name"
    case .minutes: "fewest kept minutes first"
    case .motion: "most motion first"
    case .rating: "worst rating first"
    }
  }
}

/// A visit in the list of a folder, and the run of it.
package struct BrowserPlace: Equatable, Sendable {
  package var visit: Int
  package var run: Int?

  package init(visit: Int, run: Int?) {
    self.visit = visit
    self.run = run
  }
}

/// The list of people, and who of them is on screen.
package struct BrowserState: Sendable {
  /// The folder that is open; nil before there is one.
  package internal(set) var listing: BrowserListing?
  /// Whether the list is on screen.
  package internal(set) var isOpen = false
  /// Whether the folder is being walked.
  var isWaiting = false
  /// The line that is looked at, among those that are shown.
  package internal(set) var line = 0
  /// The run of the visit that is looked at, when the arrows are among its runs; nil when they are in the list.
  package internal(set) var run: Int?
  package internal(set) var search = ""
  package internal(set) var filter = BrowserFilter.all
  var order = BrowserOrder.name
  /// The visits that are shown, by their places in the listing.
  package private(set) var shown: [Int] = []
  /// The visit and the run that are on screen.
  package internal(set) var opened: BrowserPlace?
  /// What was chosen instead of the companions that were found, for the run on screen alone.
  var changed: [String: String] = [:]

  /// The DICOM series of the folder.
  package internal(set) var series = SeriesState()

  package init() {}

  /// Whether the line is the one below the people, of the folder's DICOM.
  var isOnDICOM: Bool { listing?.hasDICOM == true && line == shown.count }

  /// The visit that the line is on.
  package var selected: BrowserVisit? { selectedVisit.flatMap { listing?.visits[$0] } }

  var selectedVisit: Int? {
    shown.indices.contains(line) ? shown[line] : nil
  }

  package var openedVisit: BrowserVisit? {
    opened.flatMap { place in
      listing.flatMap { $0.visits.indices.contains(place.visit) ? $0.visits[place.visit] : nil }
    }
  }

  /// Works out anew what is shown; the line stays on its visit where that is still there.
  mutating func refresh() {
    let kept = selectedVisit
    guard let visits = listing?.visits else {
      shown = []
      return
    }
    let words = search.lowercased().split(separator: " ")
    var found = visits.indices.filter { n in
      filter.shows(visits[n]) && words.allSatisfy { visits[n].isFound(by: $0) }
    }
    switch order {
    case .name: break
    case .minutes:
      found.sort { key(visits[$0].summary.minutesKept) < key(visits[$1].summary.minutesKept) }
    case .motion:
      found.sort {
        -(visits[$0].summary.meanDisplacementMillimetres ?? -1)
          < -(visits[$1].summary.meanDisplacementMillimetres ?? -1)
      }
    case .rating: found.sort { badness(visits[$0]) > badness(visits[$1]) }
    }
    shown = found
    let last = shown.count - (listing?.hasDICOM == true ? 0 : 1)
    line = kept.flatMap { shown.firstIndex(of: $0) } ?? max(0, min(last, line))
  }

  private func key(_ x: Double?) -> Double { x ?? .greatestFiniteMagnitude }

  private func badness(_ visit: BrowserVisit) -> Int {
    ["bad": 3, "doubtful": 2, "good": 0][visit.summary.rating ?? ""] ?? 1
  }

  /// A folder came: its first line, or the visit that was on screen.
  mutating func take(_ new: BrowserListing) {
    // Another folder's people are others, whatever they are called.
    let isSame = listing?.root == new.root
    let before = isSame ? selected : nil
    if !isSame { opened = nil }
    if !isSame { series = SeriesState() }
    series.isShown = false
    let shownNow = openedVisit
    let runNow = opened?.run.flatMap { n in
      shownNow.flatMap { $0.runs.indices.contains(n) ? $0.runs[n].name : nil }
    }
    listing = new
    // Who is on screen stays who it is, wherever the list has him now.
    opened = shownNow.flatMap { visit in
      new.visits.firstIndex { $0.subject == visit.subject && $0.session == visit.session }
        .flatMap { n in
          let run = new.visits[n].runs.firstIndex { $0.name == runNow }
          // Its file is gone: what is on screen is none of the list's.
          return runNow != nil && run == nil ? nil : BrowserPlace(visit: n, run: run)
        }
    }
    isWaiting = false
    run = nil
    refresh()
    if let wanted = new.lookAt, let n = shown.firstIndex(of: wanted) { line = n }
    if let before,
      let n = shown.firstIndex(where: {
        new.visits[$0].subject == before.subject && new.visits[$0].session == before.session
      })
    {
      line = n
    }
  }

  /// What was found out about rows.
  package mutating func learn(_ facts: [Int: BrowserKnown], ofVisits visits: [Int: BrowserKnown]) {
    guard var new = listing else { return }
    for n in new.visits.indices {
      for r in new.visits[n].runs.indices {
        if let known = facts[new.visits[n].runs[r].row] {
          new.visits[n].runs[r].known = known
          new.visits[n].take(roles: known.roles)
        }
      }
      if let known = visits[n] { new.visits[n].take(roles: known.roles) }
      if let known = visits[n] { new.visits[n].known = known }
    }
    listing = new
    if order != .name || filter != .all { refresh() }
  }
}

extension BrowserVisit {
  /// Roles of its scans once their sidecars were read.
  fileprivate mutating func take(roles: [String?]) {
    guard roles.count == spects.count else { return }
    for n in spects.indices { spects[n].role = roles[n] }
  }

  fileprivate func isFound(by word: Substring) -> Bool {
    subject.lowercased().contains(word) || session?.lowercased().contains(word) ?? false
      || spects.contains { $0.role?.contains(word) ?? false }
      || runs.contains { $0.task?.lowercased().contains(word) ?? false }
  }
}
