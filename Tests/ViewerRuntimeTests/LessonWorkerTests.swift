import Basics
import Imaging
import Perfusion
import Study
import TestSupport
import Testing
import Viewer
import ViewerRuntime

/// What the worker makes for a lesson of the sample person.
@Suite struct LessonWorkerTests {
  private static func request() -> StudyRequest {
    var request = StudyRequest()
    request.bold = [WorkerTests.sample("bold.nii.gz")]
    request.spect = [WorkerTests.sample("spect.nii.gz")]
    request.anat = WorkerTests.sample("T1w.nii.gz")
    request.run.mask = WorkerTests.sample("brainmask.nii.gz")
    request.gm = WorkerTests.sample("label-GM_probseg.nii.gz")
    request.white = WorkerTests.sample("label-WM_probseg.nii.gz")
    return request
  }

  /// A part as the worker answers it, with the truth and the scene that came before.
  private func made(
    _ part: LessonPart, _ desk: WorkerTests.Desk, _ wish: LessonWish = LessonWish(),
    _ shown: Shown = Shown()
  ) throws -> LessonMaterial {
    let id = desk.ask(.lesson(part, wish), shown)
    let answer = desk.wait(id) {
      if case .lesson = $0 { true } else { WorkerTests.isFinished($0) }
    }
    guard case .lesson(let material)? = answer else {
      throw Problem(.data, part.rawValue, "no answer: \(desk.all(id))")
    }
    return material
  }

  @Test func everyPartIsMadeAndItsNumbersAreThoseOfTheFormulas() throws {
    let desk = WorkerTests.Desk(Self.request())
    let load = desk.ask(.load)
    desk.wait(load, for: WorkerTests.isFinished)
    var scene: Scene?
    var truth: LessonTruth?
    for message in desk.all(load) {
      if case .loaded(let loaded) = message { scene = loaded }
      if case .lessonTruth(let known) = message { truth = known }
    }
    let event = try #require(truth?.event)
    #expect(truth?.target == WorldPoint(-38, 30, 40) && truth?.networks.isEmpty == false)

    guard case .space(let space) = try made(.space, desk) else { return }
    #expect(space.contrastKept.count == lessonWidths.count)
    #expect(space.contrastKept == space.contrastKept.sorted(by: >))
    #expect(space.contrastKept.allSatisfy { $0 <= 1 && $0 > 0 })
    #expect(space.greyWhite == space.greyWhite.sorted(by: >) && space.greyWhite.count == 5)

    guard case .time(let time) = try made(.time, desk, LessonWish(event: event)) else { return }
    let run = try #require(scene?.run)
    let tr = try #require(run.repetitionTimeSeconds)
    let window = try TimeWindow(
      frameCount: run.frameCount, repetitionTimeSeconds: tr, requestedSeconds: nil)
    #expect(abs(time.left - window.dilution(ofSeconds: time.event.seconds)) < 1e-9)
    let (during, whole) = (
      Double(time.during.nearest(event.place)), Double(time.whole.nearest(event.place))
    )
    // Seen in its own minute; the average keeps its share and no more.
    #expect(during > 1 && abs(whole / during - time.left) < 0.02)
    #expect(time.spread(seconds: 60) < time.spread(seconds: tr))

    var shown = Shown()
    shown.spects = scene?.spects ?? []
    guard case .perfusion(let lesion) = try made(.perfusion, desk, LessonWish(), shown) else {
      return
    }
    // The lesion was put into the left temporal lobe.
    #expect(lesion.side == .left && lesion.place.x < -30 && lesion.percent > 10)
    print("lesion: \(lesion.percent) % at \(lesion.place), run \(lesion.runPercent) %")
  }
}
