import CellUI
import Foundation
import TestSupport
import Testing

/// Bytes of a slice step at 160 × 45, and how far what is shown lies from the exact colours, in one run for each way
/// of writing colours.
@Suite(.serialized) struct ColourCostTests {
  struct Way: Sendable, CustomTestStringConvertible {
    var name: String
    var options: [String] = []
    var manners = FakeTerminal.Manners.silent
    var environment: [String: String] = [:]
    var testDescription: String { name }
  }

  static let fixed = Way(
    name: "fixed 256", options: ["--colour-depth", "256"], manners: .onlyAttributes)
  static let chosen = Way(name: "chosen", manners: .palette)
  static let chosenBesideDirect = Way(
    name: "chosen, 24 bits too", manners: .palette, environment: ["COLORTERM": "truecolor"])
  static let alike = Way(name: "24 bits", environment: ["COLORTERM": "truecolor"])
  static let exact = Way(
    name: "24 bits on request", options: ["--colour-depth", "24bit"],
    environment: ["COLORTERM": "truecolor"])

  struct Cost {
    var bytes: [Int]
    var median: Double
    var worst: Double
  }

  /// Two steps upwards; the colours are those after the second.
  static func cost(_ files: [String], _ way: Way) throws -> Cost {
    let terminal = try FakeTerminal(
      ["view"] + files + way.options, columns: 160, rows: 45, environment: way.environment,
      manners: way.manners)
    terminal.wait(for: "N eff")
    terminal.settle(1)
    _ = terminal.cost("\u{1b}")
    let bytes = (0..<2).map { _ in terminal.cost("\u{1b}[5~") }
    let all = terminal.bytes(from: 0)
    terminal.type("q")
    terminal.finish()
    let shown = ShownPicture(all, columns: 160, rows: 45)
    let text = try Program.run(
      ["snapshot"] + files + [
        "--keys", "<Esc><PgUp><PgUp>", "--size", "160x45", "--colour-depth", "24bit", "--format",
        "ansi", "-o", "-",
      ])
    #expect(text.status == 0, "\(text.errors)")
    let differences = Self.differences(shown, ExactPicture(text.output)).sorted()
    try #require(differences.count > 4000)
    return Cost(
      bytes: bytes, median: differences[differences.count / 2], worst: differences.last ?? .infinity
    )
  }

  private static func differences(_ shown: ShownPicture, _ exact: ExactPicture) -> [Double] {
    var out: [Double] = []
    for row in 0..<45 {
      for column in 0..<160 {
        guard let own = exact.cell(row, column), let other = shown.cell(row, column) else {
          continue
        }
        for (p, q) in [(own.upper, other.upper), (own.lower, other.lower)] {
          let (a, b) = (Lab(p), Lab(q))
          out.append(ciede2000((a.lightness, a.a, a.b), (b.lightness, b.a, b.b)))
        }
      }
    }
    return out
  }

  static let real = [
    "--bold", RealData.path(RealData.bold), "--mask", RealData.path(RealData.mask), "--spect",
    RealData.path(RealData.spect), "--seed", "PCC",
  ]

  @Test(.enabled(if: RealData.isPresent), arguments: [chosen, chosenBesideDirect])
  func chosenColoursLookLikeTwentyFourBits(_ way: Way) throws {
    let cost = try Self.cost(Self.real, way)
    print("\(way.name): \(cost.bytes) bytes, ΔE median \(cost.median), worst \(cost.worst)")
    for bytes in cost.bytes { #expect(bytes <= 40_000) }
    #expect(cost.median <= 1 && cost.worst <= 2)
  }

  @Test(.enabled(if: RealData.isPresent)) func twentyFourBitsSaveWhatNobodySees() throws {
    let alike = try Self.cost(Self.real, Self.alike)
    let exact = try Self.cost(Self.real, Self.exact)
    let fixed = try Self.cost(Self.real, Self.fixed)
    for (way, cost) in [("alike", alike), ("exact", exact), ("fixed 256", fixed)] {
      print("\(way): \(cost.bytes) bytes, ΔE median \(cost.median), worst \(cost.worst)")
    }
    #expect(alike.median <= 1 && alike.worst <= 2)
    #expect(exact.worst == 0)
    #expect(Double(alike.bytes[1]) < 0.8 * Double(exact.bytes[1]))
  }
}
