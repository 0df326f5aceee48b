import CellUI
import TestSupport
import Testing
import Viewer

/// Home, End, pages and the wheel in a list of people.
@Suite struct BrowserLineTests {
  private func model() -> Model {
    var model = Model(
      size: Size(columns: 120, rows: 40),
      capabilities: Capabilities(colours: .direct, unicode: true))
    let visits = (0..<200).map { n in
      BrowserVisit(
        subject: "sub-\(1000 + n)", session: nil, runs: [BrowserTests.run(n, "v\(n)")], spects: [],
        anatomies: [])
    }
    let listing = BrowserListing(root: "/data/study", visits: visits, people: 200)
    for request in model.browse("/data/study") {
      _ = update(&model, by: .answer(request.id, madeOf: nil, .people(listing)))
      _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
    }
    return model
  }

  @Test func linesArePassedByPagesEndsAndTheWheel() {
    var model = model()
    func press(_ key: Key) -> Int {
      _ = update(&model, .event(.key(key)))
      return model.browser.line
    }
    func wheel(_ kind: Mouse.Kind) -> Int { press(.mouse(Mouse(kind, column: 10, row: 5))) }
    // What is not seen yet is asked for where the list goes.
    let effects = update(&model, .event(.key(.end)))
    let asksForLast = effects.contains { effect in
      if case .learnVisits(let visits, _) = effect { visits.contains(199) } else { false }
    }
    #expect(asksForLast && model.browser.line == 199)
    #expect(view(model).text.contains("sub-1199"))
    #expect(press(.pageUp) == 179)
    #expect(press(.home) == 0)
    #expect(press(.pageDown) == 20)
    // A notch of the wheel is a few lines and no page.
    #expect(wheel(.wheelDown) == 23)
    #expect(wheel(.wheelUp) == 20)
    #expect(press(.home) == 0)
    #expect(wheel(.wheelUp) == 0)
  }
}
