import Basics
import Synchronization
import Testing

@Suite("Parallel loops")
struct ParallelTests {
  /// Counts and grains around the number of parts, and far from it.
  static let shapes = [
    (1, 1), (15, 1), (16, 1), (17, 1), (100, 7), (1000, 64), (1023, 64), (5, 50),
  ]

  @Test("The chunks write every place once", arguments: shapes)
  func chunks(count: Int, grain: Int) {
    var visits = [Int](repeating: 0, count: count)
    forEachChunk(of: count, grain: grain, into: &visits) { chunk, out in
      for n in chunk { out[n] += n + 1 }
    }
    #expect(visits == Array(1...count))
  }

  @Test("A new array holds what its chunks wrote", arguments: shapes)
  func newArray(count: Int, grain: Int) {
    // Three places for every item, the last of which is reached through its pointer.
    let made = [Int32](count: 3 * count, filledByChunksOf: count, grain: grain) { chunk, out in
      for n in chunk {
        out[3 * n] = Int32(n)
        out[3 * n + 1] = -1
        out.pointer(at: 3 * n + 2).pointee = out[3 * n] + 7
      }
    }
    #expect(made == (0..<count).flatMap { [Int32($0), -1, Int32($0) + 7] })
  }

  @Test("Without items nothing is run and nothing is made")
  func nothing() {
    var none: [Float] = []
    forEachChunk(of: 0, into: &none) { _, _ in Issue.record("a chunk of nothing") }
    let made = [Float](count: 0, filledByChunksOf: 0) { _, _ in Issue.record("a chunk of nothing") }
    #expect(made.isEmpty)
    #expect(parallelMap(0) { $0 }.isEmpty)
  }

  @Test("Values keep their order, and a thread's scratch is its own")
  func map() {
    let made = parallelMap(100, scratch: { [Int]() }) { n, scratch in
      scratch.append(n)
      // Only ascending neighbours come to one thread.
      return scratch.last == n && scratch == Array(n + 1 - scratch.count...n) ? "\(n)" : "strange"
    }
    #expect(made == (0..<100).map { "\($0)" })
  }

  @Test("Two arrays are lent together, and an error comes through")
  func two() throws {
    var (squares, names) = ([0, 0, 0], ["", "", ""])
    withDisjointOutput(&squares, &names) { squares, names in
      inParallel(3) { part in
        for n in part {
          squares.elements[n] = n * n
          names.elements[n] = "n\(n)"
        }
      }
    }
    #expect(squares == [0, 1, 4] && names == ["n0", "n1", "n2"])
    #expect(throws: Problem.cancelled) {
      try withDisjointOutput(&squares) { (_) throws(Problem) in throw .cancelled }
    }
  }

  @Test("Slabs lie one after the other, the last one shorter, and all are told of")
  func slabs() {
    let told = Mutex<[Double]>([])
    let progress = WorkProgress(
      report: { name, part in told.withLock { $0.append(name == "work" ? part : -1) } },
      isCancelled: { false })
    var first = [Int](repeating: -1, count: 1000)
    withDisjointOutput(&first) { first in
      forEachSlab(of: 1000, length: 64, name: "work", progress: progress, scratch: {}) { slab, _ in
        for n in slab { first.elements[n] = slab.lowerBound }
      }
    }
    #expect(first == (0..<1000).map { $0 / 64 * 64 })
    #expect(told.withLock { $0.sorted() } == (1...16).map { Double($0) / 16 })
  }

  @Test("Slabs that have not begun are left out when the person cancels")
  func cancelled() {
    let progress = WorkProgress(report: { _, _ in }, isCancelled: { true })
    forEachSlab(of: 1000, length: 10, name: "work", progress: progress, scratch: {}) { _, _ in
      Issue.record("a slab after the person cancelled")
    }
  }
}
