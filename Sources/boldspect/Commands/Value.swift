import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Study

/// `boldspect value`.
struct Value: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The value of an image at places in world millimetres.")

  @Argument(help: "A NIfTI image.")
  var file: String
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A place in RAS+ mm; may be repeated.", valueName: "x,y,z"))
  var at: [PointArgument] = []
  @Option(help: "nearest, linear or cubic.")
  var interpolation = Interpolation.linear
  @Option(help: ArgumentHelp("One frame of a series, from 0; all without it.", valueName: "n"))
  var frame: Int?
  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    guard !at.isEmpty else {
      throw Problem(.usage, "--at", "no place is given", expected: "--at X,Y,Z")
    }
    let rows = try withStatus { progress in
      try valueRows(
        file, at.map(\.point), interpolation: interpolation, frame: frame, progress: progress)
    }
    if json {
      try printResult(
        JSON.array(
          rows.map {
            .object([
              ("mm", .point($0.point)), ("frame", $0.frame.map(JSON.int) ?? .null),
              ("value", .optional($0.value)), ("inside", .bool($0.inside)),
            ])
          }
        ).text)
    } else {
      for row in rows {
        let place = [row.point.x, row.point.y, row.point.z].map { plainNumber($0, 3) }
        try printResult(
          "\(place.joined(separator: ", ")) mm"
            + (row.frame.map { "  frame \($0)" } ?? "") + "  "
            + (row.value.map { "\(Float($0))" } ?? (row.inside ? "no data" : "outside")))
      }
    }
  }
}

/// One value at one place.
struct ValueRow: Equatable {
  var point: WorldPoint
  var frame: Int?
  var value: Double?
  var inside: Bool
}

/// Values at world points, frame after frame within each point.
func valueRows(
  _ path: String, _ points: [WorldPoint], interpolation: Interpolation, frame: Int?,
  progress: WorkProgress
) throws(Problem) -> [ValueRow] {
  let (d, samples) = try ImageReader.read(path, progress: progress)
  try requireKnownSides(d, for: "a place in millimetres")
  if let frame, !(0..<d.frameCount).contains(frame) {
    throw Problem(
      .usage, "--frame", "there is no frame \(frame)", expected: "0 to \(d.frameCount - 1)")
  }
  let frames = frame.map { [$0] } ?? Array(0..<d.frameCount)
  let isSeries = d.dimensionCount >= 4
  let count = d.grid.count
  var table = [[ValueRow]](repeating: [], count: points.count)
  for t in frames {
    try progress.check()
    let sampler = Sampler(
      Volume(grid: d.grid, values: samples.floats(t * count..<(t + 1) * count)), interpolation)
    for (n, point) in points.enumerated() {
      let value = Double(sampler.value(at: point))
      table[n].append(
        ValueRow(
          point: point, frame: isSeries ? t : nil, value: value.isFinite ? value : nil,
          inside: sampler.isInside(point)))
    }
  }
  return table.flatMap { $0 }
}
