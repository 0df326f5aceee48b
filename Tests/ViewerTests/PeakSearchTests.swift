import CellUI
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// Peaks and clusters are looked for elsewhere; the key only asks.
@Suite struct PeakSearchTests {
  static func model() -> Model { Places.model() }

  private func search(_ requests: [Request]) throws -> (Request, PeakSearch) {
    let found = requests.compactMap { request -> (Request, PeakSearch)? in
      if case .findPeaks(let search) = request.effect { (request, search) } else { nil }
    }
    return try #require(found.last)
  }

  private func answer(_ model: inout Model, _ request: Request, _ search: PeakSearch) throws {
    let found = try search.found { _ in }
    _ = update(&model, by: .answer(request.id, madeOf: nil, .foundPeaks(search, found)))
    _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
  }

  @Test(arguments: ["n", "N", ":peak<Enter>"])
  func theKeyAsksAndTheAnswerMoves(_ keys: String) throws {
    var model = Self.model()
    let before = model.cursor
    let asked = try RequestTests.press(&model, keys)
    let (request, search) = try search(asked)
    #expect(model.cursor == before && model.notice == nil)
    #expect(model.shell.progress?.text == search.words)
    try answer(&model, request, search)
    let wanted = Places.peaks[keys == "N" ? 2 : 0].0
    #expect(model.cursor.distance(to: wanted) < 3)
    #expect(model.shell.progress == nil && model.requests.pending[request.id] == nil)
    // It is a jump, and the way back is there.
    _ = try RequestTests.press(&model, "<BS>")
    #expect(model.cursor == before)
    _ = try RequestTests.press(&model, "<C-u><C-u>")
    #expect(model.cursor == before)
  }

  @Test func stepsWhileItIsLookedForAreNotLostAndThenNothingIsAsked() throws {
    var model = Self.model()
    let (request, search) = try search(try RequestTests.press(&model, "n"))
    #expect(try RequestTests.press(&model, "nnN").isEmpty)
    try answer(&model, request, search)
    #expect(model.notice?.text.contains("cluster 2 of 3") == true)
    #expect(try RequestTests.press(&model, "n").isEmpty)
    #expect(model.notice?.text.contains("cluster 3 of 3") == true)
    // Another threshold is another question.
    _ = try RequestTests.press(&model, "}")
    #expect(!(try RequestTests.press(&model, "n")).isEmpty)
  }

  @Test(arguments: ["<Esc>", "<Left>", ":threshold 0.6<Enter>"])
  func whoGoesOnIsNotCarriedAway(_ keys: String) throws {
    var model = Self.model()
    let (request, search) = try search(try RequestTests.press(&model, "n"))
    _ = try RequestTests.press(&model, keys)
    let cursor = model.cursor
    try answer(&model, request, search)
    #expect(model.cursor == cursor)
    // The next key begins anew.
    let (again, fresh) = try self.search(try RequestTests.press(&model, "n"))
    try answer(&model, again, fresh)
    #expect(model.notice?.text.contains("cluster 1 of") == true)
  }

  @Test func notANumberAndInfinityAreNoPeak() throws {
    var model = Self.model()
    var values = [Float](repeating: .nan, count: Head.grid.count)
    (values[10], values[20], values[30]) = (.infinity, -2, 2)
    model.scene.overlays = [NamedVolume(name: "m", volume: Volume(grid: Head.grid, values: values))]
    _ = try Head.press(&model, ":peak<Enter>")
    #expect(model.cursor == Head.grid.world(at: 20))
    model.scene.overlays = [
      NamedVolume(
        name: "m",
        volume: Volume(grid: Head.grid, values: [Float](repeating: 0, count: Head.grid.count)))
    ]
    _ = try Head.press(&model, ":peak<Enter>")
    #expect(model.notice?.text.contains("no value") == true)
  }
}
