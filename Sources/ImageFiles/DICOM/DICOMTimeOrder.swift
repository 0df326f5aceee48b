import Basics

/// Which slices belong to one time: told by a number that all of them have, and that orders every place alike.
struct DICOMTimeOrder {
  let frames: Int
  private let key: Key

  private struct Key: Sendable {
    let name: String
    let value: @Sendable (DICOMPlacedPlane) -> Double?
    /// Whether slices of one time have the same number.
    var isShared = false
    /// Whether it is the order of storage rather than of time.
    var isFallback = false
  }

  private static let keys = [
    Key(name: "temporal position", value: { $0.plane.temporalPosition }, isShared: true),
    Key(name: "acquisition number", value: { $0.plane.acquisitionNumber }, isShared: true),
    Key(name: "acquisition time", value: { $0.plane.acquisitionSeconds }),
    Key(name: "trigger time", value: { $0.plane.triggerMilliseconds }),
    Key(name: "instance number", value: { $0.plane.instanceNumber }, isFallback: true),
  ]

  /// - Throws: slices that nothing tells apart, and numbers that order them differently.
  init(files: [DICOMInstance], places: [[DICOMPlacedPlane]]) throws(Problem) {
    frames = places[0].count
    guard frames > 1 else {
      key = Self.keys[0]
      return
    }
    guard files[0].kind.isMagneticResonance else {
      throw Problem(
        .data, files[places[0][1].file].name,
        "it lies at the same place as \(files[places[0][0].file].name)",
        expected: "every slice once (dynamic and gated series are not opened)")
    }
    try Self.checkTemporalPositions(files, places)
    let usable = Self.keys.filter { Self.orders($0, places) }
    guard let best = usable.first else {
      throw Problem(
        .data, files[places[0][1].file].name,
        "its place is that of \(files[places[0][0].file].name), and nothing says which was first",
        expected:
          "temporal positions, acquisition times or instance numbers that tell slices apart",
        remedy: "Look for slices that were exported twice")
    }
    key = best
    // The frames of one object may stand in any order.
    let others = usable.dropFirst().filter { !files[0].kind.isEnhanced || !$0.isFallback }
    for other in others {
      for place in places where !Self.agree(best, other, place) {
        throw Problem(
          .data, files[place[0].file].name,
          "\(best.name) and \(other.name) put its slices in different orders",
          expected: "one order in time")
      }
    }
  }

  /// Refuses a series of which some slices say their time and others do not: what orders all of them, such as their
  /// place in the file, may contradict those that say it.
  private static func checkTemporalPositions(
    _ files: [DICOMInstance], _ places: [[DICOMPlacedPlane]]
  ) throws(Problem) {
    let all = places.joined()
    guard all.contains(where: { $0.plane.temporalPosition != nil }),
      let silent = all.first(where: { $0.plane.temporalPosition == nil })
    else { return }
    let file = files[silent.file]
    let what = file.frameCount > 1 ? "its frame \(silent.plane.frame + 1)" : "it"
    throw Problem(
      .data, file.name, "\(what) has no temporal position, and other slices of its series have one",
      expected: "one for every slice, or for none")
  }

  /// The slices of a place, the earliest first.
  func sorted(_ place: [DICOMPlacedPlane]) -> [DICOMPlacedPlane] {
    frames == 1 ? place : Self.sorted(place, key)
  }

  private static func sorted(_ place: [DICOMPlacedPlane], _ key: Key) -> [DICOMPlacedPlane] {
    place.sorted { (key.value($0) ?? 0) < (key.value($1) ?? 0) }
  }

  private static func agree(_ a: Key, _ b: Key, _ place: [DICOMPlacedPlane]) -> Bool {
    let inOrder = sorted(place, a).compactMap(b.value)
    return zip(inOrder, inOrder.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// Whether a number tells the times of every place apart, and cuts all places at the same times.
  private static func orders(_ key: Key, _ places: [[DICOMPlacedPlane]]) -> Bool {
    var all: [[Double]] = []
    for place in places {
      let values = place.compactMap(key.value).sorted()
      guard values.count == place.count, zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
      else { return false }
      all.append(values)
    }
    if key.isShared { return all.allSatisfy { $0 == all[0] } }
    // Volume after volume: all slices of a time before all of the next.
    let times = all[0].indices
    let ends = times.map { t in
      (least: all.map { $0[t] }.min() ?? 0, most: all.map { $0[t] }.max() ?? 0)
    }
    if zip(ends, ends.dropFirst()).allSatisfy({ $0.most < $1.least }) { return true }
    // Slice after slice: all times of a place before all of the next, as numbers of images may go.
    guard key.isFallback else { return false }
    let ranges = all.sorted { $0[0] < $1[0] }
    return zip(ranges, ranges.dropFirst()).allSatisfy { ($0.last ?? 0) < $1[0] }
  }
}
