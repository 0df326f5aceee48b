package import Basics
import Dispatch
package import Imaging

/// What can be shown while the rest of a run is still being read.
package struct FirstLook: Sendable {
  package let description: ImageHeader
  /// Mean of the first frames, on the whole grid.
  package let mean: Volume
  package let mask: Mask
}

extension ImageReader {
  /// How many frames the first look and a derived mask are made of.
  static let firstFrames = 10

  /// Reads a BOLD run: the voxels of its mask, frame after frame, and the mean of all.
  ///
  /// Memory: the in-mask series in the file's own type and a few frames. One frame is inflated
  /// while the one before is sorted in.
  /// - Parameters:
  ///   - mask: nil derives one from the first frames; the closure sees the description first,
  ///     because a mask on another grid is resampled to this one.
  ///   - firstLook: called once, as soon as there is something to show.
  package static func readRun(
    _ path: String, repetitionTimeSeconds stated: Double? = nil,
    mask: (ImageHeader) throws(Problem) -> Mask? = { (_) throws(Problem) in nil },
    progress: WorkProgress = .silent, firstLook: (FirstLook) -> Void = { _ in }
  ) throws(Problem) -> (description: ImageDescription, run: Run) {
    let (description, run) = try pass(path) {
      (image) throws(Problem) -> Run in
      let d = image.header
      guard d.isSeries else {
        throw Problem(
          .data, d.name, "it has one volume", expected: "a 4-D BOLD run",
          remedy: "Give a single volume as --anat, --spect or --overlay")
      }
      let time = try d.repetitionTime(stated: stated)
      let given = try mask(d)
      let early = min(firstFrames, d.frameCount)
      // The first frames and two more, their sum, their mean and the mask's places.
      try MemoryBudget.require(
        MemoryBudget.sum(
          MemoryBudget.product(image.frameBytes, early + 2), MemoryBudget.product(24, d.grid.count)
        ), of: d.name, for: "reading its frames")
      let gatherer = Gatherer(d)
      var first: [[UInt8]] = []
      for _ in 0..<early {
        var buffer = [UInt8](repeating: 0, count: image.frameBytes)
        try image.next(into: &buffer)
        gatherer.accumulate(buffer)
        first.append(buffer)
      }
      let lookMean = gatherer.mean()
      guard let used = given ?? Mask.derived(from: lookMean) else {
        throw Problem(
          .data, d.name, "no brain stands out in its first frames", expected: "an image of a head",
          remedy: "Give a mask with --mask")
      }
      try MemoryBudget.require(
        MemoryBudget.product(used.count, d.frameCount, d.type.byteCount), of: d.name,
        for: "the series of \(used.count) voxels")
      gatherer.start(used)
      firstLook(FirstLook(description: d, mean: lookMean, mask: used))
      for buffer in first { gatherer.gather(buffer) }
      first = []
      let queue = DispatchQueue(label: "boldspect.gather")
      let group = DispatchGroup()
      var buffer = [UInt8](repeating: 0, count: image.frameBytes)
      for t in early..<d.frameCount {
        try progress.check()
        do throws(Problem) { try image.next(into: &buffer) } catch {
          group.wait()
          throw error
        }
        group.wait()
        gatherer.take(&buffer)
        queue.async(group: group) { gatherer.work() }
        progress.report("reading", Double(t + 1) / Double(d.frameCount))
      }
      group.wait()
      return gatherer.finish(repetitionTimeSeconds: time)
    }
    return (description, run)
  }
}

/// Sorts frames into a run. Used by one thread at a time: the reader waits before it hands over.
private final class Gatherer: @unchecked Sendable {
  private let d: ImageHeader
  private var mask: Mask?
  private var pieces: [(start: Int, count: Int)] = []
  private var bytes: [UInt8] = []
  private var sum: [Double] = []
  private var wholeSum: [Int32] = []
  private var frames = 0
  private var pending: [UInt8]

