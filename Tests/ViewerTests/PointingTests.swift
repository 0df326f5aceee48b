import Basics
import CellUI
import Connectivity
import Imaging
import TestSupport
import Testing
import Viewer

@Suite struct PointingTests {
  /// A cell of the left pane that shows the marked voxel.
  private func cell(_ model: Model) throws -> (column: Int, row: Int) {
    var seen = model
    seen.shell.capabilities = Capabilities(colours: .none, unicode: true)
    seen.cursor = Head.marked
    seen.cursor.x = 40
    let frame = view(seen)
    for row in 6..<28 {
      for column in 3..<(seen.shell.size.columns / 2 - 3) where frame[row, column].glyph == "+" {
        return (column, row)
      }
    }
    let nothing: (column: Int, row: Int)? = nil
    return try #require(nothing, "the mark is not on the screen")
  }

  @Test(arguments: ["", "R"])
  func aClickGoesToTheVoxelThatIsSeenThere(_ keys: String) throws {
    var model = Head.model()
    _ = try Head.press(&model, keys + "g40,10,20<Enter>")
    let (column, row) = try cell(model)
    _ = try Head.press(&model, "<Press:\(column),\(row)>")
    // Radiological: the patient's left is on the right of the screen.
    #expect((column > 30) == keys.isEmpty)
    #expect(abs(model.cursor.x - Head.marked.x) <= 4 && model.cursor.x < 0)
    #expect(abs(model.cursor.y - Head.marked.y) <= 4)
    #expect(model.cursor.z == 20)
    let here = model.cursor
    // The same place in the other pane is the same place in the head.
    _ = try Head.press(&model, "g0,0,20<Enter><Press:\(column + 60),\(row)>")
    #expect(model.cursor == here)
  }

  @Test func aClickOnTheCursorDoesNotMoveItAndOutsideDoesNothing() throws {
    var model = Head.model()
    _ = try Head.press(&model, "g-40,10,20<Enter>")
    let (column, row) = try cell(model)
    _ = try Head.press(&model, "<Press:\(column),\(row)>")
    let here = model.cursor
    _ = try Head.press(&model, "<Press:\(column),\(row)><Release:\(column),\(row)>")
    #expect(model.cursor == here)
    for place in ["0,0", "1,38", "500,500", "119,39"] {
      _ = try Head.press(&model, "<Press:\(place)><Drag:\(place)>")
      #expect(model.cursor == here, "\(place)")
    }
  }

  @Test func theWheelStepsSlicesAndTheBarSetsTheThreshold() throws {
    var model = Head.model()
    let z = model.cursor.z
    _ = try Head.press(&model, "<WheelUp:30,10><WheelUp:30,10><WheelDown:30,10>")
    #expect(model.cursor.z == z + 4)
    var bar: (Int, Int)?
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
    // The numbers stand under the bar: its row is the one above.
    for (row, line) in lines.enumerated() where line.contains("0.30") && line.contains("−0.80") {
      bar = (2, row - 1)
    }
    let (_, row) = try #require(bar)
    _ = try Head.press(&model, "<Press:50,\(row)>")
    #expect(model.threshold > 0.55 && model.threshold <= 0.75)
    #expect(model.notice?.text.contains("threshold") == true)
    _ = try Head.press(&model, "<C-u>")
    #expect(model.threshold == 0.3)
  }

  @Test func theMouseLeavesATypedLineAlone() throws {
    var model = Head.model()
    let here = model.cursor
    _ = try Head.press(&model, ":thr<Press:30,15><WheelUp:30,15>")
    #expect(model.shell.prompt?.text == "thr" && model.cursor == here)
  }

  /// Every cell of every slice shows a place, and that place lies in that cell.
  @Test(arguments: ["1", "2", "3", "4", "5"])
  func everyCellOfASliceIsThePlaceThatItShows(_ layout: String) throws {
    var count = 0
    for (columns, rows) in [(80, 24), (81, 25), (120, 40), (160, 45), (200, 60)] {
      for keys in ["a", "c", "s", "R", "Z", "ZZ"] {
        var model = Head.model(columns: columns, rows: rows)
        _ = try Head.press(&model, layout + keys)
        for region in hitRegions(model) {
          guard case .slice(let slice) = region.meaning else { continue }
          for row in region.area.row..<region.area.row + region.area.rows {
            for column in region.area.column..<region.area.column + region.area.columns {
              let cell = slice.cell(of: slice.world(column: column, row: row))
              #expect(cell == (column, row), "\(columns)×\(rows) \(keys)")
              count += 1
            }
          }
        }
      }
    }
    #expect(count > 1000)
  }

