import Testing
import ViewerRuntime

/// A step of a movie comes at its own time, whatever else arrives.
@Suite struct TickClockTests {
  let start = TickClock.Instant.now

  func at(_ milliseconds: Int) -> TickClock.Instant { start + .milliseconds(milliseconds) }

  @Test func wakesBetweenStepsDoNotPutThemOff() {
    var clock = TickClock()
    var steps: [Int] = []
    // A key or an answer every 30 ms, and steps of 200 ms.
    for now in stride(from: 0, through: 1000, by: 30)
    where clock.takesStep(every: 200, at: at(now)) {
      steps.append(now)
    }
    #expect(steps == [210, 420, 600, 810])
  }

  @Test func theRestOfTheWaitIsTold() {
    var clock = TickClock()
    #expect(clock.millisecondsLeft(every: nil, at: at(0)) == nil)
    #expect(clock.millisecondsLeft(every: 800, at: at(10)) == 800)
    #expect(clock.millisecondsLeft(every: 800, at: at(700)) == 110)
    // Rounded up: who waits so long finds the step due.
    let nearly = at(809) + .microseconds(300)
    #expect(clock.millisecondsLeft(every: 800, at: nearly) == 1)
    #expect(clock.millisecondsLeft(every: 800, at: at(900)) == 0)
    let isDue = clock.takesStep(every: 800, at: at(900))
    #expect(isDue)
    #expect(clock.millisecondsLeft(every: 800, at: at(900)) == 710)
  }

  @Test func missedStepsAreLeftOut() {
    var clock = TickClock()
    let first = clock.takesStep(every: 200, at: at(0))
    let late = clock.takesStep(every: 200, at: at(5000))
    let again = clock.takesStep(every: 200, at: at(5001))
    #expect([first, late, again] == [false, true, false])
    #expect(clock.millisecondsLeft(every: 200, at: at(5001)) == 199)
  }

  @Test func anotherPeriodBeginsAnew() {
    var clock = TickClock()
    _ = clock.takesStep(every: 800, at: at(0))
    #expect(clock.millisecondsLeft(every: 200, at: at(700)) == 200)
    #expect(clock.millisecondsLeft(every: nil, at: at(750)) == nil)
    let isDue = clock.takesStep(every: nil, at: at(5000))
    #expect(!isDue)
  }
}
