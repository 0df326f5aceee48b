package import Basics
package import Imaging

/// The neighbourhood of regional homogeneity, the voxel itself among them.
package enum Neighbourhood: Int, Sendable, CaseIterable {
  /// Voxels that share a face.
  case faces = 7
  /// And those that share an edge.
  case edges = 19
  /// And those that share a corner.
  case corners = 27

  var offsets: [(Int, Int, Int)] {
    let reach = self == .faces ? 1 : self == .edges ? 2 : 3
    var out: [(Int, Int, Int)] = []
    for k in -1...1 {
      for j in -1...1 {
        for i in -1...1 where abs(i) + abs(j) + abs(k) <= reach { out.append((i, j, k)) }
      }
    }
    return out
  }

  /// With fewer voxels in the mask there is no number: few series agree by chance.
  var least: Int { (rawValue + 1) / 2 }
}

/// Kendall's coefficient of concordance with average ranks and tie correction:
/// W = [12 ΣS² − 3m²n(n+1)²] / [m²n(n²−1) − m Σ(t³ − t)].
///
/// - Parameter series: m series of n numbers.
package func kendallsW(_ series: [[Float]]) -> Double {
  guard let n = series.first?.count, n > 1 else { return .nan }
  let ranker = Ranker(n)
  var sums = [UInt32](repeating: 0, count: n)
  var ties = 0.0
  for one in series {
    var ranks = [UInt16](repeating: 0, count: n)
    one.withUnsafeBufferPointer { x in
      ranks.withUnsafeMutableBufferPointer { out in
        if let x = x.baseAddress, let out = out.baseAddress {
          ties += ranker.rank(x, into: out)
        }
      }
    }
    for t in 0..<n { sums[t] += UInt32(ranks[t]) }
  }
  return sums.withUnsafeBufferPointer { concordance($0, series.count, ties) }
}

/// W from sums of doubled ranks.
private func concordance(
  _ sums: UnsafeBufferPointer<UInt32>, _ m: Int, _ ties: Double
) -> Double {
  var squares: UInt64 = 0
  for s in sums { squares &+= UInt64(s) &* UInt64(s) }
  let (n, m) = (Double(sums.count), Double(m))
  let top = 3 * Double(squares) - 3 * m * m * n * (n + 1) * (n + 1)
  let bottom = m * m * n * (n * n - 1) - m * ties
  return bottom > 0 ? top / bottom : .nan
}

/// Doubled average ranks. Numbers go into as many equal bins as there are numbers and are put in
/// order there; when outliers crowd the rest into few bins a radix sort does it instead, so that the
/// cost grows with the length and not with its square.
struct Ranker {
  private let n: Int
  private let keys: UnsafeMutablePointer<UInt64>
  private let spare: UnsafeMutablePointer<UInt64>
  private let counts: UnsafeMutablePointer<Int32>
  private let bins: UnsafeMutablePointer<Int32>
  private let storage: Storage

  /// Owns the buffers.
  private final class Storage {
    let keys: UnsafeMutablePointer<UInt64>
    let counts: UnsafeMutablePointer<Int32>

    init(_ n: Int) {
      keys = .allocate(capacity: 2 * n)
      keys.initialize(repeating: 0, count: 2 * n)
      counts = .allocate(capacity: max(1024, n + 1) + n)
      counts.initialize(repeating: 0, count: max(1024, n + 1) + n)
    }

    deinit {
      keys.deallocate()
      counts.deallocate()
    }
  }

  /// - Parameter count: at most 32 767, so that a doubled rank fits 16 bits.
  init(_ count: Int) {
    precondition(count <= 32_767)
    n = count
    storage = Storage(count)
    keys = storage.keys
    spare = storage.keys + count
    counts = storage.counts
    bins = storage.counts + max(1024, count + 1)
  }

  /// Writes 2 × the average rank (from 1) of each number; returns Σ(t³ − t) over groups of equals.
  func rank(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<UInt16>) -> Double {
    let sorted = binned(x) ? keys : radixSorted(x)
    var ties = 0.0
    var start = 0
    while start < n {
      var end = start + 1
      while end < n, sorted[end] >> 32 == sorted[start] >> 32 { end += 1 }
      // Places start+1 … end share their mean, doubled.
      let rank = UInt16(start + end + 1)
      for i in start..<end { out[Int(sorted[i] & 0xffff)] = rank }
      if end - start > 1 {
        let t = Double(end - start)
        ties += t * t * t - t
      }
      start = end
    }
    return ties
  }

