import Basics
import Foundation
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer
import ViewerRuntime

/// Answers that replace one another: of those that wait, the newest alone is heard.
@Suite struct MailboxTests {
  func simulated(_ millimetres: Double) throws -> SimulatedSPECT {
    let grid = Small.grid(2, 2, 2)
    let volume = Small.volume(grid) { _ in Float(millimetres) }
    let window = try TimeWindow(
      frameCount: 10, repetitionTimeSeconds: 2, requestedSeconds: 20)
    return SimulatedSPECT(
      volume: volume, window: window,
      averaging: Averaging(targetFWHM: millimetres, nativeFWHM: 4, grid: grid),
      proxy: "mean BOLD")
  }

  /// All that waits, in words.
  func words(_ box: Mailbox) -> [String] {
    var all: [String] = []
    while let message = box.take() {
      guard case .answer(let id, _, let answer) = message else { continue }
      switch answer {
      case .progress(let text, _): all.append(text)
      case .simulated(let s, _):
        all.append("simulated \(id.number): \(s.volume.values[0])")
      case .simulatedSlice: all.append("slice \(id.number)")
      case .told(let text): all.append(text)
      default: all.append("other")
      }
    }
    return all
  }

  func answer(_ id: Int, _ message: Message) -> Message {
    .answer(RequestID(id), madeOf: nil, message)
  }

  @Test func theNewestTakesThePlaceOfWhatWaits() throws {
    let box = Mailbox()
    for n in 1...50 {
      box.post(answer(1, .progress("\(n) %", 0)))
      box.post(answer(n, .simulatedSlice(try simulated(8))))
      box.post(answer(n, .simulated(try simulated(Double(n)), difference: nil)))
    }
    #expect(words(box) == ["50 %", "slice 50", "simulated 50: 50.0"])
    #expect(box.isEmpty)
  }

  @Test func anOlderOneThatComesLateIsDropped() throws {
    let box = Mailbox()
    box.post(answer(7, .simulated(try simulated(7), difference: nil)))
    box.post(answer(6, .simulated(try simulated(6), difference: nil)))
    #expect(words(box) == ["simulated 7: 7.0"])
  }

  /// A picture is waited for, and not what comes on the way to it.
  @Test func waitingEndsWithResultsAndNotWithProgress() throws {
    let box = Mailbox()
    let forEver = 600_000
    // Nothing that was asked for is nothing to wait for.
    box.waitForResults(of: [], milliseconds: forEver)
    let clock = ContinuousClock()
    box.post(answer(1, .progress("1 %", 0)))
    box.post(answer(2, .simulated(try simulated(2), difference: nil)))
    box.post(answer(2, .finished))
    let start = clock.now
    box.waitForResults(of: [RequestID(1)], milliseconds: 50)
    #expect(clock.now - start >= .milliseconds(50))
    // Each of these would wait ten minutes.
    box.waitForResults(of: [RequestID(2)], milliseconds: forEver)
    box.post(answer(1, .failed(Problem(.data, "x", "y"))))
    box.waitForResults(of: [RequestID(1), RequestID(2)], milliseconds: forEver)
    #expect(words(box).count == 4)
    let thread = Thread { box.post(self.answer(5, .finished)) }
    thread.start()
    box.waitForResults(of: [RequestID(5)], milliseconds: forEver)
    #expect(words(box) == ["other"])
  }

  /// What must all be heard is, in its order, also among what is replaced.
  @Test func allElseIsKeptInItsOrder() throws {
    let box = Mailbox()
    box.post(answer(1, .told("a")))
    box.post(answer(1, .progress("1 %", 0)))
    box.post(answer(1, .told("b")))
    box.post(answer(1, .progress("2 %", 0)))
    box.post(answer(1, .told("c")))
    #expect(words(box) == ["a", "b", "2 %", "c"])
  }
}
