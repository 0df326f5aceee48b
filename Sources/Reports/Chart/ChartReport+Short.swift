import Basics
import Connectivity
import Imaging
import Perfusion
import Study
import Workflows

/// What "In short" says, and what must stand wherever LEFT and RIGHT do.
extension ChartReport {
  // MARK: Sides

  /// By which a page of images that are mirrored against each other is known, by people and by the export of its PDF.
  static let blockedWords = "LEFT and RIGHT: MIRRORED and BLOCKED"

  /// What of the sides must be said before all else; nil where they are known and nobody had to decide.
  var sidesCaution: String? {
    if let words = source.sidesBlock {
      return
        "\(Self.blockedWords). \(words). Nothing may rest on a side until a person decides "
        + "(boldspect flipcheck --decide)."
    }
    guard !source.sideDecisions.isEmpty else { return nil }
    return "LEFT and RIGHT: BY DECISION. " + source.sideDecisions.joined(separator: ". ")
  }

  /// That headers alone say which side is left: one that is wrong is found by comparing images.
  var uncomparedCaution: String? {
    guard source.sidesBlock == nil, source.laterality == .known, !source.uncompared.isEmpty else {
      return nil
    }
    return
      "whether the images agree about it was NOT COMPARED (boldspect flipcheck does it): "
      + source.uncompared.map { visibleText($0) }.joined(separator: ", ")
  }

  /// The same where a table or a picture has sides.
  var sideBlocks: [ChartBlock] { sidesCaution.map { [.warning($0)] } ?? [] }

  /// The same inside of a picture.
  var sideNotes: [String] {
    if source.sidesBlock != nil { return [Self.blockedWords] }
    return source.sideDecisions.isEmpty ? [] : ["LEFT and RIGHT: BY DECISION"]
  }

  var sidesWords: String {
    if let caution = sidesCaution {
      return caution + (uncomparedCaution.map { ". \($0)" } ?? "")
    }
    return source.laterality == .known
      ? "known by the headers; LEFT and RIGHT are the person's own, +x is RIGHT"
        + (uncomparedCaution.map { "; \($0)" } ?? "")
      : "UNKNOWN: the file does not say which side is left"
  }

  // MARK: Networks

  /// What stands out, each network once, with what was measured.
  func networkLines(_ report: NetworkReport) -> [String] {
    let doubts = report.warnings + [source.normsDoubt].compactMap { $0 }
    let basis = report.isWithinPerson ? "within this person" : "against the reference"
    let head =
      "Networks, \(basis)" + (doubts.isEmpty ? "" : " (! \(doubts.joined(separator: "; ")))") + ": "
    let named = report.findings.filter { $0.word != nil }
    guard !named.isEmpty else {
      return [head + "nothing stands out at a false discovery rate of 5 % over the table"]
    }
    let words = report.summary.networks.compactMap { network -> String? in
      let own = named.filter { $0.network == network.name }
      guard !own.isEmpty else { return nil }
      let words = own.map { f in
        "\(f.measure.title) \(fixed(f.value, 3)) (t \(fixed(f.score?.t ?? .nan, 1, signed: true))) "
          + (f.word ?? "")
      }
      return "\(network.name): " + words.joined(separator: ", ")
    }
    return [head + words.joined(separator: "; ")]
  }

  // MARK: Change

  func changeWords(_ made: ReportChange) -> String {
    let ratios = made.change.ratio.filter(\.isFinite)
    let beyond = ratios.count { abs($0) > 1.96 }
    var words =
      "Change from \(made.first) to \(made.second): coupling of \(made.change.first.seed.title) differs beyond "
      + "±1.96 standard errors in \(beyond) of \(ratios.count) voxels (\(ratios.count / 20) by chance alone)"
    if let networks = made.networks {
      let changes = networks.first.networks.compactMap { n in
        networks.second.networks.first { $0.name == n.name }.map { (n.name, $0.within - n.within) }
      }.filter { $0.1.isFinite }
      if let largest = changes.max(by: { abs($0.1) < abs($1.1) }) {
        words +=
          "; within networks \(largest.0) changed most, by z \(fixed(largest.1, 3, signed: true))"
      }
    }
    return words
  }
}
