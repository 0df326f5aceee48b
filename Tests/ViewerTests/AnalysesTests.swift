import Basics
import CellUI
import Connectivity
import Foundation
import Imaging
import Targeting
import TestSupport
import Testing
import Viewer

/// Panels, movies and maps of activity: what keys ask for and what is shown.
@Suite struct AnalysesTests {
  static let grid = Small.grid(
    13, 15, 13, spacing: (12, 12, 12), origin: WorldPoint(-72, -100, -60))

  /// A head with a short run in it, and a second session.
  static func model(columns: Int = 120, rows: Int = 40) throws -> (Model, ReducedSeries) {
    let run = Small.run(grid, frames: 60, tr: 3) { t, v in
      var generator = SeededGenerator(seed: UInt64(t * 7919 + v))
      return 100 + Float(generator.uniform() * 5)
    }
    var scene = Scene()
    scene.title = "run.nii.gz"
    scene.space = .mni152
    scene.laterality = .known
    scene.sideRule = .mni
    scene.grid = grid
    scene.mask = run.mask
    scene.run = run
    scene.underlays = [NamedVolume(name: "mean BOLD", volume: run.mean)]
    scene.secondTitle = "second.nii.gz"
    scene.hasNetworks = true
    var model = Head.model(scene, columns: columns, rows: rows)
    let reduced = try ReducedSeries(run, Denoising())
    _ = update(&model, .cleaned(reduced))
    return (model, reduced)
  }

  static func seeded() throws -> (Model, ReducedSeries, SeedMap) {
    var (model, reduced) = try model()
    let seed = Seed.sphere(centre: WorldPoint(0, -40, 24), radius: 6, name: "PCC")
    let map = try reduced.seedMap(seed)
    _ = update(&model, .seedMap(map, map.volume, blurred: nil))
    return (model, reduced, map)
  }

  @Test func panelsComeAndGoAndAskOnce() throws {
    var (model, reduced) = try Self.model()
    #expect(try Head.press(&model, "m") == [.motion])
    #expect(model.shell.panel == .motion)
    #expect(view(model).text.contains("motion and carpet"))
    let run = try #require(model.scene.run)
    _ = update(
      &model, .motion(RunQuality(nil, try run.signalQuality()), try run.carpet()))
    let text = view(model).text
    #expect(text.contains("DVARS") && text.contains("60 frames, 0 dropped, 0 censored, 60 kept"))
    #expect(text.contains("unknown: no motion file"))
    #expect(try Head.press(&model, "m").isEmpty)
    #expect(model.shell.panel == nil)
    #expect(try Head.press(&model, "x") == [.matrix])
    let parcels = [
      Parcel(label: 1, name: "Alpha", places: Array(0..<1200), network: "A"),
      Parcel(label: 2, name: "Beta", places: Array(1200..<2000), network: "B"),
    ]
    _ = update(&model, .matrix(try reduced.matrix(of: parcels)))
    #expect(view(model).text.contains("matrix of 2 regions"))
    _ = try Head.press(&model, "<Esc>")
    #expect(model.shell.panel == nil)
    #expect(try Head.press(&model, "T") == [.networks])
    _ = try Head.press(&model, "<Esc>x")
    #expect(model.shell.panel == .matrix)
  }

  @Test(arguments: [true, false]) func aMatrixWithoutRegionsSaysSo(_ hasColours: Bool) throws {
    var (model, reduced) = try Self.model()
    if !hasColours { model.shell.capabilities.colours = .none }
    _ = try Head.press(&model, "x")
    let none = ConnectivityMatrix(
      parcels: [], r: [], degreesOfFreedom: 10, secondsKept: nil, denoising: reduced.denoising)
    _ = update(&model, .matrix(none))
    #expect(view(model).text.contains("no region shares a voxel"))
    #expect(update(&model, .event(.key(.mouse(Mouse(.press, column: 6, row: 6))))).isEmpty)
  }

  @Test func panelsOfRegionsNeedMNISpace() throws {
    var (model, _) = try Self.model()
    model.scene.space = .native
    #expect(try Head.press(&model, "x").isEmpty)
    #expect(model.shell.panel == nil && model.notice?.text.contains("MNI") == true)
    model.scene.hasNetworks = false
    #expect(try Head.press(&model, "T").isEmpty)
    #expect(model.notice?.text.contains("--networks") == true)
  }

