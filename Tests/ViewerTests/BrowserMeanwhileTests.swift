import Basics
import CellUI
import Imaging
import TestSupport
import Testing
import Viewer

/// What happens to the list of people between a key and what follows it.
@Suite struct BrowserMeanwhileTests {
  @Test func whatIsTypedIsOfWhomItWasBegunFor() throws {
    var model = BrowserTests.model()
    var facts: [Int: BrowserKnown] = [:]
    for row in [0, 3, 4] {
      facts[row] = BrowserKnown()
      facts[row]?.isRead = true
    }
    _ = update(&model, .facts(facts, visits: [:], listing: 0))
    // Only who is not rated is listed; the first of them is being rated.
    while model.browser.filter != .notRated { _ = try Head.press(&model, "f") }
    _ = try Head.press(&model, "j8")
    #expect(model.browser.selected?.title == "sub-01 ses-2")
    // It is rated elsewhere meanwhile and leaves the list.
    facts[3]?.rating = "good"
    _ = update(&model, .facts(facts, visits: [:], listing: 0))
    #expect(model.browser.selected?.title != "sub-01 ses-2")
    #expect(
      try Head.press(&model, "moved<Enter>")
        == [.review(row: 3, listing: 0, rating: "doubtful", text: "moved")])
    // The whole list may become another one.
    _ = try Head.press(&model, "<Esc>9")
    var other = BrowserTests.listing()
    (other.root, other.number) = ("/data/other", 2)
    let before = model.browser.listing?.number
    _ = update(&model, .people(other))
    let said = try Head.press(&model, "x<Enter>").filter(BrowserTests.isReview)
    guard case .review(_, let listing, _, _)? = said.first else {
      #expect(said.isEmpty)
      return
    }
    #expect(listing == before)
  }

  @Test func whatLiesOverTheListIsWhatKeysAreOf() throws {
    var model = BrowserTests.model()
    _ = try Head.press(&model, "/02<Enter>")
    model.lesson = try KeyLineTests.model("lesson", columns: 120, rows: 40).lesson
    #expect(!model.showsPeople)
    _ = try Head.press(&model, "<Esc>")
    #expect(model.lesson.running == nil)
    #expect(model.browser.search == "02")
    // Nobody is on screen who could be rated.
    var over = BrowserTests.model()
    over.lesson = try KeyLineTests.model("lesson", columns: 120, rows: 40).lesson
    #expect(try Head.press(&over, "7").filter(BrowserTests.isReview).isEmpty)
  }

  @Test func whatIsPastedIsSearchedForAndCancellingAReadingEndsIt() throws {
    var model = BrowserTests.model()
    _ = try Head.press(&model, "/")
    _ = update(&model, .event(.key(.pasted("02"))))
    #expect(model.browser.shown.count == 1)
    _ = try Head.press(&model, "<C-c>")
    #expect(model.browser.shown.count == 4)
    let effects = try Head.press(&model, ":open /data/other<Enter>")
    #expect(effects == [.browse("/data/other")])
    model.shell.progress = ("reading the folder", 0)
    #expect(try Head.press(&model, "<Esc>").contains(.cancel))
    model.shell.progress = ("something else", 0)
    #expect(try !Head.press(&model, "<Esc>").contains(.cancel))
  }

  @Test func theViewOfOnePersonIsNotTheNexts() throws {
    var model = BrowserTests.model()
    let requests = model.begin(
      BrowserPlace(visit: 0, run: 0), BrowserChoice(row: 0, carries: false))
    let recall = try #require(requests.first { $0.effect == .recall })
    var view = Model(size: Size(columns: 80, rows: 24), capabilities: model.shell.capabilities)
      .viewState
    view.cursor = WorldPoint(40, 40, 40)
    view.frame = 7
    let state = JSON.object([("view", ViewField.json(view))])
    _ = update(&model, by: .answer(recall.id, madeOf: nil, .lastView(state)))
    #expect(model.ways.start?.view.frame == 7)
    // Gone on before the first was read.
    _ = model.begin(BrowserPlace(visit: 2, run: 0), BrowserChoice(row: 4, carries: true))
    #expect(model.ways.start?.view.frame ?? 0 == 0)
    #expect(model.ways.start?.placesCursor ?? false == false)
  }
}
