import Basics
import CellUI
import Connectivity
import Foundation
import Imaging
import Targeting
import TestSupport
import Testing
import Viewer

/// The target list, driven by keys.
@Suite struct TargetListTests {
  /// Two candidates and a sgACC map of noise.
  static func report(
    isPreliminary: Bool = false, first: WorldPoint = WorldPoint(-40, 38, 28),
    settings: TargetProtocol = TargetProtocol(), rWithoutRemoval: Float = -0.1
  ) throws -> TargetReport {
    let mask = try #require(Head.scene().mask)
    let region = RegionMap(
      places: settings.region.places(in: mask, greyMatter: nil), mask: mask, settings: settings)
    func map(_ r: Float) -> SeedMap {
      SeedMap(
        seed: settings.seed, r: [Float](repeating: r, count: mask.count), mask: mask,
        degreesOfFreedom: 90, secondsKept: 600, seedVoxelCount: 9, denoising: Denoising(),
        coordinates: [])
    }
    func candidate(_ rank: Int, _ p: WorldPoint) -> Candidate {
      Candidate(
        rank: rank, point: p, side: SideRule.mni.side(of: p), r: -0.4, z: -0.42, peakR: -0.5,
        peak: p, voxelCount: 20, regionWideP: 0.01, label: "Frontal_Mid_L",
        distances: Sites.treatment.map { ($0.name, $0.point.distance(to: p)) }, footprint: nil)
    }
    let result = TargetSearchResult(
      candidates: [candidate(1, first), candidate(2, WorldPoint(-28, 50, 32))],
      selected: isPreliminary ? nil : 1, reason: isPreliminary ? "being found out" : nil,
      map: map(-0.1),
      regionVoxelCount: region.count, confidence: nil, region: region, centre: first)
    var without = result
    without.map = map(rWithoutRemoval)
    return TargetReport(
      settings: settings, result: result, isPreliminary: isPreliminary,
      withoutGlobalSignalRemoval: without, comparators: [], firstCandidateWithout: 0.1,
      weightedSeedR: nil, cameraFWHM: 10, cameraTarget: nil, effectiveN: 80,
      degreesOfFreedom: 90, secondsKept: 600, modelsMotion: false, denoising: Denoising())
  }

  static func model(columns: Int = 120, rows: Int = 40) throws -> Model {
    var model = Head.model(columns: columns, rows: rows)
    model.scene.targetsRefusal = nil
    model.scene.imageSHA256 = String(repeating: "e", count: 64)
    guard case .findTargets? = try Head.press(&model, "t").first else {
      Issue.record("nothing is looked for")
      return model
    }
    return model
  }

  @Test func aListThatSpeaksOfASimulationIsNone() throws {
    var model = try Self.model(columns: 120, rows: 40)
    var report = try Self.report()
    report.moreWarnings = ["a SIMULATED camera would have put it elsewhere"]
    _ = update(&model, .targets(report))
    let list = view(model)
    #expect(list.text.contains("SIMULATED") && list.unmeasuredWords == [])
    model.scene.isSimulated = true
    #expect(view(model).unmeasuredWords == ["SIMULATED"])
    model.scene.isSyntheticPerson = true
    #expect(view(model).unmeasuredWords == ["SYNTHETIC PERSON"])
    // Elsewhere what stands on the screen is what it shows.
    model.targets.list = nil
    #expect(view(model).unmeasuredWords == nil)
  }

  @Test func onePlaceHasOneDecision() throws {
    var model = try Self.model(columns: 120, rows: 40)
    _ = update(&model, .targets(try Self.report()))
    _ = try Head.press(&model, "X")
    #expect(model.targets.book.map(\.decision) == [.rejected])
    // The candidate's own row does not forget what was said of its place.
    model.targets.list?.index = 0
    _ = try Head.press(&model, "<Enter><Enter>")
    #expect(model.shell.prompt == nil)
    #expect(model.notice?.isRefusal == true)
    #expect(model.notice?.text.contains("rejected as mark-1") == true)
    // The first may only cancel what is computed for the screen.
    for _ in 0..<2 where model.targets.list?.isConfirming == true {
      _ = try Head.press(&model, "<Esc>")
    }
    model.targets.list?.index = 0
    _ = try Head.press(&model, "Y")
    #expect(model.targets.book.map(\.decision) == [.accepted])
  }

