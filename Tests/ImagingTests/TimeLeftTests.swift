import Basics
import Testing

@Suite struct TimeLeftTests {
  @Test func aReportThatLookedAtTheClockEarlierIsNoEnd() {
    let left = TimeLeft()
    #expect(left.words("cleaning", 0.1, atNanoseconds: 5_000_000_000) == "cleaning")
    #expect(left.words("cleaning", 0.2, atNanoseconds: 4_000_000_000) == "cleaning")
    #expect(left.words("cleaning", 0.5, atNanoseconds: 9_000_000_000) == "cleaning, 5 s left")
  }
}
