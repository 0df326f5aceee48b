import Basics
import CellUI
import Connectivity
import Dispatch
import Foundation
import Imaging
import Perfusion
import Study
import Targeting
import TestSupport
import Testing
import Viewer
import ViewerRuntime

/// The worker on the sample person: every request is answered, and what a person waits for comes first.
@Suite struct WorkerTests {
  static func sample(_ name: String) -> String {
    RealData.project.appending(path: "SampleData/sample_space-MNI152_" + name).path
  }

  /// A runner with the names that it is asked under, and all that it answered.
  final class Desk {
    let runner: EffectRunner
    var requests = Requests()
    var answers: [(id: RequestID, made: MadeOf?, message: Message)] = []

    init(_ request: StudyRequest) {
      runner = EffectRunner(request, mailbox: Mailbox(), keepsMarks: false)
    }

    @discardableResult func ask(_ effect: Effect, _ shown: Shown = Shown()) -> RequestID {
      let request = requests.stamp(effect, shown)
      runner.perform(request)
      return request.id
    }

    /// Takes answers until one is as wanted; nil when none comes for four minutes.
    @discardableResult func wait(
      _ id: RequestID, for wanted: (Message) -> Bool
    ) -> Message? {
      let end = ContinuousClock.now + .seconds(240)
      while ContinuousClock.now < end {
        while let message = runner.mailbox.take() {
          if case .answer(let id, let made, let inner) = message {
            answers.append((id, made, inner))
          }
        }
        if let found = answers.first(where: { $0.id == id && wanted($0.message) }) {
          return found.message
        }
        runner.mailbox.wait(milliseconds: 100)
      }
      return nil
    }

    func all(_ id: RequestID) -> [Message] { answers.filter { $0.id == id }.map(\.message) }
  }

  static func isFinished(_ message: Message) -> Bool {
    if case .finished = message { true } else { false }
  }

  static func isMap(_ message: Message) -> Bool {
    if case .seedMap = message { true } else { false }
  }

  static let seed = Seed.sphere(centre: WorldPoint(0, -53, 26), radius: 6, name: nil)

  func open() -> (Desk, RequestID) {
    var run = RunRequest()
    run.mask = Self.sample("brainmask.nii.gz")
    let desk = Desk(StudyRequest(bold: [Self.sample("bold.nii.gz")], run: run))
    return (desk, desk.ask(.load))
  }

  @Test func aSeedMapIsNotQueuedBehindLongWork() throws {
    let (desk, load) = open()
    #expect(desk.wait(load, for: Self.isFinished) != nil)
    let gate = DispatchSemaphore(value: 0)
    desk.runner.inBackground { gate.wait() }
    // Behind what blocks: an analysis, and the run's own resolution that the camera needs.
    let motion = desk.ask(.motion)
    let camera = desk.ask(.simulate(Camera(), spect: nil))
    let map = desk.ask(.seedMap(Self.seed, Camera(), wantsBlurred: false, wantsInference: false))
    #expect(desk.wait(map, for: Self.isMap) != nil)
    #expect(desk.wait(map, for: Self.isFinished) != nil)
    // The camera's picture is there and says that its resolution is not known yet.
    guard
      case .simulated(let early, _)? = desk.wait(
        camera, for: { if case .simulated = $0 { true } else { false } })
    else {
      Issue.record("no picture")
      return
    }
    #expect(early.averaging.nativeIsAwaited)
    #expect(!desk.all(camera).contains(where: Self.isFinished))
    #expect(!desk.all(motion).contains(where: Self.isFinished))
    #expect(desk.runner.isBusy)
    gate.signal()
    #expect(desk.wait(camera, for: Self.isFinished) != nil)
    #expect(desk.wait(motion, for: Self.isFinished) != nil)
    let last = desk.all(camera).compactMap { message -> SimulatedSPECT? in
      if case .simulated(let simulated, _) = message { simulated } else { nil }
    }.last
    #expect(last?.averaging.nativeIsAwaited == false)
    #expect(!desk.runner.isBusy)
  }

