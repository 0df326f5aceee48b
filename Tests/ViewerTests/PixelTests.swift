import CellUI
import Foundation
import Imaging
import Perfusion
import PixelFiles
import TestSupport
import Testing
import Viewer

/// What reaches the terminal, decoded from its bytes, held against the colour of every voxel.
@Suite struct PixelTests {
  /// A head whose every voxel has a value of its own.
  static func model(_ pictures: Pictures, columns: Int = 160, rows: Int = 45) throws -> Model {
    var scene = Head.scene()
    let grid = try #require(scene.grid)
    let mask = try #require(scene.mask)
    let uptake = Small.volume(grid) { v in
      mask.contains(v) ? Float(20 + (v.i * 37 + v.j * 11 + v.k * 53) % 97) : 0
    }
    scene.spects = [
      NamedSPECT(
        name: "s.nii",
        measured: MeasuredSPECT(
          uptake: try Uptake(uptake, reference: mask, name: "whole brain"), placement: .asStored),
        stored: uptake, isSimulated: false)
    ]
    var model = Head.model(scene, columns: columns, rows: rows)
    model.shell.capabilities.pictures = pictures
    model.cursor = WorldPoint(0, -14, 20)
    return model
  }

  /// The colours that the axial slice through the cursor should have, as the screen has them:
  /// the person's right at the left, anterior on top.
  static func expected(_ model: Model) throws -> [[Int]] {
    let volume = model.scene.spects[0].measured.volume
    let grid = volume.grid
    let top = (Double(try #require(volume.range).high) / 10).rounded(.up) * 10
    let slice = try #require(grid.nearestVoxel(model.cursor))
    return (0..<grid.ny).reversed().map { j in
      (0..<grid.nx).reversed().map { i in
        let v = Double(volume[VoxelIndex(i, j, slice.k)])
        return Int(
          Palette.hotIron.entries[Int((max(0, min(1, v / top)) * 255).rounded())].packed)
      }
    }
  }

  /// Where the right slice lies, in cells.
  static func area(_ columns: Int, _ rows: Int) throws -> Rect {
    let images = view(
      try model(
        .images(cell: PixelDensity(across: 1, down: 2), repeatsPixels: false), columns: columns,
        rows: rows)
    ).images
    return try #require(images.filter { $0.area.rows > 5 && $0.area.column > columns / 2 }.last)
      .area
  }

  /// Compares pixels with voxels; nil stands for text. Returns how many voxels were seen.
  func compare(_ pixels: [[Int?]], _ voxels: [[Int]]) throws -> Int {
    // Bright on what is dark, dark on what is bright.
    let crosses = [0x5fff87, 0x003219]
    let bar = 0xd7d7d7
    func box(_ lines: [[Int?]]) throws -> (x: ClosedRange<Int>, y: ClosedRange<Int>) {
      let isLit = { (c: Int?) in c.map { $0 != 0 && !crosses.contains($0) && $0 != bar } ?? false }
      let ys = lines.indices.filter { lines[$0].contains(where: isLit) }
      let xs = lines.flatMap { line in line.indices.filter { isLit(line[$0]) } }
      return (
        try #require(xs.min())...(try #require(xs.max())),
        try #require(ys.first)...(try #require(ys.last))
      )
    }
    let (seen, known) = (try box(pixels), try box(voxels))
    let size = Double(seen.x.count) / Double(known.x.count)
    #expect(abs(size / (Double(seen.y.count) / Double(known.y.count)) - 1) < 0.06)
    let isWhole = size == size.rounded()
    // Where voxels are no whole pixels, an edge may lie one pixel off.
    func near(_ place: Int, _ low: Int, _ high: Int) -> [Int] {
      let slack = isWhole ? 0 : 1.0
      let from = Int(((Double(place) + 0.5 - slack) / size).rounded(.down))
      let to = Int(((Double(place) + 0.5 + slack) / size).rounded(.down))
      return (from...to).map { max(low, min(high, low + $0)) }
    }
    var wrong = 0
    var marks = 0
    var found: Set<Int> = []
    for (row, y) in seen.y.enumerated() {
      for (column, x) in seen.x.enumerated() {
        guard let pixel = pixels[y][x] else { continue }
        if crosses.contains(pixel) {
          marks += 1
          continue
        }
        let own = near(row, known.y.lowerBound, known.y.upperBound).flatMap { j in
          near(column, known.x.lowerBound, known.x.upperBound).map { (j, $0) }
        }
        if let (j, i) = own.first(where: { voxels[$0.0][$0.1] == pixel }) {
          found.insert(j << 16 | i)
        } else if pixel != bar {
          wrong += 1
        }
      }
    }
    #expect(wrong == 0 && marks > 0 && marks < seen.x.count * seen.y.count / 20)
    return found.count
  }

  @Test(arguments: [(160, 45), (80, 24), (200, 60)])
  func halfBlocksShowEveryVoxelInItsExactColour(_ columns: Int, _ rows: Int) throws {
    let model = try Self.model(.blocks, columns: columns, rows: rows)
    let frame = view(model)
    let area = try Self.area(columns, rows)
    var screen = PixelScreen(columns: columns, rows: rows)
    screen.take(PictureEncoder(.direct).encode(pictures(frame), in: frame))
    let pixels = (0..<(2 * area.rows)).map { y in
      (0..<area.columns).map { x -> Int? in
        let (row, column) = (area.row + y / 2, area.column + x)
        guard frame[row, column].style.contains(.picture) else { return nil }
        return screen.half(row, column, lower: y % 2 == 1)
      }
    }
    let isWhole = columns >= 160
    if isWhole {
      #expect(try compare(pixels, try Self.expected(model)) > 850)
    } else {
      // Fewer pixels than voxels: every colour is one of the slice's own.
      let own = Set(try Self.expected(model).joined())
      let crosses = [0x5fff87, 0x003219]
      #expect(
        pixels.joined().compactMap { $0 }.allSatisfy { own.contains($0) || crosses.contains($0) })
    }
  }

  /// The picture cells of a frame as patches.
  func pictures(_ frame: Frame) -> [Patch] {
    frame.changes(from: nil).flatMap { patch in
      patch.cells.enumerated().filter { $0.element.style.contains(.picture) }.map {
        Patch(row: patch.row, column: patch.column + $0.offset, cells: [$0.element])
      }
    }
  }

  @Test(arguments: [
    (PixelDensity(across: 10, down: 20), true, 160, 45),
    (PixelDensity(across: 9, down: 19), true, 160, 45),
    (PixelDensity(across: 8, down: 17), true, 80, 24),
    (PixelDensity(across: 9, down: 19), false, 80, 24),
    (PixelDensity(across: 7, down: 14), false, 80, 24),
  ])
  func imagesShowEveryVoxelInItsExactColour(
    _ cell: PixelDensity, _ repeats: Bool, _ columns: Int, _ rows: Int
  ) throws {
    let model = try Self.model(
      .images(cell: cell, repeatsPixels: repeats), columns: columns, rows: rows)
    let frame = view(model)
    var layer = ImageLayer(compress: PixelBytes.zlib)
    var screen = PixelScreen(columns: columns, rows: rows)
    screen.take(layer.update(to: frame))
    #expect(screen.complaints.isEmpty)
    let image = try #require(
      frame.images.filter { $0.area.rows > 5 && $0.area.column > columns / 2 }.last)
    #expect(repeats || image.density == cell)
    let (across, down) = (Double(image.density.across), Double(image.density.down))
    let pixels = (0..<image.height).map { y in
      (0..<image.width).map { x in
        screen.image(
          Double(image.area.row) + (Double(y) + 0.5) / down,
          Double(image.area.column) + (Double(x) + 0.5) / across)
      }
    }
    #expect(try compare(pixels, try Self.expected(model)) > 800)
    // Text stands where the image is clear.
    let label = frame.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(label.contains { $0.contains("z +20") })
  }

