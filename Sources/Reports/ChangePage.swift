package import Basics
package import Connectivity
package import Imaging

/// The middle of what is a number; nil without any.
package func medianOfNumbers(_ values: [Float]) -> Double? {
  boldspectPercentile(values.filter(\.isFinite), 50).map(Double.init)
}

/// A change between two sessions for a person to read.
package func changeText(
  _ result: SessionChange, _ retest: ReliableChange?, _ networks: [JSON], space: Space
) -> String {
  let ratios = result.ratio.filter(\.isFinite)
  let beyond = ratios.reduce(0) { $0 + (abs($1) > 1.96 ? 1 : 0) }
  var lines = [
    "change of \(result.first.seed.title), second minus first, \(space.rawValue) space: \(beyond) of \(ratios.count) voxels beyond ±1.96 "
      + "(5 % are expected by chance alone: \(ratios.count / 20)"
      + (retest == nil
        ? "; how much one person changes from day to day is not in this error: give --sd and --retest)"
        : ")"),
    "standard error of a change of Fisher z: median \(fixed(medianOfNumbers(result.standardError) ?? .nan, 3))"
      + (retest.map { ", at least \(fixed($0.errorOfDifference, 3)) from retesting" } ?? ""),
  ]
  for case .object(let row) in networks {
    func number(_ key: String) -> String {
      if case .number(let v)? = row.first(where: { $0.0 == key })?.1 {
        return fixed(v, 3, signed: true)
      }
      return "–"
    }
    if case .string(let name)? = row.first?.1 {
      lines.append(
        "\(name): within \(number("within_delta_z")), between \(number("between_delta_z"))")
    }
  }
  lines += result.warnings.map { "! \($0)" }
  lines.append(researchUse)
  return lines.joined(separator: "\n")
}

/// Change of within and between coupling of each network that both sessions have.
package func networkChangesJSON(from before: NetworkSummary, to after: NetworkSummary) -> [JSON] {
  before.networks.compactMap { n in
    guard let m = after.networks.first(where: { $0.name == n.name }) else { return nil }
    return .object([
      ("name", .string(n.name)), ("within_z_first", .number(n.within)),
      ("within_z_second", .number(m.within)), ("within_delta_z", .number(m.within - n.within)),
      ("between_z_first", .number(n.between)), ("between_z_second", .number(m.between)),
      ("between_delta_z", .number(m.between - n.between)),
    ])
  }
}
