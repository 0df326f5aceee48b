import Basics
import Foundation
import ImageFiles
import Imaging
import Records
import Study

/// Mean, standard deviation and number of people at every place, one image after the other (Welford 1962,
/// doi 10.1080/00401706.1962.10490022).
struct GroupMean {
  private let grid: Grid
  private let formCode: Int
  private let space: Space
  private let making: ValueMaking
  private let parameters: [(String, JSON)]
  private(set) var people = 0
  private var resampled = 0
  private var isSimulated = false
  private var inputs: [Provenance] = []
  private var counts: [Float]
  private var means: [Double]
  private var squares: [Double]

  /// - Parameter path: of the first image, on whose grid the means lie.
  init(_ path: String) throws(Problem) {
    let (d, _) = try readSingleVolume(path)
    grid = d.grid
    formCode = d.formCode
    let known = try Self.sidecar(path)
    (parameters, space) = (known.parameters, known.space)
    making = Self.making(parameters)
    counts = [Float](repeating: 0, count: grid.count)
    means = [Double](repeating: 0, count: grid.count)
    squares = [Double](repeating: 0, count: grid.count)
  }

  private static func sidecar(
    _ path: String
  ) throws(Problem) -> (parameters: [(String, JSON)], space: Space) {
    let json = sidecarPath(path)
    guard let whole = try? JSON.parse(try readTextFile(json)).value,
      case .object(let parameters) = whole["parameters"],
      let space = (whole["space"]?.asString).flatMap(Space.init(rawValue:))
    else {
      throw Problem(
        .data, fileName(json), "it does not say how the map was made",
        expected: "the sidecar that was written with it")
    }
    return (parameters, space)
  }

  private static func making(_ parameters: [(String, JSON)]) -> ValueMaking {
    ValueMaking(
      measure: parameters.first { $0.0 == "measure" }?.1.asString, cleaning: parameters)
  }

  private var isCorrelation: Bool { making.measure?.hasPrefix("Pearson r") ?? false }

  /// What the names of the means say: of correlations it is their Fisher z that is averaged, and no r any more.
  func ending(_ people: String) -> String {
    isCorrelation ? people.replacingOccurrences(of: "_stat-r_", with: "_stat-fisherz_") : people
  }

  mutating func add(_ path: String, sha256: String) throws(Problem) {
    let (d, read) = try readSingleVolume(path)
    let known = try Self.sidecar(path)
    guard known.space == space else {
      throw Problem(
        .data, d.name, "it is in \(known.space.rawValue) space, others in \(space.rawValue)",
        expected: "people in one space")
    }
    if let difference = making.difference(from: Self.making(known.parameters)) {
      throw Problem(.data, d.name, difference, expected: "people who were cleaned alike")
    }
    try requireKnownSides(d, for: "a mean over people")
    var volume = read
    if !volume.grid.matches(grid) {
      try requireMNI(space, fileName: d.name, for: "a mean over people")
      volume = volume.resampled(to: grid, .linear)
      resampled += 1
    }
    people += 1
    isSimulated = isSimulated || d.isSimulated
    inputs.append(Provenance("person", path: path, sha256: sha256))
    for v in 0..<grid.count {
      var x = Double(volume.values[v])
      if isCorrelation { x = fisherZ(x) }
      guard x.isFinite else { continue }
      counts[v] += 1
      let before = x - means[v]
      means[v] += before / Double(counts[v])
      squares[v] += before * (x - means[v])
    }
  }

  /// Fisher's z; a seed's own r of 1 has none.
  private func fisherZ(_ r: Double) -> Double { abs(r) < 1 ? atanh(r) : .nan }

  /// Places where fewer people have data have no mean: at a mask's edge they would be other people's.
  private var least: Int { max(2, (people + 1) / 2) }

  /// The three images, by the word of their names, with what goes beside them.
  var images: [(word: String, volume: Volume, derived: Derived)] {
    let enough = counts.map { Int($0) >= least }
    let mean = means.indices.map { enough[$0] ? Float(means[$0]) : .nan }
    let sd = squares.indices.map {
      enough[$0] ? Float((squares[$0] / Double(counts[$0] - 1)).squareRoot()) : .nan
    }
    func derived(_ what: String) -> Derived {
      var out = Derived(
        command: "bids group", inputs: inputs, space: space,
        parameters: [
          ("statistic", .string(what)), ("people", .int(people)),
          ("people_resampled", .int(resampled)), ("least_people_at_a_place", .int(least)),
        ], isSimulated: isSimulated, meaning: .estimate(what))
      out.beside = [groupMember]
      return out
    }
    return [
      ("mean", Volume(grid: grid, values: mean), derived("mean")),
      ("sd", Volume(grid: grid, values: sd), derived("SD")),
      ("n", Volume(grid: grid, values: counts), derived("people")),
    ]
  }

  /// The member by which a comparison knows how these people's maps were made.
  private var groupMember: (String, JSON) {
    ValueMaking.json(
      measure: (isCorrelation ? "Fisher z of " : "") + (making.measure ?? "unknown"),
      people: people, cleaning: parameters)
  }

  var code: Int { formCode }
}
