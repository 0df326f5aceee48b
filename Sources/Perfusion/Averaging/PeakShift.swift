package import Imaging

/// A peak of a map and where it went when the map was seen by a camera.
package struct PeakShift: Sendable, Equatable {
  /// What it is called: a network or a region; empty when nobody knows.
  package var name: String
  package let from: WorldPoint
  package let value: Double
  /// Where climbing from the old place on the camera's map ends; nil when there is nothing to climb on.
  package let to: WorldPoint?
  package let blurredValue: Double
  /// The earlier peak in the list that ends at the same place: the camera merged the two.
  package var mergedWith: Int?

  /// In millimetres; NaN when it vanished.
  package var distance: Double { to.map { $0.distance(to: from) } ?? .nan }
}

/// How far the peaks of a map move when a camera sees it.
///
/// - Parameters:
///   - map: one value per mask voxel; peaks are the largest |value| among the 26 neighbours.
///   - blurred: the same map by the camera; its |value| is climbed voxel by voxel, keeping the sign.
///   - groups: a label per mask voxel, 0 for none: the strongest peak of each. Nil for the strongest peaks
///     of the whole map.
///   - count: at most so many.
///   - apart: without groups, the least distance of two peaks in millimetres.
///   - name: of a place, or of a label's group.
package func peakShifts(
  of map: [Float], seenAs blurred: [Float], in mask: Mask, groups: [Int32]? = nil, count: Int = 8,
  apart: Double = 20, name: (WorldPoint, Int32) -> String = { _, _ in "" }
) -> [PeakShift] {
  precondition(map.count == mask.count && blurred.count == mask.count)
  let grid = mask.grid
  func neighbours(_ place: Int) -> [Int] {
    let v = grid.index(at: Int(mask.offsets[place]))
    var out: [Int] = []
    for dk in -1...1 {
      for dj in -1...1 {
        for di in -1...1 where di != 0 || dj != 0 || dk != 0 {
          let w = VoxelIndex(v.i + di, v.j + dj, v.k + dk)
          if grid.contains(w), mask.places[grid.offset(w)] >= 0 {
            out.append(Int(mask.places[grid.offset(w)]))
          }
        }
      }
    }
    return out
  }
  func world(_ place: Int) -> WorldPoint { grid.world(at: Int(mask.offsets[place])) }
  let ordered = map.indices.filter { map[$0].isFinite && map[$0] != 0 }
    .sorted { (abs(map[$0]), $1) > (abs(map[$1]), $0) }
  var chosen: [Int] = []
  var taken: Set<Int32> = []
  for place in ordered {
    guard chosen.count < count else { break }
    if let groups {
      guard groups[place] != 0, !taken.contains(groups[place]) else { continue }
      taken.insert(groups[place])
    } else {
      let isPeak = neighbours(place).allSatisfy {
        !map[$0].isFinite || abs(map[$0]) <= abs(map[place])
      }
      guard isPeak, chosen.allSatisfy({ world($0).distance(to: world(place)) >= apart }) else {
        continue
      }
    }
    chosen.append(place)
  }
  var out: [PeakShift] = []
  var ends: [Int?] = []
  for place in chosen {
    let sign: Float = map[place] < 0 ? -1 : 1
    var at: Int? = blurred[place].isFinite ? place : nil
    while let here = at {
      let best = neighbours(here).filter { blurred[$0].isFinite }
        .max { sign * blurred[$0] < sign * blurred[$1] }
      guard let best, sign * blurred[best] > sign * blurred[here] else { break }
      at = best
    }
    // A hill of the other sign is no peak of this one.
    if let end = at, sign * blurred[end] <= 0 { at = nil }
    out.append(
      PeakShift(
        name: name(world(place), groups?[place] ?? 0), from: world(place),
        value: Double(map[place]), to: at.map(world),
        blurredValue: at.map { Double(blurred[$0]) } ?? .nan,
        mergedWith: at.flatMap { end in ends.firstIndex { $0 == end } }))
    ends.append(at)
  }
  return out
}
