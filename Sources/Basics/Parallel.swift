import Dispatch
import Synchronization

/// Runs `body` over consecutive parts of `0..<count` on all cores.
///
/// Parts are at least `grain` long, and each is handed to one thread, so results do not depend on
/// the number of cores as long as `body` writes only to its own part.
package func inParallel(_ count: Int, grain: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
  guard count > 0 else { return }
  let parts = max(1, min(count / max(1, grain), 16))
  if parts == 1 { return body(0..<count) }
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    body(count * part / parts..<count * (part + 1) / parts)
  }
}

// MARK: Loops that write to arrays

/// The elements of an array while several threads write to them, each to places that are its own.
///
/// Which places belong to which chunk, slab or index is the caller's promise; that no two of them
/// share one is what makes the writing safe.
package struct DisjointOutput<Element: Sendable>: Sendable {
  // The compiler cannot see that threads write to different places. This is said here once, so that
  // no kernel has to say it. A loop takes the elements out before it begins: this struct's own
  // accessors would be a call for each of them.
  package nonisolated(unsafe) let elements: UnsafeMutableBufferPointer<Element>

  fileprivate init(_ elements: UnsafeMutableBufferPointer<Element>) { self.elements = elements }
}

extension UnsafeMutableBufferPointer {
  /// Where a place lies, for kernels that take pointers; only asked of a buffer that is not empty.
  package func pointer(at place: Int) -> UnsafeMutablePointer<Element> {
    baseAddress.unsafelyUnwrapped + place
  }
}

/// Lends an array to a parallel loop of any shape; `forEachChunk(of:into:)` is the usual one.
package func withDisjointOutput<A: Sendable, Result, Failure>(
  _ a: inout [A], _ body: (DisjointOutput<A>) throws(Failure) -> Result
) throws(Failure) -> Result {
  try a.withUnsafeMutableBufferPointer { (a) throws(Failure) in try body(DisjointOutput(a)) }
}

/// Lends two arrays to a parallel loop.
package func withDisjointOutput<A: Sendable, B: Sendable, Result, Failure>(
  _ a: inout [A], _ b: inout [B],
  _ body: (DisjointOutput<A>, DisjointOutput<B>) throws(Failure) -> Result
) throws(Failure) -> Result {
  try withDisjointOutput(&a) { (a) throws(Failure) in
    try withDisjointOutput(&b) { (b) throws(Failure) in try body(a, b) }
  }
}

/// Runs `body` over consecutive chunks of `0..<count` on all cores, together with the array that all of
/// them write to: the loop of a kernel that gives every index places of its own.
package func forEachChunk<A: Sendable>(
  of count: Int, grain: Int = 1, into a: inout [A],
  _ body: @Sendable (_ chunk: Range<Int>, _ out: UnsafeMutableBufferPointer<A>) -> Void
) {
  withDisjointOutput(&a) { out in inParallel(count, grain: grain) { body($0, out.elements) } }
}

extension Array where Element: BitwiseCopyable & Sendable {
  /// `count` elements that the chunks of `0..<items` write between them, every one of them: nothing is
  /// set beforehand.
  package init(
    count: Int, filledByChunksOf items: Int, grain: Int = 1,
    _ fill: @Sendable (_ chunk: Range<Int>, _ out: UnsafeMutableBufferPointer<Element>) -> Void
  ) {
    self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      let out = DisjointOutput(buffer)
      inParallel(items, grain: grain) { fill($0, out.elements) }
      initialized = count
    }
  }
}

/// The value of every index of `0..<count`, in order, worked out on all cores.
///
/// - Parameter makeScratch: what a thread works with and uses again for its next index.
package func parallelMap<Value: Sendable, Scratch>(
  _ count: Int, scratch makeScratch: @Sendable () -> Scratch,
  _ value: @Sendable (_ index: Int, _ scratch: inout Scratch) -> Value
) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
    let out = DisjointOutput(buffer)
    inParallel(count) { chunk in
      var scratch = makeScratch()
      for n in chunk { out.elements.pointer(at: n).initialize(to: value(n, &scratch)) }
    }
    initialized = count
  }
}

package func parallelMap<Value: Sendable>(
  _ count: Int, _ value: @Sendable (_ index: Int) -> Value
) -> [Value] {
  parallelMap(count, scratch: {}) { n, _ in value(n) }
}

// MARK: Slabs

/// Runs `body` over consecutive slabs of `0..<count` on all cores, and tells how far it is.
///
/// All slabs but the last are `length` long, so that sums over a slab do not depend on the cores.
/// When the person cancels, slabs that have not begun are left out: check `progress` afterwards.
///
/// - Parameters:
///   - name: of the work, as the person reads it.
///   - makeScratch: what a thread works with and uses again for its next slab.
package func forEachSlab<Scratch>(
  of count: Int, length: Int, name: String, progress: WorkProgress,
  scratch makeScratch: @Sendable () -> Scratch,
  _ body: @Sendable (_ slab: Range<Int>, _ scratch: inout Scratch) -> Void
) {
  let slabs = (count + length - 1) / length
  let done = Atomic<Int>(0)
  inParallel(slabs) { chunk in
    var scratch = makeScratch()
    for n in chunk {
      if progress.isCancelled() { return }
      body(n * length..<min(count, (n + 1) * length), &scratch)
      progress.report(name, Double(done.add(1, ordering: .relaxed).newValue) / Double(slabs))
    }
  }
}
