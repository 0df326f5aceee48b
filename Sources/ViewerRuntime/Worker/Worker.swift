import Basics
import Dispatch
import Glibc
import ImageFiles
import Imaging
import Perfusion
import Study
import Synchronization
import Viewer

/// Runs an actor's jobs on one queue, in the order in which they came.
final class QueueExecutor: SerialExecutor {
  let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label, qos: .userInitiated) }

  func enqueue(_ job: consuming ExecutorJob) {
    let kept = UnownedJob(job)
    queue.async { kept.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

/// Owns what was loaded and what was made of it. What a person waits for with the key still down is done
/// on its own queue; long work is done on another, on a copy.
actor Worker {
  private enum State {
    case loading
    case ready(Workshop)
  }

  private nonisolated let executor = QueueExecutor(label: "boldspect.work")
  private nonisolated let background = DispatchQueue(label: "boldspect.background", qos: .utility)
  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// The first file that was refused.
  nonisolated let loadProblem = Mutex<Problem?>(nil)
  private let options: StudyRequest
  private var state = State.loading
  private let saver: Saver
  /// Jobs that need the run's own resolution, while it is being measured.
  private var waiting: [Job] = []
  private var isMeasuring = false

  init(_ options: StudyRequest, saver: Saver) {
    self.options = options
    self.saver = saver
  }

  // MARK: - From other threads

  /// Work is done in the order in which it was asked for.
  nonisolated func take(_ job: Job) { onQueue { $0.carryOut(job) } }

  /// Jobs that only wait and that nobody wants any more are ended.
  nonisolated func letGo() { onQueue { $0.endCancelled() } }

  nonisolated func inBackground(_ body: @escaping @Sendable () -> Void) {
    background.async(execute: body)
  }

  private nonisolated func onQueue(_ body: @escaping @Sendable (isolated Worker) -> Void) {
    executor.queue.async { self.assumeIsolated(body) }
  }

  // MARK: - On its own queue

  private func carryOut(_ given: Job) {
    var job = given
    do throws(Problem) {
      // Queued work that was cancelled before it began does not begin.
      try job.progress.check()
      if case .load = job.request.effect {
        load(job)
        return job.finish()
      }
      guard let workshop else {
        throw Problem(.data, "view", "the files are still being read")
      }
      job.cleaning = workshop.choice
      if job.request.effect.isBackground { return dispatch(job) }
      goOn(job, after: try step(job))
    } catch { job.fail(error) }
  }

  private var workshop: Workshop? {
    guard case .ready(let workshop) = state else { return nil }
    return workshop
  }

  /// Carries a job out on what is there; what was made on the way stays, whatever comes of it.
  private func step(_ job: Job) throws(Problem) -> Outcome {
    guard case .ready(var workshop) = state else { return .done }
    defer { state = .ready(workshop) }
    return try workshop.carryOut(job)
  }

  private func goOn(_ job: Job, after outcome: Outcome) {
    var rest = job
    rest.goesOn = true
    switch outcome {
    case .done: job.finish()
    case .goesOnInBackground: dispatch(rest)
    case .waitsForResolution:
      endCancelled()
      rest.progress.report("measuring the run's own resolution", 0)
      waiting.append(rest)
      measureResolution()
    }
  }

  private func endCancelled() {
    for job in waiting where job.progress.isCancelled() { job.finish() }
    waiting.removeAll { $0.progress.isCancelled() }
  }

  private func load(_ job: Job) {
    let found = Workshop.load(options, job, saver)
    state = .ready(found.workshop)
    guard let first = found.problems.first else { return }
    loadProblem.withLock { $0 = first }
    job.post(.failed(first))
  }

  // MARK: - Long work

  /// Carries a job out on a copy, with what else was made until it begins.
  private func dispatch(_ given: Job) {
    background.async { [self] in
      guard !given.progress.isCancelled(), var copy = snapshot() else { return given.finish() }
      let job = given.with(cleaning: copy.choice)
      do throws(Problem) {
        _ = try copy.carryOut(job)
        let made = copy
        onQueue { worker in
          worker.adopt(made, job.request.effect)
          job.finish()
        }
      } catch { job.fail(error) }
    }
  }

  private nonisolated func snapshot() -> Workshop? {
    executor.queue.sync { assumeIsolated { $0.workshop } }
  }

  private func adopt(_ made: Workshop, _ effect: Effect) {
    guard case .ready(var workshop) = state else { return }
    workshop.adopt(made)
    if case .reference(let text) = effect { workshop.reference = text }
    state = .ready(workshop)
  }

  /// Measures the run's own resolution once; what waited for it then goes on.
  private func measureResolution() {
    guard !isMeasuring, let run = workshop?.loadedRun?.run else { return }
    isMeasuring = true
    background.async { [self] in
      // Newer wishes need it too: nothing stops it.
      let native =
        (try? NativeBlur(of: run)) ?? NativeBlur(voxelsOf: run.grid, reason: "not measurable")
      onQueue { $0.take(native) }
    }
  }

  private func take(_ native: NativeBlur) {
    isMeasuring = false
    guard case .ready(var workshop) = state else { return }
    workshop.native = native
    state = .ready(workshop)
    let jobs = waiting
    waiting = []
    for job in jobs { carryOut(job) }
  }
}