  @Test func candidatesComeAtOnceAndAreConfirmedOnlyWhenTheirConfidenceIsKnown() throws {
    var model = try Self.model()
    _ = update(&model, .targets(try Self.report(isPreliminary: true)))
    #expect(view(model).text.contains("candidates only"))
    #expect(try Head.press(&model, "<Enter>").isEmpty)
    #expect(model.targets.list?.isConfirming == false)
    #expect(model.notice?.text.contains("still being found out") == true)
    _ = update(&model, .targets(try Self.report()))
    let effects = try Head.press(&model, "<Enter>")
    guard case .planCoil(let record)? = effects.first else {
      Issue.record("no coil is asked for")
      return
    }
    #expect(record.side == .left && record.point == WorldPoint(-40, 38, 28))
    let text = view(model).text
    #expect(text.contains("CONFIRM") && text.contains("LEFT"))
    #expect(text.contains("−40.0 +38.0 +28.0 mm RAS+  MNI152"))
    // Warnings come before everything that speaks for it.
    #expect(text.contains("! MOTION NOT MODELLED") && text.contains("the sign flips, r here"))
    _ = update(&model, .coil(record.point, .none("no coil is drawn: start with --anat")))
    #expect(view(model).text.contains("no coil is drawn"))
    // Another search under the confirm screen takes it away.
    _ = update(&model, .targets(try Self.report(first: WorldPoint(-36, 30, 40))))
    #expect(model.targets.list?.isConfirming == false)
  }

