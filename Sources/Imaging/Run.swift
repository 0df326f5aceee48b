import Synchronization

/// A BOLD run: the series of every voxel in a mask, in the file's own number type.
///
/// Time-major (`samples[t * voxels + voxel]`): a seed map accumulates whole rows, a frame is one
/// consecutive piece, and reading the file appends.
package final class Run: Sendable {
  package let mask: Mask
  package let frameCount: Int
  /// Repetition time; nil where nothing trustworthy states it.
  package let repetitionTimeSeconds: Double?
  package let samples: SampleStore
  /// Mean over all frames, on the whole grid, in and out of the mask.
  package let mean: Volume
  private let knownFaults: Mutex<FrameFaults?>

  /// Frames that hold no picture of their own; looked for when first asked.
  package var faults: FrameFaults {
    knownFaults.withLock { known in
      let found = known ?? FrameFaults(self)
      known = found
      return found
    }
  }

  package init(
    mask: Mask, frameCount: Int, repetitionTimeSeconds: Double?, samples: SampleStore,
    mean: Volume, outsideField: [Bool]? = nil, faults: FrameFaults? = nil
  ) {
    precondition(samples.count == mask.count * frameCount)
    knownFaults = Mutex(faults)
    self.mask = mask.with(outsideField: outsideField ?? mask.voxelsOutsideField(of: mean))
    self.frameCount = frameCount
    self.repetitionTimeSeconds = repetitionTimeSeconds
    self.samples = samples
    self.mean = mean
  }

  package var grid: Grid { mask.grid }

  /// The same series on a grid of the same size that lies elsewhere.
  package func on(_ grid: Grid) -> Run {
    precondition(grid.count == self.grid.count)
    return Run(
      mask: Mask(grid: grid, offsets: mask.offsets, origin: mask.origin), frameCount: frameCount,
      repetitionTimeSeconds: repetitionTimeSeconds, samples: samples,
      mean: Volume(grid: grid, values: mean.values), outsideField: mask.outsideField,
      faults: knownFaults.withLock(\.self))
  }

  /// The same run where the background was set to 0 and a template says where a brain is
  /// (`Mask.brainOutsideField`); itself where that tells nothing new.
  package func knowing(brain: (WorldPoint) -> Bool) -> Run {
    guard mask.outsideField.isEmpty else { return self }
    let outside = mask.brainOutsideField(of: mean, brain)
    guard !outside.isEmpty else { return self }
    return Run(
      mask: mask, frameCount: frameCount, repetitionTimeSeconds: repetitionTimeSeconds,
      samples: samples, mean: mean, outsideField: outside, faults: knownFaults.withLock(\.self))
  }

  /// Whether anything outside the mask is 0 or no number in every frame, and nothing tells yet whether it was
  /// in the field of view.
  package var hasUnexplainedBackground: Bool {
    mask.outsideField.isEmpty
      && mean.values.indices.contains {
        mask.places[$0] < 0 && (mean.values[$0] == 0 || !mean.values[$0].isFinite)
      }
  }
  package var voxelCount: Int { mask.count }

  /// Length of the run in seconds; nil without a repetition time.
  package var seconds: Double? { repetitionTimeSeconds.map { $0 * Double(frameCount) } }

  /// The first frame in which a mask voxel is no finite number; nil when there is none.
  package var firstFrameWithoutNumbers: Int? {
    guard samples.type == .float32 || samples.type == .float64 else { return nil }
    return (0..<frameCount).first { t in
      values(ofFrame: t).contains { !$0.isFinite }
    }
  }

  /// The series of one mask voxel.
  package func series(of place: Int) -> [Double] {
    (0..<frameCount).map { samples.value(at: $0 * voxelCount + place) }
  }

  /// One frame on the whole grid, NaN outside the mask.
  package func frame(_ t: Int) -> Volume {
    mask.volume(values(ofFrame: t))
  }

  /// One frame of every mask voxel, in file order of the mask.
  package func values(ofFrame t: Int) -> [Float] {
    samples.floats(t * voxelCount..<(t + 1) * voxelCount)
  }

  /// Mean over consecutive frames of every mask voxel, in file order of the mask.
  package func mean(of frames: Range<Int>) -> [Float] {
    weightedSum(of: frames, [Double](repeating: 1, count: frames.count))
      .map { Float($0 / Double(max(1, frames.count))) }
  }

  /// Σ w·x over consecutive frames of every mask voxel, in file order of the mask. Frames that hold no picture have no
  /// weight, and theirs goes to the others.
  package func weightedSum(of frames: Range<Int>, _ weights: [Double]) -> [Double] {
    precondition(weights.count == frames.count)
    let unusable = Set(faults.unusable.filter(frames.contains))
    let (all, kept) = zip(frames, weights).reduce((0.0, 0.0)) {
      ($0.0 + $1.1, $0.1 + (unusable.contains($1.0) ? 0 : $1.1))
    }
    let scale = unusable.isEmpty || kept == 0 ? 1 : all / kept
    var sum = [Double](repeating: 0, count: voxelCount)
    var row = [Float](repeating: 0, count: voxelCount)
    for (t, w) in zip(frames, weights) where kept == 0 || !unusable.contains(t) {
      row.withUnsafeMutableBufferPointer { out in
        if let base = out.baseAddress {
          samples.decode(t * voxelCount..<(t + 1) * voxelCount, into: base)
        }
      }
      let weight = scale * w
      for v in 0..<voxelCount { sum[v] += weight * Double(row[v]) }
    }
    return sum
  }
}
