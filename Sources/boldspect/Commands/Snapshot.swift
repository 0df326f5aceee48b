import ArgumentParser
import Basics
import CellUI
import Foundation
import ImageFiles
import Imaging
import Reports
import Study
import Viewer
import ViewerRuntime

/// `boldspect snapshot`.
struct Snapshot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw what the viewer would show, without a terminal.",
    discussion: """
      The same loop as `view`, fed with keys: characters, and <Up> <PgUp> <Enter> <Esc> <Tab> <Space> \
      <C-x>, <Lt> for <. Each key waits for the answer to the one before.

      A PNG shows the same screen with its slices in all of its pixels, every voxel in the exact \
      colour of its value and nothing interpolated, with letters, scale bars and colour bars, and \
      under it what it is for. Equal screens give equal bytes; no file name is written into it.
      """)

  @OptionGroup var options: ViewOptions
  @OptionGroup var picture: SnapshotOptions

  func run() throws {
    let (request, workspace) = try options.opened()
    // Without --config a picture does not depend on whose machine it is made on.
    let start = try options.start(
      request, config: try options.config.map { path throws(Problem) in try Config(path) },
      workspace: workspace)
    if picture.output != "-" {
      try AtomicFile.checkFree(picture.output, overwrite: picture.force)
    }
    let bytes = try takenSnapshot(
      request, start,
      SnapshotWish(
        keys: picture.keys, format: picture.format, sheet: try picture.sheet(),
        size: picture.size?.size ?? SnapshotOptions.usualSize,
        colours: options.screen.wanted(
          picture.format == .ansi ? ProcessInfo.processInfo.environment : [:]),
        usesQuadrants: options.screen.pictures == .quadrant),
      library: options.library)
    guard picture.output == "-" else {
      return try AtomicFile.write(picture.output, bytes, overwrite: picture.force)
    }
    _ = try writeToStandardOutput(bytes)
  }
}

/// What a snapshot takes beside what a view takes.
struct SnapshotOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Columns and rows (default: 120x40).", valueName: "120x40"))
  var size: SizeArgument?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Keys to press before the picture is taken.", valueName: "keys"))
  var keys = ""
  @Option(
    help: "text, ansi, png, or words: lines that say what is shown, after each key what changed.")
  var format = SnapshotFormat.text
  @Option(help: ArgumentHelp("Pixels of a PNG.", valueName: "1600x1000"))
  var pixels: PixelsArgument?
  @Option(help: ArgumentHelp("Pixels across a cell of a PNG (default: 10).", valueName: "n"))
  var cellSize: Int?
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Output file, - for standard output.", valueName: "file"))
  var output: String
  @Flag(help: "Replace what is already there.")
  var force = false

  static let usualSize = Size(columns: 120, rows: 40)

  /// Nil for formats without pixels.
  func sheet() throws(Problem) -> PictureSheet? {
    guard output == "-" || !output.lowercased().hasSuffix(".png") || format == .png else {
      throw Problem(
        .usage, "--format",
        "the name of \(output.split(separator: "/").last ?? "") says a picture, \(format.rawValue) is none",
        expected: "--format png, or another name")
    }
    guard format == .png else {
      if pixels != nil || cellSize != nil {
        throw Problem(
          .usage, "--format", "\(format.rawValue) has no pixels",
          expected: "png, with --pixels or --cell-size")
      }
      return nil
    }
    return try PictureSheet(
      pixels: pixels.map { ($0.width, $0.height) }, cellSize: cellSize, size: size?.size,
      usualSize: Self.usualSize)
  }
}

extension SnapshotFormat: ExpressibleByArgument {}

/// WIDTHxHEIGHT in pixels.
struct PixelsArgument: ExpressibleByArgument {
  var width: Int
  var height: Int

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, parts.allSatisfy({ (1...10_000).contains($0) }) else { return nil }
    (width, height) = (parts[0], parts[1])
  }
}

/// COLUMNSxROWS.
struct SizeArgument: ExpressibleByArgument, CustomStringConvertible {
  var size: Size

  init(size: Size) { self.size = size }

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, (1...1000).contains(parts[0]), (1...1000).contains(parts[1]) else {
      return nil
    }
    size = Size(columns: parts[0], rows: parts[1])
  }

  var description: String { "\(size.columns)x\(size.rows)" }
}