  @Test func theSavedRecordSaysWhatWasSeen() throws {
    var model = try Self.model()
    _ = update(&model, .targets(try Self.report()))
    let effects = try Head.press(&model, "<Enter><Enter><C-u>mine<Enter>")
    guard case .save(let records, let name)? = effects.last, let record = records.first else {
      Issue.record("nothing is saved")
      return
    }
    #expect(name == "mine" && record.name == "mine")
    #expect(record.decision == .accepted && record.isAcknowledged)
    #expect(record.warnings.contains("MOTION NOT MODELLED"))
    #expect(record.imageSHA256 == String(repeating: "e", count: 64))
    let sheet = targetSheet(
      record, try Self.report(), inputs: [Provenance("bold", sha256: "abc")], version: "0",
      notice: "research")
    for words in [
      "LEFT", "−40.0 +38.0 +28.0 mm RAS+, MNI152", "10.0 min kept", "MOTION NOT MODELLED",
      "seen and confirmed", "rho 0.02", "sha256 abc", "research",
    ] { #expect(sheet.contains(words), "\(words)") }
    #expect(sheet.split(separator: "\n", omittingEmptySubsequences: false).count <= 66)
    #expect(sheet.split(separator: "\n").allSatisfy { $0.count <= 82 })
  }

  @Test func marksAreNamedNotedDecidedAndUndone() throws {
    var model = try Self.model()
    _ = update(&model, .targets(try Self.report()))
    // A decision about a candidate makes a mark of it.
    var effects = try Head.press(&model, "nY")
    #expect(model.targets.book.count == 1 && model.targets.book[0].decision == .accepted)
    guard case .keepBook(let kept)? = effects.last else {
      Issue.record("nothing is kept")
      return
    }
    #expect(kept == model.targets.book && kept[0].point == WorldPoint(-28, 50, 32))
    effects = try Head.press(&model, "r<C-u>edge<Enter>")
    #expect(effects == [.keepBook(model.targets.book)] && model.targets.book[0].name == "edge")
    _ = try Head.press(&model, "r<C-u>../x<Enter>")
    #expect(model.targets.book[0].name == "edge" && model.notice != nil)
    #expect(model.shell.prompt?.text == "../x")
    _ = try Head.press(&model, "<Esc>egood place<Enter>")
    #expect(model.targets.book[0].note == "good place")
    #expect(view(model).text.contains("ACCEPTED edge: good"))
    _ = try Head.press(&model, "X")
    #expect(model.targets.book[0].decision == .rejected)
    for (decision, note) in [(TargetDecision.accepted, "good place"), (.accepted, "")] {
      _ = try Head.press(&model, "U")
      #expect(model.targets.book[0].decision == decision && model.targets.book[0].note == note)
    }
    _ = try Head.press(&model, "UUUU")
    #expect(model.targets.book.isEmpty)
    #expect(try Head.press(&model, "U").isEmpty)
    // What was noted goes into the record that is saved.
    _ = try Head.press(&model, "ekeep<Enter>")
    effects = try Head.press(&model, "<Enter><Enter><C-u>m<Enter>")
    guard case .save(let records, _)? = effects.last else {
      Issue.record("nothing is saved")
      return
    }
    #expect(records[0].note == "keep")
  }

  /// The same decision twice is the same decision, and the line says what is kept.
  @Test(arguments: [("Y", TargetDecision.accepted), ("X", .rejected)])
  func aDecisionIsNoSwitch(_ key: String, _ decision: TargetDecision) throws {
    var model = try Self.model()
    _ = update(&model, .targets(try Self.report()))
    _ = try Head.press(&model, key)
    let once = model.targets.book
    #expect(once[0].decision == decision)
    #expect(try Head.press(&model, key).isEmpty && model.targets.book == once)
    #expect(model.notice?.text.contains("\(decision.rawValue) already") == true)
    // One step back undoes one decision.
    _ = try Head.press(&model, "U")
    #expect(model.targets.book[0].decision == nil)
  }

  /// What stands beside the list, and in its figure, is of the map that was searched and not of the panes.
  @Test func theListSaysWhichMapItDraws() throws {
    var model = try Self.model(columns: 120, rows: 40)
    let report = try Self.report()
    _ = update(&model, .targets(report))
    let shown = view(model).text
    #expect(shown.contains("r: " + report.settings.seed.title.prefix { $0 != "(" }))
    #expect(shown.contains("|r| ≥ 0.30"))
    let words = spoken(model)
    let map = try #require(words.first { $0.topic == "map" }?.words)
    #expect(map.contains(report.settings.seed.title) && map.contains(report.denoising.summary))
    #expect(map.contains("\(report.result.map.degreesOfFreedom) degrees of freedom"))
    let legend = figure(model).legend
    #expect(legend.contains("map: " + map))
    for topic in ["left pane", "right pane", "threshold"] {
      #expect(!legend.contains { $0.hasPrefix(topic) })
    }
    model.targets.list = nil
    #expect(figure(model).legend.contains { $0.hasPrefix("left pane") })
  }

  /// Who accepts where nothing passed is told so with the acceptance.
  @Test func anAcceptanceSaysWhetherAnythingIsReliable() throws {
    for selected in [1, nil] {
      var model = try Self.model()
      var report = try Self.report()
      report.result.selected = selected
      _ = update(&model, .targets(report))
      _ = try Head.press(&model, "Y")
      let words = try #require(model.notice?.text)
      #expect(words.contains("accepted"))
      #expect(words.contains("NO RELIABLE TARGET") == (selected == nil), "\(words)")
    }
  }

  /// A place that no search found turns its sign like any other, and has as few minutes.
  @Test func aMarkHasTheWarningsOfItsOwnPlace() throws {
    let mark = WorldPoint(40, -12, 24)
    #expect(
      try Self.report().warnings(atPlace: mark).allSatisfy { !$0.contains("sign flips") })
    var model = try Self.model(columns: 120, rows: 60)
    model.cursor = mark
    _ = try Head.press(&model, "M")
    let report = try Self.report(rWithoutRemoval: 0.1)
    _ = update(&model, .targets(report))
    model.targets.list?.index = report.result.candidates.count
    _ = try Head.press(&model, "<Enter>")
    let words = "the sign flips here without global-signal removal (r +0.10, was −0.10)"
    #expect(view(model).text.contains("! " + words), "\(view(model).text)")
    let effects = try Head.press(&model, "<Enter><C-u>hand<Enter>")
    guard case .save(let records, _)? = effects.last, let record = records.first else {
      Issue.record("nothing is saved")
      return
    }
    #expect(record.warnings.contains(words))
  }

