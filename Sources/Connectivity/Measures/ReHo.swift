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
  var ranker = Ranker(n)
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

/// Doubled average ranks by a radix sort, so that the cost grows with the length and not with its
/// square or logarithm.
struct Ranker {
  private let n: Int
  private var keys: [UInt64]
  private var spare: [UInt64]
  private var counts = [Int32](repeating: 0, count: 4 * 256)

  /// - Parameter count: at most 32 767, so that a doubled rank fits 16 bits.
  init(_ count: Int) {
    precondition(count <= 32_767)
    n = count
    keys = [UInt64](repeating: 0, count: count)
    spare = keys
  }

  /// Writes 2 × the average rank (from 1) of each number; returns Σ(t³ − t) over groups of equals.
  mutating func rank(
    _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<UInt16>
  ) -> Double {
    let n = self.n
    var ties = 0.0
    counts.withUnsafeMutableBufferPointer { counts in
      keys.withUnsafeMutableBufferPointer { keys in
        spare.withUnsafeMutableBufferPointer { spare in
          guard var from = keys.baseAddress, var to = spare.baseAddress,
            let counts = counts.baseAddress
          else { return }
          for i in 0..<1024 { counts[i] = 0 }
          for i in 0..<n {
            // −0 counts as 0. Flipped so that larger numbers have larger bits.
            let bits = (x[i] + 0).bitPattern
            let key = bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
            from[i] = UInt64(key) << 32 | UInt64(i)
            counts[Int(key & 255)] += 1
            counts[256 + Int(key >> 8 & 255)] += 1
            counts[512 + Int(key >> 16 & 255)] += 1
            counts[768 + Int(key >> 24)] += 1
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
          var start = 0
          while start < n {
            var end = start + 1
            while end < n, from[end] >> 32 == from[start] >> 32 { end += 1 }
            // Places start+1 … end share their mean, doubled.
            let rank = UInt16(start + end + 1)
            for i in start..<end { out[Int(from[i] & 0xffff)] = rank }
            let t = Double(end - start)
            if end - start > 1 { ties += t * t * t - t }
            start = end
          }
        }
      }
    }
    return ties
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
    var out = [Float](repeating: .nan, count: voxelCount)
    var held = RankedVoxels(first: 0, ranks: [], ties: [], frameCount: t)
    for k in stride(from: 0, to: grid.nz, by: group) {
      try progress.check()
      let end = min(grid.nz, k + group)
      let needed = starts[max(0, k - 1)]..<starts[min(grid.nz, end + 1)]
      held = try ranked(needed, projection, keeping: held, progress)
      concordances(starts[k]..<starts[end], held, neighbourhood, &out)
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
    try new.ranks.withUnsafeMutableBufferPointer { rankBuffer throws(Problem) in
      try new.ties.withUnsafeMutableBufferPointer { tieBuffer throws(Problem) in
        nonisolated(unsafe) let (ranks, ties) = (rankBuffer, tieBuffer)
        try forEachCleanSlab(projection, voxels: rest, name: "ReHo", progress: progress) { slab in
          var ranker = Ranker(t)
          var series = [Float](repeating: 0, count: 16 * t)
          let count = slab.voxels.count
          series.withUnsafeMutableBufferPointer { buffer in
            guard let base = ranks.baseAddress, let x = buffer.baseAddress else { return }
            // Sixteen voxels at a time become one after the other: whole cache lines are read.
            for first in stride(from: 0, to: count, by: 16) {
              let width = min(16, count - first)
              for row in 0..<t {
                for v in 0..<width { x[v * t + row] = slab.data[row * count + first + v] }
              }
              for v in 0..<width where slab.usable[first + v] {
                let at = slab.voxels.lowerBound + first + v - needed.lowerBound
                ties[at] = ranker.rank(x + v * t, into: base + at * t)
              }
            }
          }
        }
      }
    }
    return new
  }

  private func concordances(
    _ places: Range<Int>, _ ranked: RankedVoxels, _ neighbourhood: Neighbourhood,
    _ out: inout [Float]
  ) {
    let t = ranked.frameCount
    let offsets = neighbourhood.offsets
    let grid = grid
    out.withUnsafeMutableBufferPointer { outBuffer in
      ranked.ranks.withUnsafeBufferPointer { rankBuffer in
        nonisolated(unsafe) let (out, ranks) = (outBuffer, rankBuffer)
        inParallel(places.count, grain: 64) { part in
          guard let base = ranks.baseAddress else { return }
          var sums = [UInt32](repeating: 0, count: t)
          sums.withUnsafeMutableBufferPointer { sums in
            guard let sum = sums.baseAddress else { return }
            for place in part.lowerBound + places.lowerBound..<part.upperBound + places.lowerBound {
              guard ranked.ties[place - ranked.first].isFinite else { continue }
              let v = grid.index(at: Int(mask.offsets[place]))
              sum.update(repeating: 0, count: t)
              var m = 0
              var ties = 0.0
              for (di, dj, dk) in offsets {
                let n = VoxelIndex(v.i + di, v.j + dj, v.k + dk)
                guard grid.contains(n) else { continue }
                let at = Int(mask.places[grid.offset(n)]) - ranked.first
                guard at >= 0, at < ranked.ties.count, ranked.ties[at].isFinite else { continue }
                m += 1
                ties += ranked.ties[at]
                let row = base + at * t
                for i in 0..<t { sum[i] &+= UInt32(row[i]) }
              }
              if m >= neighbourhood.least {
                out[place] = Float(concordance(UnsafeBufferPointer(sums), m, ties))
              }
            }
          }
        }
      }
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
