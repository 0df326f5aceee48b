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
  /// Labels of the people, where a row is one person's.
  package private(set) var people: [String] = []
  private let file: String

  package init(_ text: String, file: String) throws(Problem) {
    self.file = file
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
        guard summaries[key] == nil else {
          throw Problem(
            .data, file,
            "\(visibleText(String(table.rows[row][places[1]]), limit: 40)) of "
              + "\(visibleText(String(table.rows[row][places[0]]), limit: 40)) stands in it twice",
            expected: "one row for each measure of a network")
        }
        summaries[key] = Summary(
          mean: try table.number(row, places[2], file: file), sd: sd, n: Int(n))
      }
    } else if table.names.first == "participant_id" {
      try readPeople(table)
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

  /// Everybody once, and enough of them to compare with.
  private mutating func readPeople(_ table: TextTable) throws(Problem) {
    people = table.rows.map { $0[0] }
    guard people.count >= leastReferencePeople else {
      throw Problem(
        .data, file, "it has \(people.count) people", expected: "at least \(leastReferencePeople)")
    }
    guard Set(people).count == people.count else {
      throw Problem(
        .data, file, "a participant_id stands in it twice",
        expected: "a row for each person: one person counts once")
    }
    guard table.names.contains(where: { $0.contains(":") }) else {
      throw Problem(
        .data, file, "no column is measure:network", expected: "columns such as alff:visual")
    }
  }

  /// Networks that the table has numbers of and the map does not, as a misspelt name is.
  package func networksMissing(in names: some Sequence<String>) -> [String] {
    let own = Set(names.map { $0.lowercased() })
    let all = (Array(summaries.keys) + Array(values.keys)).map { $0.drop { $0 != ":" }.dropFirst() }
    return Set(all.map(String.init)).subtracting(own).sorted()
  }

  /// Refuses a person's covariates that the table has no use for.
  package func requireUsed(_ own: [String: Double]) throws(Problem) {
    guard let name = own.keys.sorted().first(where: { !covariateNames.contains($0) }) else {
      return
    }
    throw Problem(
      .usage, "--covariates",
      "\(file) has no covariate \(visibleText(name, limit: 40)): nothing would be adjusted for it",
      expected: covariateNames.isEmpty
        ? "none: its rows are means of groups" : covariateNames.joined(separator: ", "))
  }

  /// Where the person lies outside of the table's people: there the regression is a guess.
  package func beyondPeople(_ own: [String: Double]) -> [String] {
    zip(covariateNames, covariates).compactMap { name, values in
      guard let x = own[name], let low = values.min(), let high = values.max(), x < low || x > high
      else { return nil }
      return
        "\(visibleText(name, limit: 40)) \(plainNumber(x)) lies outside of the norms' people (\(plainNumber(low)) to "
        + "\(plainNumber(high))): what is expected there is extrapolated"
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