  @Test func aMovieIsSteppedPlayedAndEnded() throws {
    var (model, reduced, map) = try Self.seeded()
    #expect(try Head.press(&model, "w") == [.movie(map.seed, seconds: 100)])
    let movie = try reduced.windowedMaps(map.seed, .rectangular(frames: 30, step: 10))
    _ = update(&model, .movie(movie))
    #expect(movie.maps.count == 4 && model.movie.index == 0)
    #expect(view(model).text.contains("window 1 of 4, 0–90 s"))
    // Shorter than one period of 0.01 Hz: said, not hidden.
    #expect(model.notice?.text.contains("shorter than one period") == true)
    _ = try Head.press(&model, "]]]]]")
    #expect(model.movie.index == 3)
    #expect(model.navigation.frame == 0)
    _ = update(&model, .tick)
    #expect(model.movie.index == 3)
    _ = try Head.press(&model, "p")
    _ = update(&model, .tick)
    #expect(model.movie.index == 0)
    _ = try Head.press(&model, "<Esc>")
    #expect(!model.movie.isPlaying && model.movie.windows != nil)
    _ = try Head.press(&model, "<Esc>")
    #expect(model.movie.windows == nil)
  }

  @Test func activityMapsHaveAScaleOfTheirOwn() throws {
    var (model, _) = try Self.model()
    #expect(try Head.press(&model, "A") == [.activity(.alff)])
    let run = try #require(model.scene.run)
    let values = (0..<run.voxelCount).map { Float($0) }
    let map = ActivityMap(measure: .alff, values: values, definition: "test")
    _ = update(&model, .activity(map, run.mask.volume(values)))
    #expect(view(model).text.contains("ALFF"))
    let threshold = model.threshold
    _ = try Head.press(&model, "}")
    #expect(model.style(model.currentOverlayID).threshold == 55 && model.threshold == threshold)
    #expect(try Head.press(&model, "A") == [.activity(.falff)])
    #expect(try Head.press(&model, ":reho<Enter>") == [.activity(.reho)])
  }

  @Test func aChangedCleaningForgetsWhatWasMadeOfTheOldOne() throws {
    var (model, reduced, map) = try Self.seeded()
    _ = update(
      &model,
      .matrix(try reduced.matrix(of: [Parcel(label: 1, name: "A", places: [0, 1], network: nil)])))
    let run = try #require(model.scene.run)
    let measured = RunQuality(nil, try run.signalQuality())
    _ = update(&model, .motion(measured, try run.carpet()))
    _ = update(
      &model,
      .activity(
        ActivityMap(measure: .alff, values: map.r, definition: "test"), map.volume))
    let effects = try Head.press(&model, ":gsr on<Enter>")
    guard case .prepare(let choice)? = effects.first else {
      Issue.record("nothing is prepared")
      return
    }
    #expect(choice.removesGlobalSignal == true)
    // Nothing changes before it is done, and a choice that fails changes nothing.
    #expect(model.scene.choice.removesGlobalSignal == nil)
    let next = update(
      &model,
      .prepared(
        choice, Denoising(removesGlobalSignal: true), RunQuality(nil), broadband: nil))
    #expect(model.analyses.matrix == nil)
    // What was measured of the run itself stays.
    #expect(model.scene.quality == measured)
    #expect(model.scene.choice == choice && model.scene.denoising.removesGlobalSignal)
    guard case .seedMap(let seed, _, _, _)? = next.first else {
      Issue.record("the map is not made anew")
      return
    }
    #expect(seed == map.seed)
    #expect(!model.scene.overlays.contains { $0.activity != nil })
    for command in ["preset nonsense", "censor x", "drop -1", "band 1", "highpass 0"] {
      #expect(try Head.press(&model, ":\(command)<Enter>").isEmpty)
      #expect(model.notice?.text.contains(":\(command.prefix { $0 != " " }) takes") == true)
    }
    for (command, check) in [
      ("preset 24p", { $0.preset == .twentyFour }), ("drop 4", { $0.droppedFrames == 4 }),
      ("censor 0.3", { $0.censoring.displacementMillimetres == 0.3 }),
      ("highpass 128", { $0.highPassHertz == 1 / 128 }),
    ] as [(String, (CleaningChoice) -> Bool)] {
      guard case .prepare(let made)? = try Head.press(&model, ":\(command)<Enter>").first else {
        Issue.record("\(command) prepares nothing")
        continue
      }
      #expect(check(made))
    }
  }

