import Basics
import CellUI
import TestSupport
import Testing
import Viewer

/// The list of DICOM series: a pure function of what was listed and typed.
@Suite struct SeriesTests {
  static func series(
    _ number: Int, _ kind: String, _ role: String?, reason: String? = nil
  ) -> BrowserSeries {
    BrowserSeries(
      number: "\(number)", kind: kind, when: "2024-02-29 09:15", description: "what \(number) is",
      size: "64×64×30", minutes: role == "BOLD" ? 8.5 : nil, role: role, reason: reason)
  }

  static func listing(_ number: Int = 7) -> SeriesListing {
    SeriesListing(
      root: "/data/study", number: number,
      series: [
        series(1, "MR", nil, reason: "its slices have another orientation"),
        series(2, "MR", "BOLD"), series(3, "NM", "SPECT"),
        series(4, "NM", nil, reason: "it holds tomographic projections"),
      ], otherFiles: 2, damaged: [])
  }

  static func model(withPeople: Bool = false, columns: Int = 120, rows: Int = 40) throws -> Model {
    var model = Model(
      size: Size(columns: columns, rows: rows),
      capabilities: Capabilities(colours: .direct, unicode: true))
    for request in model.browse("/data/study") {
      var people =
        withPeople
        ? BrowserTests.listing() : BrowserListing(root: "/data/study", visits: [], people: 0)
      people.hasDICOM = withPeople
      _ = update(&model, by: .answer(request.id, madeOf: nil, .people(people)))
      if !withPeople {
        _ = update(&model, by: .answer(request.id, madeOf: nil, .series(listing())))
      }
      _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
    }
    return model
  }

  static func opened(_ effects: [Effect]) -> [Int]? {
    for effect in effects { if case .openSeries(let places, listing: 7) = effect { return places } }
    return nil
  }

  @Test func enterOpensTheLineOrWhatIsMarked() throws {
    var model = try Self.model()
    #expect(model.showsSeries)
    // The first that can be opened is looked at.
    #expect(model.browser.series.selected?.number == "2")
    let one = try Head.press(&model, "<Enter>")
    #expect(Self.opened(one) == [1])
    let both = try Head.press(&model, "<Space><Down><Space><Enter>")
    #expect(Self.opened(both) == [1, 2])
    let less = try Head.press(&model, "<Space><Enter>")
    #expect(Self.opened(less) == [1])
  }

  @Test func whatCannotBeOpenedSaysWhy() throws {
    var model = try Self.model()
    for keys in ["<Enter>", "<Space>"] {
      let effects = try Head.press(&model, "<Down><Down>" + keys)
      #expect(Self.opened(effects) == nil)
      #expect(model.notice?.text.contains("projections") == true)
      #expect(model.browser.series.marked.isEmpty)
      _ = try Head.press(&model, "<Up><Up>")
    }
  }

  @Test func linesStopAtTheEnds() throws {
    var model = try Self.model()
    _ = try Head.press(&model, "<PgUp><PgUp><Up>")
    #expect(model.browser.series.line == 0)
    _ = try Head.press(&model, "<PgDn><PgDn><Down>")
    #expect(model.browser.series.line == 3)
  }

  @Test func belowThePeopleStandsARowOfDICOM() throws {
    var model = try Self.model(withPeople: true)
    #expect(model.showsPeople && !model.showsSeries)
    let text = view(model).text
    #expect(text.contains("DICOM"))
    let effects = try Head.press(&model, "<PgDn><PgDn><Enter>")
    let asked = effects.contains {
      if case .browseSeries("/data/study") = $0 { true } else { false }
    }
    #expect(asked)
    // Nobody is opened there, and nobody is said anything of.
    let other = try Head.press(&model, "7")
    #expect(!other.contains(where: BrowserTests.isReview))
  }

  @Test func escTakesBackTheMarksAndThenLeaves() throws {
    var model = try Self.model()
    _ = try Head.press(&model, "<Space><Esc>")
    #expect(model.browser.series.marked.isEmpty && model.showsSeries)
    _ = try Head.press(&model, "<Esc>")
    #expect(model.notice?.text.contains("opens a series") == true)
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 50)])
  func theScreenTellsAllOfALine(_ size: (Int, Int)) throws {
    let model = try Self.model(columns: size.0, rows: size.1)
    let text = view(model).text
    for word in ["4 DICOM series, 2 can be opened", "2 other files", "SPECT", "BOLD", "2024-02-29"]
    {
      #expect(text.contains(word), "\(word)")
    }
    #expect(text.contains("8.5") && text.contains("what 2 is"))
    let words = spoken(model).map(\.words).joined(separator: "; ")
    #expect(words.contains("series 2") && words.contains("2 can be opened"))
  }

  @Test func anotherListForgetsMarks() throws {
    var model = try Self.model()
    _ = try Head.press(&model, "<Space>")
    for request in model.browse("/data/study") {
      _ = update(&model, by: .answer(request.id, madeOf: nil, .series(Self.listing(8))))
    }
    #expect(model.browser.series.marked.isEmpty)
  }
}
