import Connectivity
package import Imaging
import Targeting

/// The lesson, while it runs, and what belongs to it alone.
package struct LessonFeature: Sendable {
  /// Nil while no lesson runs.
  package var running: LessonState?
  /// Where it was left: E goes on there.
  package var left: LessonState?
  /// Whether the lesson begins when everything is loaded.
  package var startsWhenLoaded = false
  /// What the lesson's own search found.
  var targets: TargetReport?
  package internal(set) var space: SpaceMaterial?
  package internal(set) var pair: PairMaterial?
  package internal(set) var time: TimeMaterial?
  package internal(set) var camera: CameraMaterial?
  package internal(set) var perfusion: PerfusionMaterial?
  package internal(set) var minutes: MinutesMaterial?
  /// Why a part cannot be made of these files.
  package internal(set) var failures: [LessonPart: String] = [:]
  /// What is known of the synthetic person; nil of a real one.
  package var truth: LessonTruth?

  func has(_ part: LessonPart) -> Bool {
    switch part {
    case .space: space != nil
    case .pair: pair != nil
    case .time: time != nil
    case .camera: camera != nil
    case .perfusion: perfusion != nil
    case .minutes: minutes != nil
    }
  }

  /// What rests on how the run was cleaned.
  mutating func forgetCleaned() {
    (pair, minutes, targets) = (nil, nil, nil)
    failures = [:]
  }

  mutating func take(_ material: LessonMaterial) {
    failures[material.part] = nil
    switch material {
    case .space(let made): space = made
    case .pair(let made): pair = made
    case .time(let made): time = made
    case .camera(let made): camera = made
    case .perfusion(let made): perfusion = made
    case .minutes(let made): minutes = made
    }
  }
}

/// Known answers of a synthetic person.
package struct LessonTruth: Sendable, Equatable {
  /// Where its target lies.
  package var target: WorldPoint?
  /// An event in the run, in seconds from its beginning, and where.
  package var event: Event?
  /// What was made of its networks, by their names.
  package var networks: [(name: String, state: String)] = []
  /// The network that a treatment changes, and its seed.
  package var change: (network: String, seed: WorldPoint)?
  /// All of it in words.
  package var lines: [String] = []
  /// The same by what it is of, for the steps that are about it.
  package var words: [Topic: [String]] = [:]

  package enum Topic: Sendable { case event, lesion, networks, change, target }

  package struct Event: Sendable, Equatable {
    package var start: Double
    package var seconds: Double
    package var place: WorldPoint

    package init(start: Double, seconds: Double, place: WorldPoint) {
      self.start = start
      self.seconds = seconds
      self.place = place
    }
  }

  package init() {}

  package static func == (a: LessonTruth, b: LessonTruth) -> Bool {
    a.target == b.target && a.event == b.event && a.lines == b.lines && a.words == b.words
  }
}

/// Where the lesson stands.
package struct LessonState: Sendable, Equatable {
  package var step = 0
  package var showsAnswer = false
  package var showsTruth = false
  package var showsContents = false
  /// Which of `lessonWidths` the camera has.
  package var width = 1
  /// The view that the turning camera stands at.
  package var phase = 40
  /// Seconds for a step while the lesson goes on by itself; nil while it waits for keys.
  package var autoSeconds: Double?
  /// The seed that was on screen when the lesson began: steps may set others.
  var seed: Seed?
  /// Moments that passed since the step began.
  var moments = 0

  package init() {}

  package var fwhm: Double { lessonWidths[max(0, min(lessonWidths.count - 1, width))] }
}
