package import Basics
import Imaging

/// What other people's networks measure, as a person supplies it.
///
/// Two forms of a tab-separated table are read: one row per number with the columns `network`,
/// `measure`, `mean`, `sd` and `n`; or one row per person with `participant_id`, covariates, and a
/// column `measure:network` for every number.
package struct ReferenceTable: Sendable {
  private struct Summary: Sendable {
    var mean: Double
    var sd: Double
    var n: Int
  }
  private var summaries: [String: Summary] = [:]
  private var values: [String: [Double]] = [:]
  private var covariateNames: [String] = []
  private var covariates: [[Double]] = []

  package init(_ text: String, file: String) throws(Problem) {
    let table = try TextTable(text, file: file)
    let wanted = ["network", "measure", "mean", "sd", "n"]
    let places = wanted.compactMap(table.names.firstIndex(of:))
    if places.count == wanted.count {
      for row in table.rows.indices {
        let n = try table.number(row, places[4], file: file)
        let sd = try table.number(row, places[3], file: file)
        guard n >= Double(leastReferencePeople), n == n.rounded(), n < 1e9, sd > 0 else {
          throw Problem(
            .data, file, "row \(row + 1) has n \(plainNumber(n)) and SD \(plainNumber(sd))",
            expected: "n of at least \(leastReferencePeople) and an SD above 0")
        }
        let key = Self.key(table.rows[row][places[1]], table.rows[row][places[0]])
        summaries[key] = Summary(
          mean: try table.number(row, places[2], file: file), sd: sd, n: Int(n))
      }
    } else if table.names.first == "participant_id" {
      for (column, name) in table.names.enumerated().dropFirst() {
        var numbers: [Double] = []
        for row in table.rows.indices {
          numbers.append(try table.number(row, column, file: file))
        }
        if let colon = name.firstIndex(of: ":") {
          values[Self.key(String(name[..<colon]), String(name[name.index(after: colon)...]))] =
            numbers
        } else {
          guard numbers.allSatisfy(\.isFinite) else {
            throw Problem(
              .data, file, "covariate \(name) has gaps", expected: "a number per person")
          }
          covariateNames.append(name)
          covariates.append(numbers)
        }
      }
    } else {
      throw Problem(
        .data, file, "its columns are \(table.names.prefix(6).joined(separator: ", "))",
        expected: "network, measure, mean, sd and n, or participant_id and measure:network")
    }
  }

  private static func key(_ measure: String, _ network: String) -> String {
    "\(measure.lowercased()):\(network.lowercased())"
  }

  /// How a number stands; nil when the table has nothing to compare it with.
  ///
  /// - Parameter own: the person's covariates by name, for tables of people.
  /// - Throws: a covariate of the table that the person has not.
  package func score(
    _ x: Double, measure: String, network: String, own: [String: Double]
  ) throws(Problem) -> NormScore? {
    let key = Self.key(measure, network)
    if let s = summaries[key] { return NormScore(x, mean: s.mean, sd: s.sd, n: s.n) }
    guard let people = values[key] else { return nil }
    var mine: [Double] = []
    for name in covariateNames {
      guard let value = own[name] else {
        throw Problem(
          .usage, "--covariates", "the reference needs \(visibleText(name))",
          expected: covariateNames.map { "\($0)=…" }.joined(separator: ","))
      }
      mine.append(value)
    }
    let rows = people.indices.filter { people[$0].isFinite }
    return try NormScore(
      x, values: rows.map { people[$0] },
      covariates: rows.map { row in covariates.map { $0[row] } }, own: mine)
  }
}
