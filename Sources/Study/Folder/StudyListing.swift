package import Basics

/// A file that belongs to a run or a visit, and why it was taken.
package struct Companion: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case mask, confounds, boldref, anat, gm, wm, csf, transform
  }
  package var kind: Kind
  package var path: String
  package var reason: String
  /// Whether the name is there and the content is not.
  package var isAbsent = false
  /// Whether its name says another person than its folder.
  package var isStrangers = false
}

/// A file with BOLD series: one run in one space.
package struct BOLDFile: Sendable, Equatable {
  package var path: String
  package var name: EntityName
  /// The folder of the dataset that it lies in, from the root; empty for the root itself.
  package var dataset: String
  package var layout: FolderLayout
  package var isAbsent = false
  /// Whether its name says that confounds were removed already.
  package var isCleaned = false
  /// Whether its name says another person than its folder.
  package var isStrangers = false
  /// The space that its name states; nil for the scanner's.
  package var space: String?
  package var task: String?
  package var run: String?
  package var companions: [Companion] = []
  /// What is odd about it, in whole sentences.
  package var problems: [String] = []

  package func companion(_ kind: Companion.Kind) -> Companion? {
    companions.first { $0.kind == kind }
  }

  package var isMNI: Bool { space?.hasPrefix("MNI152") ?? false }
}

/// A perfusion image of a visit.
package struct SPECTFile: Sendable, Equatable {
  package var path: String
  package var name: EntityName
  package var dataset: String
  package var isAbsent = false
  /// ictal, interictal, baseline, challenge; nil where nothing says it.
  package var role: String?
  package var tracer: String?
  package var space: String?
  /// Why it is taken for SPECT.
  package var reason: String
  /// Whether its name says another person than its folder.
  package var isStrangers = false
}

/// What one person has of one visit.
package struct StudyVisit: Sendable, Equatable {
  package var session: String?
  package var bold: [BOLDFile] = []
  package var spect: [SPECTFile] = []
  /// Anatomies that no run took.
  package var anatomies: [Companion] = []
  /// Sets of targets that this program has written, by the path of the table.
  package var targets: [String] = []
  /// Images whose names say nothing; their headers say what they are once they are opened.
  package var unknown: [String] = []
  /// Files that are named and not opened, by what they are.
  package var others: [String: Int] = [:]
  package var problems: [String] = []
  /// Why it is not sure whose the visit is; one of the problems too.
  package var doubt: String?

  /// Says that another folder may be the person as well.
  mutating func take(doubt other: String?, of subject: String) {
    guard let other else { return }
    let words =
      "folders can be read in two ways, as \(subject)'s or as \(other)'s: nothing of the two is joined (a folder of its own for each visit below the person's, such as visit1 or 2024-05-03, says it)"
    doubt = words
    problems.insert(words, at: 0)
  }
}

package struct StudyPerson: Sendable, Equatable {
  package var subject: String
  /// Which of several data sets with a person of this name, by its folder; nil where there is one.
  package var family: String?
  package var visits: [StudyVisit]
}

/// How a folder is laid out.
package enum FolderLayout: String, Sendable, CaseIterable {
  case bids = "BIDS"
  case fMRIPrep
  case xcpD = "XCP-D"
  case hcp = "HCP"
  case plain = "plain folder"
}

/// The people of a folder and what belongs to each.
package struct StudyListing: Sendable {
  /// Absolute.
  package var root: String
  package var people: [StudyPerson]
  package var findings: [Finding] = []
  package var fileCount = 0

  package init(
    root: String, people: [StudyPerson], findings: [Finding] = [], fileCount: Int = 0
  ) {
    self.root = root
    self.people = people
    self.findings = findings
    self.fileCount = fileCount
  }
}
