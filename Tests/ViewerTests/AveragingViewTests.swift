import CellUI
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// The camera of the averaging module by key and command.
@Suite struct AveragingViewTests {
  /// A head with a run of eight frames.
  static func head(_ columns: Int = 120, _ rows: Int = 40) -> Model {
    var scene = Head.scene()
    if let mask = scene.mask {
      var floats: [Float] = []
      for t in 0..<8 {
        for v in 0..<mask.count { floats.append(Float(100 + (v * 7 + t * 3) % 50)) }
      }
      scene.run = Run(
        mask: mask, frameCount: 8, repetitionTimeSeconds: 2, samples: SampleStore(floats: floats),
        mean: mask.volume(Array(floats.prefix(mask.count))))
    }
    var model = Head.model(scene, columns: columns, rows: rows)
    model.cursor = WorldPoint(0, -14, 20)
    return model
  }

  func typed(_ model: inout Model, _ text: String) -> [Effect] {
    _ = update(&model, .event(.key(.character(":"))))
    for c in text.unicodeScalars { _ = update(&model, .event(.key(.character(c)))) }
    return update(&model, .event(.key(.enter)))
  }

  func simulated(_ model: Model, fwhm: Double = 10) throws -> SimulatedSPECT {
    let run = try #require(model.scene.run)
    let averaging = Averaging(targetFWHM: fwhm, native: NativeBlur(given: 5))
    let before = run.mean(of: 0..<run.frameCount)
    return SimulatedSPECT(
      volume: run.mask.volume(averaging.applied(to: before, in: run.mask)),
      window: try TimeWindow(
        frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
        requestedSeconds: nil), averaging: averaging, proxy: "mean", before: before)
  }

  @Test func aMovedResolutionAsksForTheSeenSliceFirst() throws {
    var model = Self.head()
    model.panes.right = .simulated
    let first = update(&model, .event(.key(.character("+"))))
    #expect(first.count == 1)
    _ = update(
      &model,
      .simulated(try simulated(model), difference: nil))
    let top = model.averaging.simulatedTop
    let older = update(&model, by: .event(.key(.character("+"))))
    _ = update(&model, .event(.key(.character("-"))))
    let effects = update(&model, .event(.key(.character("+"))))
    #expect(effects.count == 2)
    guard case .simulateSlice(let camera, let box) = effects.first else {
      Issue.record("no slice: \(effects)")
      return
    }
    #expect(camera.fwhm == 12)
    let grid = try #require(model.scene.run?.grid)
    let v = try #require(grid.nearestVoxel(model.cursor))
    #expect(box.low.k <= v.k && v.k <= box.high.k && box.high.k - box.low.k <= 1)
    #expect(box.count < grid.count / 3)
    // The slice has no scale of its own; an older one is dropped.
    let run = try #require(model.scene.run)
    let before = run.mean(of: 0..<run.frameCount)
    let averaging = Averaging(targetFWHM: 12, native: NativeBlur(given: 5))
    let slice = SimulatedSPECT(
      volume: averaging.applied(to: before, in: run.mask, seen: box),
      window: try simulated(model).window, averaging: averaging, proxy: "mean")
    let late = try #require(older.first?.id)
    _ = update(&model, by: .answer(late, madeOf: nil, .simulatedSlice(slice)))
    #expect(model.averaging.simulated?.averaging.targetFWHM == 10)
    _ = update(&model, .simulatedSlice(slice))
    #expect(
      model.averaging.simulated?.averaging.targetFWHM == 12 && model.averaging.simulatedTop == top)
  }

  @Test func commandsMoveTheCamera() throws {
    var model = Self.head()
    model.panes.right = .simulated
    _ = typed(&model, "camera fbp-smooth")
    #expect(model.averaging.camera.fwhm == 12.5)
    _ = typed(&model, "start 4")
    #expect(model.averaging.camera.startSeconds == 4)
    _ = typed(&model, "start 1e9")
    #expect(model.averaging.camera.startSeconds == 4 && model.notice != nil)
    _ = typed(&model, "average uptake")
    #expect(model.averaging.camera.average == .uptake(tauMinutes: 0.67))
    _ = typed(&model, "average uptake 2")
    #expect(model.averaging.camera.average == .uptake(tauMinutes: 2))
    for nonsense in ["average sometimes", "average uptake -1", "camera huge", "start x"] {
      let before = model.averaging.camera
      #expect(
        typed(&model, nonsense).isEmpty && model.averaging.camera == before && model.notice != nil)
    }
    // Connectivity has no uptake.
    model.panes.right = .seriesBlurred
    #expect(typed(&model, "fwhm 9").isEmpty)
    _ = typed(&model, "average window")
    #expect(model.averaging.camera.average == .window)
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)]) func theScreenSaysIt(_ c: Int, _ r: Int) throws
  {
    var model = Self.head(c, r)
    model.panes.right = .simulated
    _ = update(&model, .event(.key(.character("+"))))
    let made = try simulated(model)
    _ = update(
      &model, .simulated(made, difference: nil))
    let run = try #require(model.scene.run)
    _ = update(
      &model,
      .contrast(
        ContrastKept(
          before: made.before, kernel: made.averaging.kernelFWHM, in: run.mask)))
    let text = view(model).text
    #expect(text.contains("SIMULATED") && text.contains("5→10 mm"))
    if c >= 120 { #expect(text.contains("own given") && text.contains("no perfusion measurement")) }
    _ = typed(&model, "losses")
    let panel = view(model).text
    for word in ["SIMULATED", "resolution elements", "cortex", "60 s event", "at the cursor"] {
      #expect(panel.contains(word), "\(word)")
    }
    _ = typed(&model, "losses")
    #expect(model.shell.panel == nil)
    model.panes.right = .seriesBlurred
    #expect(view(model).text.contains("SIMULATED SERIES BLURRED"))
  }
}
