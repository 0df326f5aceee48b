package import Basics

/// Findings that say whose or what the data of a target are: they go along with it into every file.
private let codesOfTheData: Set<String> = [
  "mixed-people", "table-of-another-run", "tr-conflict", "named-as-another", "person-unsure",
  "linked-person", "session", CleanedBefore.code,
]

/// What was found of a study's files that a target must not go out without.
package func personWarnings(_ findings: [Finding]) -> [String] {
  findings.filter { codesOfTheData.contains($0.code) && $0.severity > .note }.map { finding in
    (finding.file.map { visibleText($0, limit: 80) + ": " } ?? "") + finding.text
  }
}