  /// A number's bits in an order that grows with it, and its place. −0 counts as 0.
  private func key(_ x: Float, _ i: Int) -> UInt64 {
    let bits = (x + 0).bitPattern
    let ordered = bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
    return UInt64(ordered) << 32 | UInt64(i)
  }

  /// Sorts into `keys` by equal bins between the smallest and the largest; false, with nothing done,
  /// when some bin would hold too many.
  private func binned(_ x: UnsafePointer<Float>) -> Bool {
    var low = x[0]
    var high = x[0]
    for i in 1..<max(1, n) {
      low = min(low, x[i])
      high = max(high, x[i])
    }
    let scale = Float(n - 1) / (high - low)
    guard scale.isFinite, scale > 0 else { return false }
    counts.update(repeating: 0, count: n + 1)
    for i in 0..<n {
      let part = (x[i] - low) * scale
      // What is no number has no bin.
      guard part >= 0, part < Float(n) else { return false }
      let b = Int32(part)
      bins[i] = b
      counts[Int(b) + 1] += 1
    }
    var at: Int32 = 0
    for b in 1...n {
      if counts[b] > 24 { return false }
      let here = counts[b]
      counts[b] = at
      at += here
    }
    for i in 0..<n {
      let b = Int(bins[i]) + 1
      keys[Int(counts[b])] = key(x[i], i)
      counts[b] += 1
    }
    // Almost in order: only numbers of one bin may change places.
    for i in 1..<max(1, n) {
      let one = keys[i]
      var j = i
      while j > 0, keys[j - 1] > one {
        keys[j] = keys[j - 1]
        j -= 1
      }
      keys[j] = one
    }
    return true
  }

  private func radixSorted(_ x: UnsafePointer<Float>) -> UnsafeMutablePointer<UInt64> {
    var (from, to) = (keys, spare)
    counts.update(repeating: 0, count: 1024)
    for i in 0..<n {
      from[i] = key(x[i], i)
      let ordered = from[i] >> 32
      counts[Int(ordered & 255)] += 1
      counts[256 + Int(ordered >> 8 & 255)] += 1
      counts[512 + Int(ordered >> 16 & 255)] += 1
      counts[768 + Int(ordered >> 24)] += 1
    }
    for pass in 0..<4 {
      let count = counts + 256 * pass
      let shift = UInt64(32 + 8 * pass)
      // A byte that all share sorts nothing.
      if count[Int(from[0] >> shift & 255)] == Int32(n) { continue }
      var at: Int32 = 0
      for b in 0..<256 {
        let here = count[b]
        count[b] = at
        at += here
      }
      for i in 0..<n {
        let b = Int(from[i] >> shift & 255)
        to[Int(count[b])] = from[i]
        count[b] += 1
      }
      swap(&from, &to)
    }
    return from
  }
}

extension Run {
  /// Regional homogeneity: Kendall's W of each voxel's cleaned series with those of its neighbours in
  /// the mask; NaN where fewer than half of them are there.
  ///
  /// Memory: the ranks of a few slices.
  package func regionalHomogeneity(
    _ denoising: Denoising, _ neighbourhood: Neighbourhood = .corners,
    progress: WorkProgress = .silent
  ) throws(Problem) -> [Float] {
    let projection = try cleaningProjection(denoising)
    let t = projection.frameCount
    guard t <= 32_767 else {
      throw Problem(.data, "the run", "it has \(t) frames", expected: "at most 32767 for ReHo")
    }
    // Places are in file order, so that a slice is one piece of them.
    var starts = [Int](repeating: voxelCount, count: grid.nz + 1)
    let plane = grid.nx * grid.ny
    for (place, offset) in mask.offsets.enumerated().reversed() {
      starts[Int(offset) / plane] = place
    }
    for k in stride(from: grid.nz - 1, through: 0, by: -1) where starts[k] == voxelCount {
      starts[k] = starts[k + 1]
    }
    let sliceBytes = 2 * t * max(1, voxelCount / max(1, grid.nz))
    let group = max(1, (64 << 20) / sliceBytes)
    var out: [Float] = []
    out.reserveCapacity(voxelCount)
    var held = RankedVoxels(first: 0, ranks: [], ties: [], frameCount: t)
    for k in stride(from: 0, to: grid.nz, by: group) {
      try progress.check()
      let end = min(grid.nz, k + group)
      let needed = starts[max(0, k - 1)]..<starts[min(grid.nz, end + 1)]
      held = try ranked(needed, projection, keeping: held, progress)
      out += concordances(starts[k]..<starts[end], held, neighbourhood)
      progress.report("ReHo", Double(end) / Double(grid.nz))
    }
    return out
  }

