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
