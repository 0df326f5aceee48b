package import Basics
package import Connectivity
package import Viewer

/// One request on its way through the worker, and the way back for its answers.
package struct Job: Sendable {
  package let request: Request
  package let progress: WorkProgress
  /// How the runs are cleaned while it is carried out.
  package var cleaning: CleaningChoice?
  /// Whether it was answered in part and now goes on.
  package var goesOn = false
  private let answer: @Sendable (Message, MadeOf?) -> Void
  private let end: @Sendable () -> Void

  package init(
    _ request: Request, progress: WorkProgress,
    post: @escaping @Sendable (Message, MadeOf?) -> Void, finish: @escaping @Sendable () -> Void
  ) {
    self.request = request
    self.progress = progress
    answer = post
    end = finish
  }

  func with(cleaning: CleaningChoice) -> Job {
    var out = self
    out.cleaning = cleaning
    return out
  }

  package func post(_ message: Message) {
    answer(message, MadeOf(cleaning: cleaning, spects: request.shown.spects))
  }

  /// Nothing more comes.
  package func finish() { end() }

  /// Says why nothing came of it; what was cancelled needs no words.
  package func fail(_ problem: Problem) {
    var told = problem
    // Nothing is replaced from within the viewer.
    if told.remedy?.contains("--force") == true { told.remedy = "Choose another name" }
    if told != .cancelled { answer(.failed(told), nil) }
    end()
  }
}

/// What is left to do after a step of a job.
package enum Outcome: Sendable {
  case done
  /// The rest is done where long work is done.
  case goesOnInBackground
  /// The rest needs the run's own resolution, which is being measured.
  case waitsForResolution
}

extension Effect {
  /// Whether it may take long and a person does not see its slice or seed move by it.
  package var isBackground: Bool {
    switch self {
    case .activity, .motion, .matrix, .networks, .movie, .change, .blurSeries, .scan, .makePicture,
      .perfusion, .peaks, .findTargets, .register, .planCoil, .reference,
      .checkSides, .writeReport, .lesson:
      true
    default: false
    }
  }
}