  /// Ranks of consecutive voxels; those that are known already are taken over.
  private func ranked(
    _ needed: Range<Int>, _ projection: Projection, keeping old: RankedVoxels,
    _ progress: WorkProgress
  ) throws(Problem) -> RankedVoxels {
    let t = projection.frameCount
    let known =
      max(
        needed.lowerBound, old.first)..<max(
        max(needed.lowerBound, old.first), min(needed.upperBound, old.end))
    var new = RankedVoxels(
      first: needed.lowerBound, ranks: [UInt16](repeating: 0, count: needed.count * t),
      ties: [Double](repeating: .nan, count: needed.count), frameCount: t)
    for place in known {
      let (to, from) = (place - needed.lowerBound, place - old.first)
      new.ties[to] = old.ties[from]
      for row in 0..<t { new.ranks[to * t + row] = old.ranks[from * t + row] }
    }
    let rest = (known.isEmpty ? needed.lowerBound : known.upperBound)..<needed.upperBound
    try withDisjointOutput(&new.ranks, &new.ties) { (ranks, ties) throws(Problem) in
      try forEachCleanSlab(projection, voxels: rest, name: "ReHo", progress: progress) { slab in
        var series = [Float](repeating: 0, count: 16 * t)
        rank(slab, first: needed.lowerBound, into: ranks.elements, ties.elements, series: &series)
      }
    }
    return new
  }

  /// Kendall's W of consecutive voxels with their neighbours.
  private func concordances(
    _ voxels: Range<Int>, _ ranked: RankedVoxels, _ neighbourhood: Neighbourhood
  ) -> [Float] {
    let offsets = neighbourhood.offsets
    var out = [Float](repeating: .nan, count: voxels.count)
    forEachChunk(of: voxels.count, grain: 64, into: &out) { chunk, out in
      var sums = [UInt32](repeating: 0, count: ranked.frameCount)
      for n in chunk {
        let place = voxels.lowerBound + n
        guard ranked.ties[place - ranked.first].isFinite else { continue }
        let (m, ties) = sumRanks(ranked, ranked.ranks, around: place, offsets, into: &sums)
        guard m >= neighbourhood.least else { continue }
        out[n] = Float(sums.withUnsafeBufferPointer { concordance($0, m, ties) })
      }
    }
    return out
  }

  /// Adds up, frame by frame, the ranks of a voxel's neighbours that have any; how many these are and their
  /// ties.
  @inline(__always)
  private func sumRanks(
    _ ranked: RankedVoxels, _ ranks: UnsafePointer<UInt16>, around place: Int,
    _ neighbours: [(Int, Int, Int)], into sums: UnsafeMutablePointer<UInt32>
  ) -> (count: Int, ties: Double) {
    let t = ranked.frameCount
    let v = grid.index(at: Int(mask.offsets[place]))
    sums.update(repeating: 0, count: t)
    var count = 0
    var ties = 0.0
    for (di, dj, dk) in neighbours {
      let n = VoxelIndex(v.i + di, v.j + dj, v.k + dk)
      guard grid.contains(n) else { continue }
      let at = Int(mask.places[grid.offset(n)]) - ranked.first
      guard at >= 0, at < ranked.ties.count, ranked.ties[at].isFinite else { continue }
      count += 1
      ties += ranked.ties[at]
      let row = ranks + at * t
      for i in 0..<t { sums[i] &+= UInt32(row[i]) }
    }
    return (count, ties)
  }
}

/// Ranks of a slab's usable voxels; the output begins with voxel `first`.
///
/// - Parameter series: room for sixteen voxels.
private func rank(
  _ slab: CleanSlab, first: Int, into ranks: UnsafeMutableBufferPointer<UInt16>,
  _ ties: UnsafeMutableBufferPointer<Double>, series: UnsafeMutablePointer<Float>
) {
  let t = slab.frameCount
  let ranker = Ranker(t)
  let count = slab.voxels.count
  // Sixteen voxels at a time become one after the other: whole cache lines are read.
  for from in stride(from: 0, to: count, by: 16) {
    let width = min(16, count - from)
    for row in 0..<t {
      for v in 0..<width { series[v * t + row] = slab.data[row * count + from + v] }
    }
    for v in 0..<width where slab.usable[from + v] {
      let at = slab.voxels.lowerBound + from + v - first
      ties[at] = ranker.rank(series + v * t, into: ranks.pointer(at: at * t))
    }
  }
}

/// Doubled ranks of consecutive voxels, voxel by voxel; `ties` is NaN for a voxel without data.
private struct RankedVoxels {
  var first: Int
  var ranks: [UInt16]
  var ties: [Double]
  var frameCount: Int
  var end: Int { first + ties.count }
}
