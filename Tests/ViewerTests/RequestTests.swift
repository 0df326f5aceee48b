import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting
import TestSupport
import Testing
import Viewer

/// Answers belong to requests: what is not awaited changes nothing.
@Suite struct RequestTests {
  /// A head with a run, a map, and everything that targets need.
  static func model() throws -> Model {
    var (model, _, _) = try AnalysesTests.seeded()
    model.scene.targetsRefusal = nil
    model.scene.imageSHA256 = String(repeating: "e", count: 64)
    return model
  }

  static func press(_ model: inout Model, _ keys: String) throws -> [Request] {
    try KeyScript.parse(keys).flatMap { update(&model, by: .event(.key($0))) }
  }

  @Test func aClosedTargetListStaysClosed() throws {
    var model = try Self.model()
    let asking = try Self.press(&model, "t")
    let asked = try #require(asking.first)
    _ = update(
      &model,
      by: .answer(
        asked.id, madeOf: nil, .targets(try TargetListTests.report(isPreliminary: true))))
    #expect(model.targets.list != nil)
    let left = try Self.press(&model, "<Esc>")
    #expect(left.map(\.effect) == [.forget([asked.id])])
    let cursor = model.cursor
    let late = update(
      &model, by: .answer(asked.id, madeOf: nil, .targets(try TargetListTests.report())))
    #expect(late.isEmpty && model.targets.list == nil && model.cursor == cursor)
    #expect(!model.targets.isSearching)
    // The next search is not refused for one that nobody waits for.
    #expect(try Self.press(&model, "t").count == 1)
  }

  @Test func aSearchOfTheLessonEndsWithIt() throws {
    var model = try Self.model()
    var asked = try Self.press(&model, "E")
    for _ in 0..<12 where !asked.contains(where: \.effect.isSearch) {
      asked = try Self.press(&model, "n")
    }
    let searching = asked.first(where: \.effect.isSearch)
    let search = try #require(searching)
    _ = try Self.press(&model, "<Esc>")
    #expect(model.lesson.running == nil && model.requests.pending[search.id] == nil)
    let cursor = model.cursor
    _ = update(
      &model, by: .answer(search.id, madeOf: nil, .targets(try TargetListTests.report())))
    #expect(model.targets.list == nil && model.cursor == cursor)
  }

  @Test func whatIsSavedIsTheReportOnScreen() throws {
    var model = try TargetListTests.model()
    let shown = try TargetListTests.report()
    _ = update(&model, .targets(shown))
    _ = try Self.press(&model, "<Enter>")
    let saving = try Self.press(&model, "<Enter><C-u>mine<Enter>")
    let saved = try #require(saving.last)
    guard case .save(let records, _) = saved.effect else {
      Issue.record("nothing is saved")
      return
    }
    #expect(records.first?.point == shown.result.centre)
    #expect(saved.shown.targets?.result.centre == shown.result.centre)
    #expect(saved.shown.targets?.isPreliminary == false)
  }

  @Test func anotherPlaceUnderTheNameBeingTypedIsNotSaved() throws {
    var model = try TargetListTests.model()
    _ = update(&model, .targets(try TargetListTests.report()))
    _ = try Self.press(&model, "<Enter><Enter>")
    #expect(model.shell.prompt != nil)
    _ = update(&model, .targets(try TargetListTests.report(first: WorldPoint(-32, 46, 20))))
    #expect(model.shell.prompt == nil && model.targets.list?.isConfirming == false)
  }

  @Test func anAnswerOfAnotherCleaningIsNotShown() throws {
    var model = try Self.model()
    let asking = try Self.press(&model, "x")
    let asked = try #require(asking.first)
    let reduced = try #require(model.connectivity.cleaned)
    let matrix = try ConnectivityMatrix.ofHalves(reduced)
    var other = model.scene.choice
    other.polort += 1
    let made = MadeOf(cleaning: other, spects: [])
    _ = update(&model, by: .answer(asked.id, madeOf: made, .matrix(matrix)))
    #expect(model.analyses.matrix == nil)
    _ = update(
      &model,
      by: .answer(
        asked.id, madeOf: MadeOf(cleaning: model.scene.choice, spects: []), .matrix(matrix)))
    #expect(model.analyses.matrix != nil)
  }