  /// What was found of the first candidate is not said, or saved, of the second, which has checks of its own.
  @Test func theSecondCandidateHasItsOwnWarnings() throws {
    var report = try Self.report()
    report.result.candidates[1].rWithoutBreathing = -0.1
    var model = try Self.model(columns: 120, rows: 60)
    _ = update(&model, .targets(report))
    _ = try Head.press(&model, "n<Enter>")
    let shown = view(model).text.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }.joined(separator: " ")
    #expect(shown.contains("CONFIRM") && !shown.contains("candidate 1 GOES"), "\(shown)")
    #expect(shown.contains("this is candidate 2: radius, halves and the decision are of"))
    #expect(
      shown.contains(
        "candidate 2 WEAKENS without slow breathing, 0.03 Hz (r here −0.10, was −0.40)"))
    #expect(shown.contains("r here cleaned otherwise: "))
    let effects = try Head.press(&model, "<Enter><C-u>second<Enter>")
    guard case .save(let records, _)? = effects.last, let record = records.first else {
      Issue.record("nothing is saved")
      return
    }
    #expect(record.warnings.contains { $0.contains("candidate 2 WEAKENS") })
    #expect(!record.warnings.contains { $0.contains("candidate 1 GOES") })
  }

  /// What a search says about its candidates is not said, or saved, of a place that a person marked.
  @Test func aHandMadeMarkHasTheEvidenceOfItsOwnPlace() throws {
    var model = try Self.model()
    model.cursor = WorldPoint(40, -12, 24)
    _ = try Head.press(&model, "M")
    let report = try Self.report()
    _ = update(&model, .targets(report))
    model.targets.list?.index = report.result.candidates.count
    _ = try Head.press(&model, "<Enter>")
    let shown = view(model).text
    #expect(shown.contains("CONFIRM") && shown.contains("r −0.100 at this place"))
    for words in ["candidate 1", "region-wide", "the sign flips", "95 %"] {
      #expect(!shown.contains(words), "\(words)")
    }
    // The data are the same for every place.
    #expect(shown.contains("! MOTION NOT MODELLED"))
    let effects = try Head.press(&model, "<Enter><C-u>hand<Enter>")
    guard case .save(let records, _)? = effects.last else {
      Issue.record("nothing is saved")
      return
    }
    #expect(records[0].warnings == ["MOTION NOT MODELLED"])
    #expect(abs((records[0].r ?? 0) + 0.1) < 1e-6)
    let sheet = targetSheet(records[0], report, inputs: [], version: "0", notice: "research")
    #expect(!sheet.contains("verdict  ") && !sheet.contains("passes the region-wide test"))
    #expect(sheet.contains("no candidate of the search"))
    // Outside of the brain there is no r, and that is said.
    var outside = try Self.model()
    outside.cursor = WorldPoint(76, 80, 90)
    _ = try Head.press(&outside, "M")
    _ = update(&outside, .targets(report))
    outside.targets.list?.index = report.result.candidates.count
    _ = try Head.press(&outside, "<Enter>")
    #expect(view(outside).text.contains("no r is known at this place"))
  }

  @Test func theListSaysHowManyRowsItShows() throws {
    var model = try Self.model(columns: 80, rows: 24)
    _ = update(&model, .targets(try Self.report()))
    #expect(view(model).text.contains(" of \(model.targetEntries.count)"))
  }

  @Test func aPlaceIsMarkedWithoutASearchAndComesBack() throws {
    var model = Head.model()
    model.cursor = WorldPoint(40, -12, 24)
    guard case .keepBook(let kept)? = try Head.press(&model, "M").first else {
      Issue.record("nothing is kept")
      return
    }
    #expect(kept[0].side == .right && kept[0].name == "mark-1")
    var later = Head.model()
    _ = update(&later, .recovered(kept))
    #expect(later.targets.book == kept && later.notice?.text.contains("back") == true)
    // One key does not take away what an earlier session left.
    #expect(try Head.press(&later, "<Esc>UU").isEmpty && later.targets.book == kept)
    var unknown = Head.model(Head.scene(laterality: .unknown))
    #expect(try Head.press(&unknown, "M").isEmpty && unknown.targets.book.isEmpty)
  }

  @Test func theSearchSphereFollowsTheCursor() throws {
    var model = try Self.model()
    _ = update(&model, .targets(try Self.report()))
    guard case .findTargets(let settings)? = try Head.press(&model, "L").first else {
      Issue.record("nothing is looked for")
      return
    }
    #expect(settings.region.centres == [model.cursor] && settings.region.radius == 20)
    let before = model.cursor
    guard case .findTargets(let moved)? = try Head.press(&model, "<Left>").first else {
      Issue.record("nothing is looked for")
      return
    }
    #expect(model.cursor.x == before.x + 4 && moved.region.centres == [model.cursor])
    // The answer does not carry the cursor away while it is moved.
    _ = update(&model, .targets(try Self.report(first: WorldPoint(-32, 46, 20))))
    #expect(model.cursor == moved.region.centres[0])
    #expect(view(model).text.contains("FOLLOWING"))
    _ = try Head.press(&model, "<Esc>")
    #expect(model.targets.list?.isFollowing == false && model.targets.list != nil)
    guard case .findTargets(let finer)? = try Head.press(&model, "[").first else {
      Issue.record("nothing is looked for")
      return
    }
    #expect(finer.percentile == 2)
    guard
      case .findTargets(let typed)? = try Head.press(&model, ":sphere -40,40,30,12<Enter>").first
    else {
      Issue.record("nothing is looked for")
      return
    }
    #expect(typed.region.centres == [WorldPoint(-40, 40, 30)] && typed.region.radius == 12)
  }

  /// The head in all 48 orders: one screen in either convention.
  @Test func everyStorageOrderIsOneScreen() throws {
    var texts: [Set<String>] = [[], []]
    for order in Small.storageOrders {
      let grid = Small.grid(
        [41, 49, 41], spacing: 4, low: [-80, -110, -60], axes: order.axes, flips: order.flips)
      var scene = Head.scene()
      let old = scene.underlays[0].volume
      scene.grid = grid
      scene.mask = Mask(grid: grid, origin: "ball") {
        grid.world(at: $0).distance(to: WorldPoint(0, -14, 20)) < 70
      }
      scene.underlays = [
        NamedVolume(
          name: "anatomy",
          volume: Volume(
            grid: grid, values: (0..<grid.count).map { old.nearest(grid.world(at: $0)) }))
      ]
      scene.overlays = []
      scene.targetsRefusal = nil
      for (n, keys) in ["", "R"].enumerated() {
        var model = Head.model(scene, colours: .none)
        if !keys.isEmpty { _ = try Head.press(&model, keys) }
        _ = update(&model, .targets(try Self.report()))
        texts[n].insert(view(model).text)
      }
    }
    #expect(texts[0].count == 1 && texts[1].count == 1 && texts[0] != texts[1])
  }
}
