import Basics
import ImageFiles

extension StudyRules {
  /// A tissue map that says by its name that it is another tissue, or none: grey matter taken from white would be
  /// searched where there is none.
  static let tissueName = StudyRule(code: "tissue-name", severity: .blocking) { file, _ in
    guard let wanted = file.role.tissueLabel else { return nil }
    let name = EntityName(file.name)
    let label = name[.label]?.uppercased()
    if let label, ["GM", "WM", "CSF"].contains(label), label != wanted {
      return problem(file, "its name says label-\(label)", wanted)
    }
    let isOther =
      ["bold", "T1w", "T2w", "FLAIR", "dseg", "spect", "pet"].contains(name.suffix)
      || name[.description]?.lowercased() == "brain" && label == nil
    return isOther
      ? problem(
        file, "its name says \(name[.description].map { "desc-\($0) " } ?? "")\(name.suffix)",
        wanted)
      : nil
  }

  private static func problem(_ file: StudyFile, _ found: String, _ wanted: String) -> Problem {
    Problem(
      .data, file.name,
      "\(visibleText(found, limit: 60)), and it is given as --\(file.role.rawValue)",
      expected: "a map of \(wanted)",
      remedy: "Give the right map, or rename one whose name is wrong")
  }
}

extension Role {
  /// What a map of this role shows, as BIDS writes it; nil for no tissue.
  fileprivate var tissueLabel: String? {
    switch self {
    case .gm: "GM"
    case .white, .wm: "WM"
    case .csf: "CSF"
    default: nil
    }
  }
}