  @Test func statisticsFollowTheMapAndSetTheThreshold() throws {
    var (model, reduced, map) = try Self.seeded()
    _ = try Head.press(&model, ":fdr 0.05<Enter>")
    #expect(model.notice?.text.contains("no statistics") == true)
    let inference = try map.inference(in: reduced, method: .bartlett)
    _ = update(&model, .inference(inference))
    model.cursor = WorldPoint(0, -40, 24)
    #expect(model.valuesAtCursor.contains { $0.name == "q" })
    _ = try Head.press(&model, ":fdr 0.9<Enter>")
    let least = try #require(inference.leastR(map.r, at: 0.9))
    #expect(abs(model.threshold - least) < 1e-12)
    // Those of an older map are dropped.
    var other = model
    other.connectivity.inference = nil
    let older = try #require(update(&other, by: .event(.key(.character(" ")))).first?.id)
    _ = update(&other, by: .event(.key(.character(" "))))
    _ = update(&other, by: .answer(older, madeOf: nil, .inference(inference)))
    #expect(other.connectivity.inference == nil)
  }

  @Test func theChangeOfTwoSessionsIsBesideTheFirst() throws {
    var (model, reduced, map) = try Self.seeded()
    #expect(try Head.press(&model, ":change<Enter>") == [.change(map.seed)])
    let n = try map.inference(in: reduced, method: .bartlett).effectiveN
    let change = SessionChange(
      first: map, firstN: n, second: map, secondR: map.r.map { -$0 }, secondN: n, retest: nil,
      warnings: ["kept minutes differ: 3 and 4"])
    _ = update(
      &model,
      .change(
        change, second: map.mask.volume(map.r.map { -$0 }), ratio: map.mask.volume(change.ratio)))
    model.cursor = WorldPoint(0, -40, 24)
    #expect(model.notice?.text.contains("minutes differ") == true)
    let text = view(model).text
    #expect(text.contains("change: second − first"))
    #expect(model.valuesAtCursor.contains { $0.name == "Δz/SE" && $0.value.hasPrefix("−") })
  }

  @Test func protocolsAreChangedByCommand() throws {
    var (model, _) = try Self.model()
    model.scene.targetsRefusal = nil
    guard case .findTargets(let first)? = try Head.press(&model, ":protocol motor<Enter>").first
    else {
      Issue.record("nothing is looked for")
      return
    }
    #expect(first.polarity == .correlated && first.name.contains("motor"))
    model.targets.isSearching = false
    guard case .findTargets(let second)? = try Head.press(&model, ":method cone<Enter>").first
    else {
      Issue.record("nothing is looked for")
      return
    }
    #expect(second.method == .cone && second.name == first.name)
    model.targets.isSearching = false
    for wrong in [":percentile 99", ":method best", ":protocol x"] {
      #expect(try Head.press(&model, wrong + "<Enter>").isEmpty)
      #expect(model.notice != nil)
    }
    #expect(model.targets.protocol == second)
  }

  @Test func aChangeOfAnotherSeedIsNotShown() throws {
    var (model, reduced, map) = try Self.seeded()
    model.panes.right = .change
    let n = try map.inference(in: reduced, method: .bartlett).effectiveN
    let change = SessionChange(
      first: map, firstN: n, second: map, secondR: map.r, secondN: n, retest: nil, warnings: [])
    _ = update(&model, .change(change, second: map.volume, ratio: map.volume))
    model.cursor = WorldPoint(0, -40, 24)
    #expect(model.valuesAtCursor.contains { $0.name == "second r" })
    let other = try reduced.seedMap(
      .sphere(centre: WorldPoint(24, 8, 12), radius: 6, name: nil))
    #expect(
      update(&model, .seedMap(other, other.volume, blurred: nil))
        == [.change(other.seed)])
    #expect(!model.valuesAtCursor.contains { $0.name == "second r" })
    #expect(view(model).text.contains("none of this seed yet"))
  }

  @Test func courseKindsGoRound() throws {
    var (model, _, _) = try Self.seeded()
    model.scene.broadband = try Projection(
      Denoising(bandHertz: nil), frames: 0..<60, repetitionTimeSeconds: 3)
    model.cursor = WorldPoint(0, -40, 24)
    var seen: [String] = []
    for _ in 0..<4 {
      let text = view(model).text
      seen.append(
        ["cleaned", "as stored", "% of the mean", "amplitude"].first { text.contains($0) } ?? "")
      _ = try Head.press(&model, "y")
    }
    #expect(seen == ["cleaned", "as stored", "% of the mean", "amplitude"])
    #expect(model.analyses.course == .cleaned)
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func noPanelSpillsOverTheLastRow(_ columns: Int, _ rows: Int) throws {
    var (model, _) = try Self.model(columns: columns, rows: rows)
    let run = try #require(model.scene.run)
    _ = update(&model, .motion(RunQuality(nil, try run.signalQuality()), try run.carpet()))
    model.shell.panel = .motion
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == rows)
    #expect(lines[rows - 1].contains("back to the slices"))
  }
}
