import Basics
import Imaging
import Testing

@Suite struct SecondsLeftTests {
  @Test func whatIsLeftFollowsFromWhatWasDone() {
    // A quarter in three seconds: three quarters in nine.
    #expect(secondsLeft(after: 3, from: 0, to: 0.25) == 9)
    // A stage that began half way: half of the rest took four seconds.
    #expect(secondsLeft(after: 4, from: 0.5, to: 0.75) == 4)
    // Too early to say, too little to say it from, and nothing left.
    #expect(secondsLeft(after: 1.9, from: 0, to: 0.5) == nil)
    #expect(secondsLeft(after: 60, from: 0, to: 0.04) == nil)
    #expect(secondsLeft(after: 60, from: 0, to: 1) == nil)
  }
}