  /// What `n` and `:peak` look for comes beside long work, and is not gone on with when nobody waits.
  @Test func peaksAreNotQueuedBehindLongWorkAndAreCancelled() throws {
    let (desk, load) = open()
    desk.wait(load, for: Self.isFinished)
    var model = Model(
      size: Size(columns: 120, rows: 40),
      capabilities: Capabilities(colours: .direct, unicode: true))
    let first = firstRequests(&model)
    for message in desk.all(load) {
      _ = update(&model, by: .answer(first[0].id, madeOf: nil, message))
    }
    let mean = try #require(model.scene.run).mean
    model.scene.overlays = [NamedVolume(name: "mean", volume: mean)]
    let gate = DispatchSemaphore(value: 0)
    desk.runner.inBackground { gate.wait() }
    defer { gate.signal() }
    for keys in [":peak<Enter>", "n"] {
      let asked = try KeyScript.parse(keys).flatMap { update(&model, by: .event(.key($0))) }
      let effect = try #require(asked.last?.effect)
      guard case .findPeaks(let search) = effect else {
        Issue.record("nothing is looked for")
        return
      }
      let id = desk.ask(effect)
      guard
        case .foundPeaks(let same, let found)? = desk.wait(
          id, for: { if case .foundPeaks = $0 { true } else { false } })
      else {
        Issue.record("nothing is found")
        return
      }
      #expect(same == search)
      #expect(found == (try search.found { _ in }))
      #expect(desk.wait(id, for: Self.isFinished) != nil)
      #expect(desk.all(id).contains { if case .progress = $0 { true } else { false } })
      #expect(throws: Problem.cancelled) {
        try search.found { (_) throws(Problem) in throw Problem.cancelled }
      }
    }
  }

  @Test func whatWaitsForTheResolutionEndsWhenItIsCancelled() throws {
    let (desk, load) = open()
    desk.wait(load, for: Self.isFinished)
    let gate = DispatchSemaphore(value: 0)
    desk.runner.inBackground { gate.wait() }
    defer { gate.signal() }
    let camera = desk.ask(.simulate(Camera(), spect: nil))
    #expect(desk.wait(camera, for: { if case .simulated = $0 { true } else { false } }) != nil)
    desk.runner.cancel()
    #expect(desk.wait(camera, for: Self.isFinished) != nil)
    #expect(!desk.runner.isBusy)
  }

  @Test func escapeLetsTheFilesBeReadAndTheEndDoesNot() throws {
    func scenes(_ desk: Desk, _ load: RequestID) -> [Scene] {
      desk.all(load).compactMap { if case .loaded(let scene) = $0 { scene } else { nil } }
    }
    let (desk, load) = open()
    desk.runner.cancel()
    #expect(desk.wait(load, for: Self.isFinished) != nil)
    #expect(scenes(desk, load).first?.run != nil)
    #expect(desk.runner.refusal == nil)
    // What comes after it is done.
    let motion = desk.ask(.motion)
    desk.wait(motion, for: Self.isFinished)
    #expect(desk.all(motion).contains { if case .motion = $0 { true } else { false } })

    let (ended, cut) = open()
    ended.runner.stop()
    #expect(ended.wait(cut, for: Self.isFinished) != nil)
    #expect(scenes(ended, cut).allSatisfy { $0.run == nil })
  }

  @Test func everyRequestThatCannotBeCarriedOutSaysWhy() throws {
    let desk = Desk(StudyRequest(spect: [Self.sample("spect.nii.gz")]))
    // Before the files were read.
    let early = desk.ask(.motion)
    guard
      case .failed(let problem)? = desk.wait(
        early, for: { if case .failed = $0 { true } else { false } })
    else {
      Issue.record("no answer")
      return
    }
    #expect(problem.sentence.contains("still being read"))
    desk.wait(desk.ask(.load), for: Self.isFinished)
    let cannot: [Effect] = [
      .seedMap(Self.seed, Camera(), wantsBlurred: false, wantsInference: false),
      .seedText("PCC", Camera(), wantsBlurred: false), .activity(.alff), .motion, .matrix,
      .networks, .movie(Self.seed, seconds: 60), .change(Self.seed),
      .windowBand(Self.seed, WorldPoint(0, 0, 0), seconds: 60),
      .simulate(Camera(), spect: nil), .blurSeries(Self.seed, Camera()),
      .peaks(Self.seed, Camera()), .scan(Camera(), .fbp),
      .makePicture(.subtraction(isStated: false)),
      .perfusion(spect: 3, clustersBeyond: nil), .register(spect: 3),
      .align(spect: 3, .identity, by: "hand", isAccepted: false),
      .findTargets(.init()), .prepare(CleaningChoice()),
      .save([], name: "x"), .keepTransform(spect: 3, .identity, by: "hand", name: "x"),
    ]
    for effect in cannot {
      let id = desk.ask(effect)
      #expect(desk.wait(id, for: Self.isFinished) != nil, "\(effect)")
      #expect(
        desk.all(id).contains { if case .failed = $0 { true } else { false } }, "\(effect)")
    }
  }

  @Test func answersSayHowTheRunWasCleaned() throws {
    let (desk, load) = open()
    desk.wait(load, for: Self.isFinished)
    var choice = CleaningChoice()
    choice.polort = 1
    desk.ask(.prepare(choice))
    let map = desk.ask(.seedMap(Self.seed, Camera(), wantsBlurred: false, wantsInference: false))
    desk.wait(map, for: Self.isFinished)
    let made = desk.answers.first { $0.id == map && Self.isMap($0.message) }?.made
    #expect(made?.cleaning == choice)
  }

  @Test func theFirstPictureOfASPECTWaitsForItsReference() throws {
    let desk = Desk(StudyRequest(spect: [Self.sample("spect.nii.gz")]))
    let load = desk.ask(.load)
    desk.wait(load, for: Self.isFinished)
    let scenes = desk.all(load).compactMap { message -> Scene? in
      switch message {
      case .firstLook(let scene), .loaded(let scene): scene
      default: nil
      }
    }
    #expect(scenes.count == 2)
    #expect(scenes.first?.spects.first?.awaitsReference == true)
    #expect(scenes.last?.spects.first?.awaitsReference == false)
  }

  @Test func aMissingRunIsKeptAsAProblem() throws {
    let desk = Desk(
      StudyRequest(bold: ["/nowhere/bold.nii.gz"], spect: [Self.sample("spect.nii.gz")]))
    let load = desk.ask(.load)
    guard
      case .loaded(let scene)? = desk.wait(
        load, for: { if case .loaded = $0 { true } else { false } })
    else {
      Issue.record("nothing is loaded")
      return
    }
    #expect(scene.lacksRun && scene.problems.count == 1)
    #expect(scene.problems.first?.sentence.contains("bold.nii.gz") == true)
  }
}