  /// Where a bar is drawn it answers, with the value whose colour stands there, and nowhere else.
  @Test(arguments: [
    "", ":threshold 0.05<Enter>", ":range 0 0.4<Enter>", ":sign positive<Enter>",
    ":sign negative<Enter>", ":range 0 12<Enter>",
  ])
  func aBarAnswersWhereItIsDrawn(_ keys: String) throws {
    for (columns, rows) in [(80, 24), (100, 33), (120, 40), (200, 60)] {
      var model = Head.model(columns: columns, rows: rows, colours: .none)
      _ = try Head.press(&model, keys)
      model.notice = nil
      let bars = hitRegions(model).filter { if case .values = $0.meaning { true } else { false } }
      let row = try #require(bars.first?.area.row)
      let frame = view(model)
      for column in 0..<columns / 2 {
        let glyph = frame[row, column].glyph
        let isDrawn = glyph == "+" || glyph == "-"
        #expect(
          isDrawn == bars.contains { $0.contains(column: column, row: row) },
          "\(columns)×\(rows), column \(column)")
      }
      for bar in bars {
        guard case .values(_, let first, let last) = bar.meaning else { continue }
        let weak = first < last ? bar.area.column : bar.area.column + bar.area.columns - 1
        let before = model.threshold
        var pointed = model
        _ = try Head.press(&pointed, "<Press:\(weak),\(row)>")
        #expect(pointed.threshold >= before)
        #expect(pointed.threshold - before <= abs(last - first) / Double(bar.area.columns))
      }
    }
  }

  @Test func aHistogramSetsTheThresholdThatWasPointedAt() throws {
    var model = Head.model()
    _ = try Head.press(&model, ":histogram<Enter>")
    let region = try #require(hitRegions(model).first)
    guard case .values(_, let first, let last) = region.meaning else {
      Issue.record("no values")
      return
    }
    let column = region.area.column + region.area.columns / 2
    _ = try Head.press(&model, "<Press:\(column),\(region.area.row)>")
    #expect(abs(model.threshold - (first + last) / 2) < 0.02)
  }

  @Test func howMuchOfTheTargetListIsSeenStandsWithTheNames() throws {
    for (columns, rows) in [(80, 24), (120, 40)] {
      var model = try TargetListTests.model(columns: columns, rows: rows)
      _ = update(&model, .targets(try TargetListTests.report()))
      let entries = model.targetEntries.count
      func head() throws -> String {
        let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
        return String(try #require(lines.first { $0.contains("mm (RAS+") }))
      }
      let shown = hitRegions(model).filter {
        if case .target = $0.meaning { true } else { false }
      }.count
      #expect(shown < entries)
      #expect(try head().contains("place (1–\(shown) of \(entries))"))
      // Beside the numbers' own columns there is nothing.
      let end = try head().split(separator: ")").last.map {
        $0.split(separator: " ").map(String.init)
      }
      #expect(
        end?.prefix(3) == ["r", "p", "peak"] && (end?.count ?? 0) <= (columns < 100 ? 3 : 7))
      _ = try Head.press(&model, String(repeating: "n", count: entries))
      #expect(try head().contains("–\(entries) of \(entries))"))
    }
  }

  /// A row of the list answers for the entry that is written in it.
  @Test func rowsOfTheTargetListAreTheEntriesInThem() throws {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
      var model = try TargetListTests.model(columns: columns, rows: rows)
      _ = update(&model, .targets(try TargetListTests.report()))
      for _ in 0..<3 {
        let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
        let regions = hitRegions(model)
        #expect(regions.count >= 4)
        for region in regions {
          guard case .target(let n) = region.meaning else { continue }
          let p = model.targetEntries[n].point
          let words = [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
          #expect(lines[region.area.row].contains(words))
        }
        _ = try Head.press(&model, "nnn")
      }
    }
  }

  @Test func rowsOfTheBookmarksAreTheOnesInThem() throws {
    var model = Head.model()
    for name in ["one", "two", "three"] {
      _ = try Head.press(&model, "<Left>:bookmark \(name)<Enter>")
    }
    _ = try Head.press(&model, ":bookmarks<Enter>")
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
    var count = 0
    for region in hitRegions(model) {
      guard case .bookmark(let n) = region.meaning else { continue }
      count += 1
      #expect(lines[region.area.row].contains(model.ways.bookmarks[n].name))
    }
    #expect(count == 3)
  }

  @Test func everyCellOfEverySizeCanBePointedAt() throws {
    for (columns, rows) in [(1, 1), (80, 24), (81, 25), (120, 40), (200, 60)] {
      var model = Head.model(columns: columns, rows: rows)
      for column in stride(from: 0, to: columns + 2, by: 7) {
        for row in 0..<rows + 2 {
          _ = update(&model, .event(.key(.mouse(Mouse(.press, column: column, row: row)))))
        }
      }
      #expect(model.scene.grid?.nearestVoxel(model.cursor) != nil)
    }
  }
}

@Suite struct SpeechTests {
  @Test func whatPicturesAndColoursMeanIsSaid() throws {
    var model = Head.model()
    _ = try Head.press(&model, "g-40,10,20<Enter>")
    let all = spoken(model)
    func words(_ topic: String) -> String { all.first { $0.topic == topic }?.words ?? "" }
    #expect(
      words("plane").contains("axial, z +20 mm, radiological: the head's left is on the right"))
    #expect(words("cursor").contains("−40.0 +10.0 +20.0 mm MNI152, LEFT"))
    #expect(words("threshold").contains("here beyond it, positive"))
    #expect(words("file").contains("not for diagnosis"))
    _ = try Head.press(&model, "R")
    let flipped = changes(all, spoken(model))
    #expect(flipped.map(\.topic) == ["plane"])
    #expect(flipped[0].words.contains("right is on the right"))
  }

  @Test func onlyWhatChangedIsSaidAndTypingLetterByLetter() throws {
    var model = Head.model()
    let before = spoken(model)
    #expect(changes(before, spoken(model)).isEmpty)
    _ = try Head.press(&model, ":t")
    let first = spoken(model)
    _ = try Head.press(&model, "h")
    #expect(changes(first, spoken(model)) == [Utterance(topic: "typed", words: "h")])
    _ = try Head.press(&model, "<Esc><Space>")
    #expect(changes(before, spoken(model)).contains { $0.topic == "message" })
  }

  @Test func unknownSidesAreSaidAndNoMillimetres() {
    let all = spoken(Head.model(Head.scene(laterality: .unknown)))
    let text = all.map(\.words).joined(separator: "\n")
    #expect(text.contains("SIDE UNKNOWN"))
    #expect(!text.contains("LEFT") && !text.contains("radiological"))
  }
}
