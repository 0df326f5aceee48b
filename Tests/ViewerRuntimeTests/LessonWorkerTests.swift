import Basics
import Foundation
import Imaging
import Perfusion
import Records
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
    // The lesion was put into the left temporal lobe; the number is the one of the table.
    let region = try #require(lesion.region)
    #expect(region.side == .left && region.name.hasPrefix("Temporal") && region.count > 20)
    #expect(region.lower < region.higher && region.lessPercent > 20 && region.lessPercent < 35)
    #expect(
      abs(
        region.index + 200 * (1 - region.lower / region.higher) / (1 + region.lower / region.higher)
      ) < 0.1)
    #expect(lesion.place.map { $0.x < -30 } == true && lesion.largest.contains("LEFT has up to"))
    #expect(!lesion.largest.contains("no lesion"))
    // Known of the same person, and of this step.
    #expect(truth?.words[.lesion]?.first?.contains("70 % of the uptake left") == true)
    print("lesion: \(region), run \(lesion.runPercent) %")
  }
}

/// Whose files a lesson is given on.
@Suite struct LessonFilesTests {
  private func make(_ folder: String, _ names: [String]) throws {
    for name in names {
      let url = URL(filePath: folder + "/" + name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }

  private func isGiven(_ option: String, _ ending: String, _ words: [String]?) -> Bool {
    guard let words, let at = words.firstIndex(of: option) else { return false }
    return words[at + 1].hasSuffix(ending)
  }

  @Test func ofAStudyThatWasMadeBothSessionsAreTaken() throws {
    try withTemporaryFolder { folder in
      let names = [1, 2].flatMap { person in
        [1, 2].flatMap { session in
          let names = SampleFiles.names(person: person, session: session)
          return [names.bold, names.truth]
        }
      }
      try make(folder, names + [SampleFiles.norms])
      let both = try LessonFiles.sampleArguments(folder)
      #expect(isGiven("--bold", "sub-1_ses-1_task-rest_space-MNI152_bold.nii.gz", both))
      #expect(isGiven("--second", "sub-1_ses-2_task-rest_space-MNI152_bold.nii.gz", both))
      #expect(isGiven("--norms", SampleFiles.norms, both))
      let other = try LessonFiles.sampleArguments(folder + "/sub-2")
      #expect(isGiven("--bold", "sub-2_ses-1_task-rest_space-MNI152_bold.nii.gz", other))
      let later = try LessonFiles.sampleArguments(folder + "/sub-2/ses-2")
      #expect(isGiven("--bold", "sub-2_ses-2_task-rest_space-MNI152_bold.nii.gz", later))
      #expect(later?.contains("--second") == false)
    }
  }

  @Test func anotherFolderIsNoSampleAndSeveralPeopleAreRefusedByName() throws {
    try withTemporaryFolder { folder in
      try make(
        folder,
        ["sub-01/func/sub-01_task-rest_bold.nii.gz", "sub-02/func/sub-02_task-rest_bold.nii.gz"])
      #expect(try LessonFiles.sampleArguments(folder) == nil)
      let library = StudyLibrary(cache: folder + "/cache")
      let refusal = #expect(throws: Problem.self) {
        try LessonFiles.request(folder, said: StudyRequest(), library: library)
      }
      #expect(refusal?.sentence.contains("2 people") == true)
      #expect(refusal?.sentence.contains("sub-01") == true)
    }
  }

  @Test func whatIsSaidWithoutARunIsRefusedByItsName() {
    var request = StudyRequest()
    #expect(throws: Never.self) { try request.requireNothingWithoutFiles() }
    request.second = "later.nii.gz"
    let refusal = #expect(throws: Problem.self) { try request.requireNothingWithoutFiles() }
    #expect(refusal?.sentence.contains("--second") == true)
    request = StudyRequest()
    request.spect = ["spect.nii.gz"]
    #expect(throws: Problem.self) { try request.requireNothingWithoutFiles() }
  }
}