  @Test func aCrosshairStepSendsLittleAndASecondFrameNothing() throws {
    var model = try Self.model(
      .images(cell: PixelDensity(across: 10, down: 20), repeatsPixels: true))
    var layer = ImageLayer(compress: PixelBytes.zlib)
    let whole = layer.update(to: view(model)).count
    #expect(layer.update(to: view(model)).isEmpty)
    model.cursor = WorldPoint(4, -14, 20)
    #expect(layer.update(to: view(model)).count < whole / 5)
    model.shell.showsHelp = true
    let away = String(decoding: layer.update(to: view(model)), as: UTF8.self)
    #expect(!away.contains("a=T") && away.contains("a=d"))
    #expect(layer.isEmpty)
  }

  @Test(arguments: [
    Pictures.blocks, .images(cell: PixelDensity(across: 12, down: 24), repeatsPixels: false),
  ])
  func theScaleBarIsAsLongAsItSays(_ pictures: Pictures) throws {
    let model = try Self.model(pictures)
    let frame = view(model)
    let lines = frame.text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    let area = try Self.area(160, 45)
    let row = lines[area.row + area.rows - 1]
    let words = String(row[area.column...])
    let at = try #require(words.range(of: " mm"))
    let said = try #require(
      words[..<at.lowerBound].split(separator: " ").last.flatMap { Double($0) })
    // The ball is 140 mm wide in this slice and its voxels 4 mm.
    let voxels = try Self.expected(model)
    let wide = voxels.map { line in line.filter { $0 != 0 }.count }.max() ?? 0
    if case .images = pictures {
      let image = try #require(
        frame.images.filter { $0.area.rows > 5 && $0.area.column > 80 }.last)
      func run(_ y: Int, _ isOwn: (Int) -> Bool) -> Int {
        let line = image.colours[(y * image.width)..<((y + 1) * image.width)]
        return line.filter { isOwn(Int($0.packed)) }.count
      }
      let most = (0..<(image.height - 24)).map { run($0) { $0 != 0 && $0 != 0xd7d7d7 } }.max() ?? 0
      let bar = run(image.height - 12) { $0 == 0xd7d7d7 }
      let perPixel = Double(4 * wide) / Double(most)
      #expect(abs(Double(bar) * perPixel - said) < 3 * perPixel, "\(bar) \(perPixel) \(said)")
    } else {
      let left = try #require(row.indices.first { $0 >= area.column && row[$0] == "├" })
      let right = try #require(row.indices.first { $0 > left && row[$0] == "┤" })
      let half = try compareScale(frame, area, wide)
      #expect(abs(Double(right - left) * half / said - 1) < 0.05)
    }
  }

  /// Millimetres to a half block, from the widest row of the head.
  func compareScale(_ frame: Frame, _ area: Rect, _ voxels: Int) throws -> Double {
    let most = (1..<(area.rows - 1)).map { row in
      (0..<area.columns).filter {
        let cell = frame[area.row + row, area.column + $0]
        return cell.style.contains(.picture) && cell.background.packed != 0
      }.count
    }.max()
    return Double(4 * voxels) / Double(try #require(most))
  }

  @Test func quadrantsAreOnRequestAndSaySo() throws {
    let mixed = view(try Self.model(.quadrants))
    #expect(mixed.text.contains("interpolated"))
    #expect(!view(try Self.model(.blocks)).text.contains("interpolated"))
    #expect(mixed.text.unicodeScalars.contains { "▘▝▖▗▚▞▛▜▙▟▌▐".unicodeScalars.contains($0) })
  }
}
