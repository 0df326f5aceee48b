package import Basics
package import Imaging

/// A scan at places of MNI152's brain, every 8 mm: enough to see that two are one, or that one is of something else.
struct HeadPrint {
  private static let places: [WorldPoint] = {
    var out: [WorldPoint] = []
    for x in stride(from: -72.0, through: 72, by: 8) {
      for y in stride(from: -104.0, through: 72, by: 8) {
        for z in stride(from: -64.0, through: 80, by: 8) {
          let p = WorldPoint(x, y, z)
          if TemplateBrain.contains(p) { out.append(p) }
        }
      }
    }
    return out
  }()

  private let values: [Float]

  init(_ volume: Volume) {
    values = Self.places.map { volume.nearest($0) }
  }

  /// Pearson r over the places that both have; nil for too few.
  func likeness(_ other: HeadPrint) -> Double? { correlation(values, other.values) }

  /// With the mean of others, each in per cent of its own mean.
  func likeness(toMeanOf others: [HeadPrint]) -> Double? {
    var sums = [Float](repeating: 0, count: values.count)
    for one in others {
      let finite = one.values.filter(\.isFinite)
      let mean = finite.reduce(0, +) / Float(max(1, finite.count))
      for n in sums.indices { sums[n] += one.values[n] / mean }
    }
    return correlation(values, sums)
  }
}

/// Pearson r over the places where both are numbers; nil for fewer than 50 or without any spread.
private func correlation(_ a: [Float], _ b: [Float]) -> Double? {
  var (n, x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  for (p, q) in zip(a, b) where p.isFinite && q.isFinite {
    let (p, q) = (Double(p), Double(q))
    n += 1
    x += p
    y += q
    xx += p * p
    yy += q * q
    xy += p * q
  }
  let (sx, sy) = (xx - x * x / n, yy - y * y / n)
  return n >= 50 && sx > 0 && sy > 0 ? (xy - x * y / n) / (sx * sy).squareRoot() : nil
}

/// Nobody's two scans are alike to this, and a copy in other units is; measured between people: at most 0.97.
private let likenessOfCopies = 0.9999
/// Scans of people go with the mean of the others by 0.8 and more.
private let leastLikeness = 0.5

/// Refuses normals of whom one counts twice in other units, the person himself among them, and an image that has
/// nothing of the others: one of them makes every z.
package func requireDifferentPeople(
  _ normals: [(name: String, volume: Volume)], person: (name: String, volume: Volume)
) throws(Problem) {
  let prints = normals.map { HeadPrint($0.volume) }
  let own = HeadPrint(person.volume)
  for (n, one) in prints.enumerated() {
    if let r = one.likeness(own), r >= likenessOfCopies {
      throw Problem(
        .data, normals[n].name, "it is the person's own image, \(person.name), in other units",
        expected: "normals that are other people")
    }
    for m in 0..<n {
      guard let r = one.likeness(prints[m]), r >= likenessOfCopies else { continue }
      throw Problem(
        .data, normals[n].name, "it is the same image as \(normals[m].name), in other units",
        expected: "images of different people")
    }
  }
  guard prints.count > 2 else { return }
  for (n, one) in prints.enumerated() {
    let others = prints.enumerated().filter { $0.offset != n }.map(\.element)
    guard let r = one.likeness(toMeanOf: others), r < leastLikeness else { continue }
    throw Problem(
      .data, normals[n].name, "it is not like the other normals (r \(fixed(r, 2)) with their mean)",
      expected: "perfusion images of one kind in one space",
      remedy: "Look at it, and take it out of the folder or lay it where it belongs")
  }
}