  init(_ d: ImageHeader) {
    self.d = d
    pending = [UInt8](repeating: 0, count: d.grid.count * d.type.byteCount)
    // Small integers add up exactly in 32 bits, at half the memory traffic.
    if usesIntegers {
      wholeSum = [Int32](repeating: 0, count: d.grid.count)
    } else {
      sum = [Double](repeating: 0, count: d.grid.count)
    }
  }

  private var usesIntegers: Bool { d.type.byteCount <= 2 && d.frameCount <= 32767 }

  func start(_ mask: Mask) {
    self.mask = mask
    var at = 0
    let offsets = mask.offsets
    while at < offsets.count {
      var end = at + 1
      while end < offsets.count, offsets[end] == offsets[end - 1] + 1 { end += 1 }
      pieces.append((Int(offsets[at]), end - at))
      at = end
    }
    bytes.reserveCapacity(mask.count * d.frameCount * d.type.byteCount)
  }

  /// Takes over a full buffer and gives an old one back to be filled.
  func take(_ buffer: inout [UInt8]) { swap(&buffer, &pending) }

  func work() {
    accumulate(pending)
    gather(pending)
  }

  /// Adds a frame to the mean of the whole grid.
  func accumulate(_ buffer: [UInt8]) {
    frames += 1
    func integers<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
      buffer.withUnsafeBytes { raw in
        let values = raw.assumingMemoryBound(to: T.self)
        wholeSum.withUnsafeMutableBufferPointer { out in
          for i in 0..<out.count { out[i] &+= Int32(truncatingIfNeeded: values[i]) }
        }
      }
    }
    func numbers<T: BitwiseCopyable>(_: T.Type, _ double: (T) -> Double) {
      buffer.withUnsafeBytes { raw in
        let values = raw.assumingMemoryBound(to: T.self)
        sum.withUnsafeMutableBufferPointer { out in
          for i in 0..<out.count { out[i] += double(values[i]) }
        }
      }
    }
    switch (d.type, usesIntegers) {
    case (.uint8, true): integers(UInt8.self)
    case (.int8, true): integers(Int8.self)
    case (.int16, true): integers(Int16.self)
    case (.uint16, true): integers(UInt16.self)
    case (.uint8, false): numbers(UInt8.self) { Double($0) }
    case (.int8, false): numbers(Int8.self) { Double($0) }
    case (.int16, false): numbers(Int16.self) { Double($0) }
    case (.uint16, false): numbers(UInt16.self) { Double($0) }
    case (.int32, _): numbers(Int32.self) { Double($0) }
    case (.uint32, _): numbers(UInt32.self) { Double($0) }
    case (.int64, _): numbers(Int64.self) { Double($0) }
    case (.uint64, _): numbers(UInt64.self) { Double($0) }
    case (.float32, _): numbers(Float.self) { Double($0) }
    case (.float64, _): numbers(Double.self) { $0 }
    }
  }

  /// Appends the mask's voxels of a frame.
  func gather(_ buffer: [UInt8]) {
    let width = d.type.byteCount
    buffer.withUnsafeBytes { raw in
      for piece in pieces {
        bytes.append(
          contentsOf: raw[piece.start * width..<(piece.start + piece.count) * width])
      }
    }
  }

  func mean() -> Volume {
    let n = Double(max(1, frames))
    let values =
      usesIntegers
      ? wholeSum.map { Float(Double($0) / n * d.slope + d.intercept) }
      : sum.map { Float($0 / n * d.slope + d.intercept) }
    return Volume(grid: d.grid, values: values)
  }

  func finish(repetitionTimeSeconds: Double?) -> Run {
    let mask = mask ?? Mask(grid: d.grid, offsets: [], origin: "empty")
    let samples = SampleStore(
      type: d.type, slope: d.slope, intercept: d.intercept, bytes: bytes)
    bytes = []
    return Run(
      mask: mask, frameCount: d.frameCount, repetitionTimeSeconds: repetitionTimeSeconds,
      samples: samples, mean: mean())
  }
}
