import Basics
import ImageFiles

extension StudyRules {
  /// A map of a statistic, by its header, given as something that is measured: p values have a mean, a reference and
  /// an asymmetry like counts, and none of them means anything.
  static let statistic = StudyRule(code: "statistic", severity: .blocking) { file, _ in
    guard let what = file.statistic, file.role.refusesStatistics else { return nil }
    return Problem(
      .data, file.name,
      "its header says that it is a map of \(what), and it is given as \(file.role.rawValue)",
      expected: "what was measured",
      remedy: "Give the image that the map was made of; a map is shown with --overlay")
  }
}

extension Role {
  /// Seeds, weights and the means of other people may be maps; what lies beside or over a person may be any.
  fileprivate var refusesStatistics: Bool {
    switch self {
    case .bold, .second, .anatomy, .spect, .interictal, .mask, .gm, .white, .asl, .wm, .csf,
      .referenceMask, .attenuation, .navigatorAnatomy:
      true
    case .overlay, .seedImage, .weights, .atlas, .networks, .normals, .referencePeople, .moving,
      .fixed, .like:
      false
    }
  }
}
