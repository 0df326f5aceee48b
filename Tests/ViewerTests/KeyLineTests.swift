import CellUI
import Connectivity
import Imaging
import Targeting
import TestSupport
import Testing
import Viewer

/// Hints of the key line are what they show: a click on one is its key.
@Suite struct KeyLineTests {
  static let blue = Colour(95, 175, 255)

  /// A screen of every context that has hints of its own.
  static let contexts = [
    "slices", "planes", "lightbox", "fused", "flicker", "panning", "help", "targets", "confirm",
    "following", "registration", "bookmarks", "overlays", "matrix", "movie", "lesson", "people",
  ]

  static func model(_ context: String, columns: Int, rows: Int) throws -> Model {
    var model: Model
    switch context {
    case "targets", "confirm", "following":
      model = try TargetListTests.model(columns: columns, rows: rows)
      _ = update(&model, .targets(try TargetListTests.report()))
      if context == "confirm" { _ = try Head.press(&model, "<Enter>") }
      if context == "following" { _ = try Head.press(&model, "L") }
    case "people": model = BrowserTests.model(columns: columns, rows: rows)
    case "registration":
      model = try RegistrationTests.model()
      model.shell.size = Size(columns: columns, rows: rows)
      _ = try Head.press(&model, "G")
    case "movie":
      let (seeded, reduced, map) = try AnalysesTests.seeded()
      model = seeded
      model.shell.size = Size(columns: columns, rows: rows)
      let movie = try reduced.windowedMaps(map.seed, .rectangular(frames: 30, step: 10))
      _ = update(&model, .movie(movie))
    case "matrix", "lesson":
      model = try AnalysesTests.model(columns: columns, rows: rows).0
      if context == "matrix" { _ = try Head.press(&model, "x") }
      if context == "lesson" { _ = try Head.press(&model, "E") }
    default:
      model = Head.model(columns: columns, rows: rows)
      let keys = [
        "planes": "2", "lightbox": "3", "fused": "4", "flicker": "5", "panning": "ZZP",
        "help": "?", "bookmarks": ":bookmark one<Enter>'", "overlays": "V",
      ]
      _ = try Head.press(&model, keys[context] ?? "")
    }
    model.notice = nil
    model.shell.progress = nil
    return model
  }

  /// The words that a region covers, and whether they are those of a key.
  private func words(_ region: HitRegion, _ frame: Frame) -> (text: String, isKey: Bool) {
    let cells = (0..<region.area.columns).map { frame[region.area.row, region.area.column + $0] }
    return (
      String(String.UnicodeScalarView(cells.map(\.glyph))), cells[0].foreground == Self.blue
    )
  }

  @Test(arguments: contexts, [(80, 24), (120, 40), (200, 60)])
  func aClickOnAHintIsItsKey(_ context: String, _ size: (Int, Int)) throws {
    let model = try Self.model(context, columns: size.0, rows: size.1)
    let frame = view(model)
    var count = 0
    var taken: Set<Int> = []
    for region in hitRegions(model) {
      guard case .hint(let target) = region.meaning else { continue }
      count += 1
      let columns = region.area.column..<region.area.column + region.area.columns
      #expect(region.area.row == size.1 - 1 && taken.isDisjoint(with: columns))
      taken.formUnion(columns)
      let key: Key
      switch target {
      case .key(let typed): key = typed
      case .action(let action):
        let binding = KeyMap.bindings.first { $0.action == action }
        key = try #require(binding?.keys.first, "\(action)")
        let (text, isKey) = words(region, frame)
        let shown = KeyTable().shown(action)?.split(separator: " ").first.map(String.init)
        if isKey { #expect(text == shown || (text == "Dn" && shown == "PgDn"), "\(text)") }
        #expect(!text.allSatisfy { $0 == " " })
      }
      var pressed = model
      let asked = update(&pressed, .event(.key(key)))
      for column in [columns.lowerBound, columns.upperBound - 1] {
        var clicked = model
        let mouse = Mouse(.press, column: column, row: region.area.row)
        #expect(update(&clicked, .event(.key(.mouse(mouse)))) == asked, "\(context) \(key)")
        #expect(view(clicked) == view(pressed), "\(context) \(key)")
        #expect(clicked.shell.hasEnded == pressed.shell.hasEnded)
      }
    }
    #expect(count >= 4, "\(context)")
  }

  @Test func wordsOfTwoKeysBelongToTheirOwn() throws {
    var model = try Self.model("targets", columns: 120, rows: 40)
    _ = try Head.press(&model, "M")
    model.notice = nil
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
    let last = Array(lines[39])
    let word = "accept/reject"
    let at = (0..<last.count - word.count).first { String(last[$0..<$0 + word.count]) == word }
    let column = try #require(at) + "accept/".count + 2
    _ = try Head.press(&model, "<Press:\(column),39>")
    #expect(model.targets.book.last?.decision == .rejected)
  }

  /// Where words stand over the hints nothing is clicked; the click takes them away.
  @Test func aMessageCoversTheHints() throws {
    var model = Head.model()
    let quit = hitRegions(model).last {
      if case .hint(.action(let action)) = $0.meaning { action == .quit } else { false }
    }
    let place = try #require(quit?.area)
    _ = try Head.press(&model, "n:nonsense<Enter>")
    #expect(model.notice != nil)
    _ = try Head.press(&model, "<Press:\(place.column),\(place.row)>")
    #expect(model.notice == nil && !model.shell.hasEnded)
    _ = try Head.press(&model, "<Press:\(place.column),\(place.row)>")
    #expect(model.shell.hasEnded)
  }

  @Test func progressIsCancelledWhereItSaysSo() throws {
    var model = Head.model()
    model.shell.isLoading = false
    model.shell.progress = ("measuring", 0.5)
    let row = model.shell.size.rows - 1
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = String(lines[row])
    #expect(line.hasSuffix("Esc cancels"))
    #expect(try Head.press(&model, "<Press:\(line.count - 2),\(row)>") == [.cancel])
  }

  /// Files that are read go on: Esc is not said to end that, and asks for nothing.
  @Test func whatGoesOnIsNotSaidToBeCancelled() throws {
    var model = Model(
      size: Size(columns: 120, rows: 40),
      capabilities: Capabilities(colours: .direct, unicode: true))
    let load = try #require(firstRequests(&model).first)
    _ = update(&model, by: .answer(load.id, madeOf: nil, .firstLook(Head.scene())))
    _ = update(&model, by: .answer(load.id, madeOf: nil, .progress("reading", 0.5)))
    #expect(view(model).text.contains("reading 50 %"))
    #expect(!view(model).text.contains("Esc cancels"))
    let escape = update(&model, by: .event(.key(.escape)))
    #expect(escape.isEmpty)
    // Beside it a map may be asked for, and that Esc ends.
    _ = model.requests.stamp(.motion)
    #expect(!view(model).text.contains("Esc cancels"))
    let again = update(&model, by: .event(.key(.escape)))
    #expect(again.contains { $0.effect == .cancel })
    #expect(model.requests.pending[load.id] != nil)
  }
}
