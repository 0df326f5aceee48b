package import Basics

/// One visit of a person: a line of the list.
package struct BrowserVisit: Equatable, Sendable {
  package var subject: String
  package var session: String?
  /// The most useful first.
  package var runs: [BrowserRun]
  package var spects: [BrowserFile]
  package var anatomies: [BrowserFile]
  /// Sets of targets that lie beside.
  package var targets: Int
  /// What is there and is not opened, in words.
  package var others: [String]
  package var problems: [String]
  /// Of the SPECT, where there is no run.
  package var known = BrowserKnown()

  package init(
    subject: String, session: String?, runs: [BrowserRun], spects: [BrowserFile],
    anatomies: [BrowserFile], targets: Int = 0, others: [String] = [], problems: [String] = []
  ) {
    self.subject = subject
    self.session = session
    self.runs = runs
    self.spects = spects
    self.anatomies = anatomies
    self.targets = targets
    self.others = others
    self.problems = problems
  }

  /// What is known of the visit: of its first run, else of its SPECT; the worst rating of all its runs.
  package var summary: BrowserKnown {
    guard var out = runs.first?.known else { return known }
    let worst = ["bad", "doubtful", "good"].lazy.compactMap { word in
      runs.first { $0.known.rating == word }?.known
    }.first
    if let worst {
      (out.rating, out.reason, out.isUnproven) = (worst.rating, worst.reason, worst.isUnproven)
      out.isSaidOfAnother = worst.isSaidOfAnother
    }
    out.accepted = runs.reduce(0) { max($0, $1.known.accepted) }
    out.isOtherVersion = runs.contains(where: \.known.isOtherVersion)
    out.hidesRating = runs.contains(where: \.known.hidesRating)
    func each(_ words: KeyPath<BrowserKnown, [String]>) -> [String] {
      runs.flatMap { $0.known[keyPath: words] }.reduce(into: []) { all, one in
        if !all.contains(one) { all.append(one) }
      }
    }
    (out.changed, out.twins, out.damaged) = (each(\.changed), each(\.twins), each(\.damaged))
    return out
  }

  /// Whether there is more than one series, each in as many spaces as may be.
  var hasSeveralSeries: Bool { Set(runs.map { [$0.task ?? "", $0.run ?? ""] }).count > 1 }

  /// The kind of an image whose name says nothing of it.
  package static let unknownKind = "image"
  var unknown: [BrowserFile] { anatomies.filter { $0.kind == Self.unknownKind } }
  /// Named, so that nobody takes what is there for what is missing.
  var unknownWords: String {
    "\(unknown.count) image\(unknown.count == 1 ? "" : "s") of unknown kind: "
      + unknown.map { shortenedName(visibleText($0.name), 44) }.joined(separator: ", ")
  }

  package var title: String { subject + (session.map { " " + $0 } ?? "") }

  /// The first run in each space, and how often each series was taken.
  var runWords: String {
    guard let first = runs.first else { return "–" }
    let series = Set(runs.map { [$0.task ?? "", $0.run ?? ""] }).count
    let spaces = Set(runs.map(\.space)).count
    return (series > 1 ? "\(series)× " : "") + first.spaceWord
      + (spaces > 1 ? " +\(spaces - 1)" : "")
  }

  /// Roles of its SPECT, shortened to what tells them apart.
  var spectWords: String {
    let short = ["interictal": "inter", "baseline": "base"]
    let words = spects.filter { !$0.isStrangers }.map { one in
      one.role.map { spects.count > 1 ? short[$0] ?? $0 : $0 } ?? "SPECT"
    }
    if words.count > 3 { return "\(words.count) SPECT" }
    return words.isEmpty ? "–" : words.joined(separator: "+")
  }
}

/// A BOLD run in one space.
package struct BrowserRun: Equatable, Sendable {
  /// Its row in the list of the folder: what opens it.
  package var row: Int
  package var name: String
  package var task: String?
  package var run: String?
  /// As its name states it; nil for the scanner's own.
  package var space: String?
  package var isAbsent: Bool
  package var isCleaned: Bool
  /// Whether its name says another person than its folder: it is opened only when it is chosen.
  package var isStrangers = false
  /// What was found beside it: what it is, its name, and why it was taken.
  package var companions: [BrowserFile]
  package var problems: [String]
  package var known = BrowserKnown()

  package init(
    row: Int, name: String, task: String?, run: String?, space: String?, isAbsent: Bool,
    isCleaned: Bool, companions: [BrowserFile], problems: [String]
  ) {
    self.row = row
    self.name = name
    self.task = task
    self.run = run
    self.space = space
    self.isAbsent = isAbsent
    self.isCleaned = isCleaned
    self.companions = companions
    self.problems = problems
  }

  var spaceWord: String {
    guard let space else { return known.isMNI ? "MNI152" : "native" }
    return space.hasPrefix("MNI152") ? "MNI152" : space
  }

  var seriesWords: String {
    [task ?? "BOLD", run.map { "run \($0)" }].compactMap { $0 }.joined(separator: " ")
  }
}

