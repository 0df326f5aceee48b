package import Basics
import Imaging

/// Sets of confounds under the names that papers give them (Ciric 2017; Behzadi 2007).
package enum NuisancePreset: String, Sendable, CaseIterable {
  case none
  case sixMotion = "6P"
  case nine = "9P"
  case twentyFour = "24P"
  case thirtySix = "36P"
  case tissues = "wm+csf"
  case compCor = "acompcor"
  case highPassOnly = "hp-only"

  /// What it takes, in words.
  package var text: String {
    switch self {
    case .none: "no confounds"
    case .sixMotion: "6 motion parameters"
    case .nine: "6 motion parameters, white matter, CSF and global signal"
    case .twentyFour: "6 motion parameters, their differences, and the squares of both"
    case .thirtySix:
      "24P, and white matter, CSF and global signal with differences and squares"
    case .tissues: "24P, white matter and CSF"
    case .compCor:
      "6 motion parameters, their differences, 5 components of white matter and 5 of CSF"
    case .highPassOnly: "no confounds and no low-pass: cosines of 128 s and longer"
    }
  }

  /// Whether the global signal belongs to the set.
  package var includesGlobalSignal: Bool { self == .nine || self == .thirtySix }

  /// The cosine high-pass in hertz that belongs to the set.
  package var highPassHertz: Double? { self == .highPassOnly ? 1 / 128 : nil }

  /// Whether the set's columns were high-passed, so that a high-pass must be in the model too.
  package var needsHighPass: Bool { self == .compCor }

  /// The columns that the set takes from a table.
  ///
  /// - Parameters:
  ///   - includesGlobalSignal: nil as the set has it; false leaves its columns out.
  ///   - components: which components are of which tissue, from the table's JSON.
  /// - Throws: components that the table does not have.
  package func columnNames(
    in table: Confounds, includesGlobalSignal: Bool? = nil, components: ComponentOrigins? = nil,
    file: String
  ) throws(Problem) -> [String] {
    let motion = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    let withDifferences = motion + motion.map { $0 + "_derivative1" }
    let global = includesGlobalSignal ?? self.includesGlobalSignal
    if self != .none, self != .highPassOnly, HeadMotion(table) == nil {
      throw Problem(
        .data, file, "it has no six motion parameters, which \(rawValue) takes",
        expected: "trans_x … rot_z", remedy: "Give a motion file with --confounds")
    }
    switch self {
    case .none, .highPassOnly: return []
    case .sixMotion: return motion
    case .nine: return motion + ["white_matter", "csf"] + (global ? ["global_signal"] : [])
    case .twentyFour: return withDifferences + withDifferences.map { $0 + "_power2" }
    case .tissues:
      return withDifferences + withDifferences.map { $0 + "_power2" } + ["white_matter", "csf"]
    case .thirtySix:
      let means = ["white_matter", "csf"] + (global ? ["global_signal"] : [])
      let both = withDifferences + means + means.map { $0 + "_derivative1" }
      return both + both.map { $0 + "_power2" }
    case .compCor:
      return withDifferences
        + (try fiveComponents("w_comp_cor_", "WM", table, components, file))
        + (try fiveComponents("c_comp_cor_", "CSF", table, components, file))
    }
  }

  private func fiveComponents(
    _ prefix: String, _ tissue: String, _ table: Confounds, _ components: ComponentOrigins?,
    _ file: String
  ) throws(Problem) -> [String] {
    let own = table.names.filter { $0.hasPrefix(prefix) }.sorted()
    let stated = (components?.names(ofMask: tissue) ?? []).filter(table.names.contains)
    let found = own.count >= 5 ? own : stated
    guard found.count >= 5 else {
      throw Problem(
        .data, file,
        "it has \(found.count) components that are known to be of "
          + (tissue == "WM" ? "white matter" : "CSF"),
        expected: "at least 5, named \(prefix)00 … or described in the JSON beside the table",
        remedy: "Give tissue maps with --wm and --csf, or name columns with --columns")
    }
    return Array(found.prefix(5))
  }
}