  @Test func cleaningAnewDropsWhatWasAskedBefore() throws {
    var model = try Self.model()
    let seeding = try Self.press(&model, "<Space>")
    let map = try #require(seeding.first)
    let cleaning = try Self.press(&model, ":gsr on<Enter>")
    let prepare = try #require(cleaning.last)
    guard case .prepare(let choice) = prepare.effect else {
      Issue.record("nothing is prepared")
      return
    }
    let again = update(
      &model,
      by: .answer(
        prepare.id, madeOf: nil,
        .prepared(choice, Denoising(), RunQuality(nil), broadband: nil)))
    #expect(model.requests.pending[map.id] == nil)
    #expect(again.contains { if case .seedMap = $0.effect { true } else { false } })
    let title = model.connectivity.seedMap?.seed.title
    let late = try #require(model.connectivity.seedMap)
    #expect(
      update(
        &model, by: .answer(map.id, madeOf: nil, .seedMap(late, late.volume, blurred: nil))
      ).isEmpty)
    #expect(model.connectivity.seedMap?.seed.title == title)
  }

  @Test func aPanelThatIsClosedTakesItsRequestWithIt() throws {
    var model = try Self.model()
    let asking = try Self.press(&model, "x")
    let asked = try #require(asking.first)
    #expect(model.requests.pending[asked.id] == .matrix)
    _ = try Self.press(&model, "x")
    #expect(model.shell.panel == nil && model.requests.pending[asked.id] == nil)
    #expect(model.shell.progress == nil)
  }

  /// All that an answer could change, but for what is only drawn of it.
  static func fingerprint(_ model: Model) -> String {
    func id(_ x: AnyObject?) -> String { x.map { "\(ObjectIdentifier($0))" } ?? "-" }
    let list = model.targets.list
    let parts: [String] = [
      "\(model.cursor)", "\(model.viewState.right)", "\(model.notice?.text ?? "-")",
      "\(model.shell.progress?.text ?? "-") \(model.shell.progress?.part ?? 0)",
      "\(model.shell.isLoading) \(String(describing: model.shell.panel))",
      "\(model.requests.pending.keys.map(\.number).sorted())",
      "\(String(describing: list?.report.result.centre)) \(list?.index ?? -1)",
      "\(String(describing: list?.isConfirming)) \(String(describing: list?.report.isPreliminary))",
      "\(String(describing: list?.written)) \(list?.coil == nil) \(model.targets.isSearching)",
      "\(model.targets.book.count) \(model.targets.saved.count) \(model.ways.bookmarks.count)",
      "\(model.ways.typed.count) \(model.connectivity.seedMap?.seed.title ?? "-")",
      id(model.connectivity.seedVolume), id(model.averaging.blurredMap),
      id(model.connectivity.cleaned), "\(model.connectivity.inference == nil)",
      id(model.averaging.simulated?.volume), "\(model.analyses.matrix == nil)",
      "\(model.scene.spects.count) \(model.scene.title) \(model.ways.places.count)",
    ]
    return parts.joined(separator: "|")
  }

  @Test func noAnswerWithoutAnAwaitedRequestChangesTheModel() throws {
    var model = try Self.model()
    let map = try #require(model.connectivity.seedMap)
    let reduced = try #require(model.connectivity.cleaned)
    let scene = model.scene
    let answers: [Message] = [
      .seedMap(map, map.volume, blurred: nil), .blurredMap(map.seed, map.volume),
      .targets(try TargetListTests.report(isPreliminary: true)),
      .targets(try TargetListTests.report(first: WorldPoint(-36, 30, 40))),
      .coil(WorldPoint(-40, 38, 28), .none("no coil")), .progress("working", 0.5),
      .failed(Problem(.data, "x.nii", "it is empty")), .finished, .told("done"),
      .saved("x.tsv"), .cleaned(reduced), .matrix(try .ofHalves(reduced)), .loaded(scene),
      .bookmarks([Bookmark(name: "b", note: "", point: WorldPoint(1, 2, 3))]),
      .typed(["fwhm 9"]), .files(prefix: "", []),
    ]
    let keys = try KeyScript.parse("t<Esc><Space><Right><Left>xmvE<Esc>cn<Enter><Esc>LL<Up>y")
    var random = SeededGenerator(seed: 20)
    func pick(_ n: Int) -> Int { min(n - 1, Int(random.uniform() * Double(n))) }
    var issued: [RequestID] = []
    var dropped = 0
    var changed = 0
    while dropped + changed < 10_000 {
      if pick(4) == 0 {
        issued += update(&model, by: .event(.key(keys[pick(keys.count)]))).map(\.id)
        continue
      }
      let awaited = model.requests.pending.keys.sorted()
      let id: RequestID
      switch pick(3) {
      case 0 where !awaited.isEmpty: id = awaited[pick(awaited.count)]
      case 1 where !issued.isEmpty: id = issued[pick(issued.count)]
      default: id = RequestID(1_000_000 + pick(1000))
      }
      let isAwaited = model.requests.pending[id] != nil
      let before = Self.fingerprint(model)
      let answer = answers[pick(answers.count)]
      let asked = update(&model, by: .answer(id, madeOf: nil, answer))
      issued += asked.map(\.id)
      if isAwaited {
        changed += 1
      } else {
        dropped += 1
        guard asked.isEmpty, Self.fingerprint(model) == before else {
          Issue.record("\(answer) without a request changed the model")
          return
        }
      }
      // An answer outside of any request is none.
      if dropped % 50 == 0 {
        let still = Self.fingerprint(model)
        #expect(update(&model, by: answer).isEmpty && Self.fingerprint(model) == still)
      }
      if model.shell.hasEnded { break }
    }
    #expect(dropped > 1000 && changed > 1000)
  }
}

extension Effect {
  var isSearch: Bool { if case .findTargets = self { true } else { false } }
}

extension ConnectivityMatrix {
  /// The two halves of a brain.
  static func ofHalves(_ reduced: ReducedSeries) throws -> ConnectivityMatrix {
    let half = reduced.mask.count / 2
    return try reduced.matrix(of: [
      Parcel(label: 1, name: "a", places: Array(0..<half)),
      Parcel(label: 2, name: "b", places: Array(half..<reduced.mask.count)),
    ])
  }
}