/// A file of a visit, with what it is and why it is taken for it.
package struct BrowserFile: Equatable, Sendable {
  package var kind: String
  package var name: String
  package var role: String?
  package var reason: String
  package var isAbsent: Bool
  /// Whether its name says another person than its folder: it is opened only when it is chosen.
  package var isStrangers = false

  package init(kind: String, name: String, role: String? = nil, reason: String, isAbsent: Bool) {
    self.kind = kind
    self.name = name
    self.role = role
    self.reason = reason
    self.isAbsent = isAbsent
  }
}

/// Companions that a person may choose another file for.
package enum ChangeableCompanion: String, CaseIterable, Sendable {
  case mask, confounds, anat, spect, gm, wm
}

/// What is known of a run without opening it.
package struct BrowserKnown: Equatable, Sendable {
  package var minutes: Double?
  package var minutesKept: Double?
  package var meanDisplacementMillimetres: Double?
  /// MNI where both say that they lie there, yes where a person accepted it, no; nil without SPECT.
  package var registration: String?
  package var isRegistered: Bool? { registration.map { $0 != "no" } }
  /// Whether header and name say MNI space.
  package var isMNI = false
  /// SYNTHETIC PERSON or SIMULATED, where the header says so.
  package var unmeasured: String?
  package var accepted = 0
  package var rating: String?
  package var reason: String?
  package var notes: [String] = []
  /// Whether header and confounds were looked at.
  package var isRead = false
  /// Whether records were found by the file's size and time alone: opening it proves them.
  package var isUnproven = false
  /// Whether records are of another version of the file.
  package var isOtherVersion = false
  /// Whether rating and notes were said of the same bytes under another person's name.
  package var isSaidOfAnother = false
  /// Roles of the visit's scans, where their sidecars were read.
  package var roles: [String?] = []
  /// Images of the visit that are others than those that were opened or rated.
  package var changed: [String] = []
  /// Which of its images lie under another person's name too, in sentences.
  package var twins: [String] = []
  /// The rating as a list shows it: in brackets what was said of a copy under another person's name.
  var ratingWord: String? {
    rating.map {
      (isSaidOfAnother ? "(\($0))" : $0 + (isUnproven ? "?" : "")) + (isOtherVersion ? "≠" : "")
    }
  }
  /// Whether ratings are kept of it that cannot be read.
  package var hidesRating = false
  /// What is kept of its images and cannot be read, in sentences.
  package var damaged: [String] = []

  package init() {}
}

/// A folder of people as it is listed.
package struct BrowserListing: Equatable, Sendable {
  package var root: String
  /// Which reading of a folder it is: rows are of this one alone.
  package var number = 0
  package var visits: [BrowserVisit]
  package var people: Int
  /// Whether DICOM lies among the files.
  package var hasDICOM = false
  package var findings: [Finding]
  /// What was asked for by the name of a file.
  package var asked: BrowserPlace?
  package var askedFile: String?
  /// The line that the list begins on.
  package var lookAt: Int?

  package init(
    root: String, visits: [BrowserVisit], people: Int, findings: [Finding] = [],
    asked: BrowserPlace? = nil
  ) {
    self.asked = asked
    self.root = root
    self.visits = visits
    self.people = people
    self.findings = findings
  }
}

/// A run, or a visit without one, that is to be opened.
package struct BrowserChoice: Equatable, Sendable {
  /// The list that it is of, and its row there.
  package var listing = 0
  package var row: Int
  /// Whether where one is, seed and view go with.
  package var carries: Bool
  /// Companions that a person chose instead of those that were found, by kind; an empty path for none.
  package var changed: [String: String] = [:]

  package init(
    listing: Int = 0, row: Int, carries: Bool, changed: [String: String] = [:]
  ) {
    self.listing = listing
    self.row = row
    self.carries = carries
    self.changed = changed
  }
}
