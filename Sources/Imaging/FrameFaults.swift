package import Basics

/// Frames of a run that hold no picture of their own: one of them makes every correlation.
package struct FrameFaults: Sendable, Equatable {
  /// Frames in which every voxel has one value.
  package var blank: [Int] = []
  /// Frames that repeat an earlier one to the last bit: they were not measured.
  package var repeated: [Int] = []
  /// Frames that differ from the one before (of those that hold a picture) by more than `jumpFactor` times what is
  /// usual, with how many times.
  package var jumps: [(frame: Int, times: Double)] = []

  /// Whether more frames repeat than not: then it is no series with faults but no series.
  package var isStill = false

  /// What is left out of maps, numbers and simulated scans, ascending; the picture of the run's mean holds it.
  package var unusable: [Int] { isStill ? blank : (blank + repeated).sorted() }

  package init() {}

  /// Times the median change from frame to frame. Chosen by judgement: the largest in three real runs is 1.18, 1.25 and
  /// 1.40 times, where a head that moves should be told of by the motion and not here.
  package static let jumpFactor = 6.0
  /// Fewer voxels are no picture.
  private static let leastVoxels = 100
  /// Frames that are looked at in turn: of each the one before it is at hand.
  private static let block = 16

  package init(_ run: Run) {
    guard run.voxelCount >= Self.leastVoxels, run.frameCount > 4 else { return }
    let all = parallelMap((run.frameCount + Self.block - 1) / Self.block) { n in
      FrameLook.of(run, n * Self.block..<min(run.frameCount, (n + 1) * Self.block))
    }.flatMap(\.self)
    guard let usual = median(all.compactMap(\.spread)), usual > 0 else { return }
    blank = all.indices.filter { n in all[n].spread.map { $0 <= 1e-6 * usual } ?? false }
    let copies = Self.copies(all, of: run)
    repeated = all.indices.filter {
      (all[$0].isRepeated || copies.contains($0)) && !blank.contains($0)
    }
    isStill = 2 * repeated.count > run.frameCount
    let bad = Set(blank + repeated)
    let good = all.indices.filter { !bad.contains($0) }
    // Over a gap the frames on both sides of it are compared.
    let changes = zip(good, good.dropFirst()).map { before, t in
      (
        frame: t,
        change: before == t - 1
          ? all[t].change
          : FrameLook(run.values(ofFrame: t), after: run.values(ofFrame: before)).change
      )
    }
    guard let usual = median(changes.map(\.change)), usual > 0 else { return }
    jumps = changes.compactMap { frame, change in
      change > Self.jumpFactor * usual ? (frame, change / usual) : nil
    }
  }

  /// Frames whose numbers are those of an earlier one that is not the one before.
  private static func copies(_ all: [FrameLook], of run: Run) -> Set<Int> {
    var first: [UInt64: Int] = [:]
    var out: Set<Int> = []
    for t in all.indices where all[t].spread != nil {
      guard let earlier = first[all[t].print] else {
        first[all[t].print] = t
        continue
      }
      // A print is not proof.
      let (a, b) = (run.values(ofFrame: earlier), run.values(ofFrame: t))
      if zip(a, b).allSatisfy({ $0 == $1 || $0.isNaN && $1.isNaN }) { out.insert(t) }
    }
    return out
  }

  package static func == (a: FrameFaults, b: FrameFaults) -> Bool {
    a.blank == b.blank && a.repeated == b.repeated && a.jumps.map(\.frame) == b.jumps.map(\.frame)
  }
}

/// One frame beside the one before it.
private struct FrameLook: Sendable {
  /// Standard deviation over the mask; nil where voxels are no numbers, which is a fault of its own.
  var spread: Double?
  /// Root mean square of the change; 0 in the first frame.
  var change = 0.0
  var isRepeated = false
  /// Of all its numbers: two frames of two prints differ.
  var print: UInt64 = 14_695_981_039_346_656_037

  static func of(_ run: Run, _ frames: Range<Int>) -> [FrameLook] {
    var before = frames.lowerBound > 0 ? run.values(ofFrame: frames.lowerBound - 1) : nil
    return frames.map { t in
      let row = run.values(ofFrame: t)
      defer { before = row }
      return FrameLook(row, after: before)
    }
  }

  init(_ row: [Float], after before: [Float]?) {
    var (sum, squares, count) = (0.0, 0.0, 0)
    let middle = row.first { $0.isFinite }.map(Double.init) ?? 0
    for x in row where x.isFinite {
      // FNV-1a, by whole numbers.
      print = (print ^ UInt64(x.bitPattern)) &* 1_099_511_628_211
      let d = Double(x) - middle
      sum += d
      squares += d * d
      count += 1
    }
    guard 2 * count >= row.count else { return }
    spread = max(0, squares / Double(count) - (sum / Double(count)) * (sum / Double(count)))
      .squareRoot()
    guard let before else { return }
    var changed = 0.0
    var isSame = true
    for v in row.indices where row[v].isFinite && before[v].isFinite {
      let d = Double(row[v]) - Double(before[v])
      if d != 0 { isSame = false }
      changed += d * d
    }
    change = (changed / Double(count)).squareRoot()
    isRepeated = isSame
  }
}

private func median(_ values: [Double]) -> Double? {
  let sorted = values.sorted()
  return sorted.isEmpty ? nil : sorted[sorted.count / 2]
}

extension FrameFaults {
  /// What is said of them beside everything that is made of the run.
  package func findings(frameCount: Int) -> [Finding] {
    func frames(_ count: Int) -> String { "\(count) of \(frameCount) frames" }
    var out: [Finding] = []
    if !blank.isEmpty {
      out.append(
        Finding(
          "blank-frames", .warning,
          "\(frames(blank.count)) hold one value in every voxel (\(Self.places(blank))): left out of maps, "
            + "numbers and simulated scans."))
    }
    if isStill {
      out.append(
        Finding(
          "repeated-frames", .warning,
          "\(frames(repeated.count)) repeat an earlier frame: it is no series of measurements, and nothing "
            + "that is made of it is of a brain's time."))
    } else if !repeated.isEmpty {
      out.append(
        Finding(
          "repeated-frames", .warning,
          "\(frames(repeated.count)) repeat an earlier frame (\(Self.places(repeated))): not measured, and left "
            + "out of maps, numbers and simulated scans."))
    }
    if let most = jumps.map(\.times).max() {
      out.append(
        Finding(
          "frame-jumps", .warning,
          "\(frames(jumps.count)) differ from the one before by up to \(plainNumber(most.rounded())) times what is "
            + "usual (\(Self.places(jumps.map(\.frame)))): correlations may be of them alone where --dvars "
            + "or --fd does not censor them."))
    }
    return out
  }

  /// "frame 60", "frames 60, 180 and 12 more"; the first frame is 0.
  private static func places(_ frames: [Int]) -> String {
    let shown = frames.prefix(4).map(String.init).joined(separator: ", ")
    let rest = frames.count - 4
    return (frames.count == 1 ? "frame " : "frames ") + shown
      + (rest > 0 ? " and \(rest) more" : "")
  }
}
