import Basics
import Imaging
import Testing

/// A percentile is found without sorting, and is the one that sorting finds.
@Suite struct PercentileTests {
  static func sorted(_ values: [Float], _ percent: Double) -> Float {
    let all = values.sorted()
    let place = percent / 100 * Double(all.count - 1)
    let low = min(Int(place), all.count - 1)
    let weight = place - Double(low)
    return Float(
      Double(all[low]) * (1 - weight) + Double(all[min(low + 1, all.count - 1)]) * weight)
  }

  @Test func isThatOfTheSortedValues() throws {
    var random = SeededGenerator(seed: 4)
    var lists: [[Float]] = [
      [3], [2, 1], [1, 1, 1], (0..<999).map(Float.init), (0..<1000).map { Float(1000 - $0) },
      (0..<500).map(Float.init) + (0..<500).map { Float(500 - $0) },
      (0..<1000).map { Float($0 % 3) }, [.infinity, -.infinity, 0, 5],
      [Float](repeating: 7, count: 5000),
    ]
    for count in [2, 3, 10, 101, 4096, 20_001] {
      lists.append((0..<count).map { _ in Float(random.uniform()) })
      lists.append((0..<count).map { _ in Float((random.uniform() * 10).rounded()) })
    }
    for list in lists {
      for percent in [0, 0.1, 2, 25, 50, 75, 98, 99.5, 100] {
        let found = try #require(boldspectPercentile(list, percent))
        let expected = Self.sorted(list, percent)
        #expect(found == expected || found.isNaN && expected.isNaN, "\(list.count), \(percent)")
      }
    }
    #expect(boldspectPercentile([], 50) == nil)
  }

  /// The order that makes every median of three a bad pivot still ends.
  @Test func ordersThatAreHardToPartEnd() throws {
    // Musser's killer of quicksort with the median of three.
    let half = 20_000
    var killer = [Float](repeating: 0, count: 2 * half)
    for n in 1...half {
      if n % 2 == 1 {
        killer[n - 1] = Float(n)
        killer[n] = Float(half + n)
      }
      killer[half + n - 1] = Float(2 * n)
    }
    for percent in [1.0, 50, 99] {
      #expect(boldspectPercentile(killer, percent) == Self.sorted(killer, percent))
    }
  }
}
