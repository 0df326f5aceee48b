import Basics
package import Imaging

/// How much of what a coil stirs up lies in which network.
package struct Footprint: Sendable, Equatable {
  /// Parts of the cone by network, the largest first; what lies in none is left out.
  package var shares: [(network: String, part: Double)]
  /// Part of the cone that lies in any network.
  package var covered: Double

  /// Millimetres at which the cone reaches zero.
  package static let radius = 12.0

  /// Weights fall linearly to 0 at 12 mm, the same cone as the search's (Fox 2013; targeting.md 2.4 E), on
  /// the voxels of the networks' own map.
  package init(at centre: WorldPoint, in networks: LabelMap) {
    let grid = networks.grid
    let middle = grid.voxel(centre)
    let s = grid.spacing
    // A sheared grid reaches further along an axis than its spacing says.
    let slack = s.0 * s.1 * s.2 / grid.voxelVolume
    func span(_ at: Double, _ step: Double, _ n: Int) -> [Int] {
      let reach = Self.radius / step * slack
      let low = wholeNumber((at - reach).rounded(.up), in: 0...n)
      let high = wholeNumber(at + reach, in: -1...n - 1)
      return low <= high ? Array(low...high) : []
    }
    var sums: [Int32: Double] = [:]
    var total = 0.0
    for k in span(middle.z, s.2, grid.nz) {
      for j in span(middle.y, s.1, grid.ny) {
        for i in span(middle.x, s.0, grid.nx) {
          let v = VoxelIndex(i, j, k)
          let w = 1 - grid.world(v).distance(to: centre) / Self.radius
          guard w > 0 else { continue }
          total += w
          sums[networks.labels[grid.offset(v)], default: 0] += w
        }
      }
    }
    let inside = sums.filter { $0.key != 0 && total > 0 }
    shares = inside.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { (networks.names[$0.key] ?? "\(networks.title) \($0.key)", $0.value / total) }
    covered = shares.reduce(0) { $0 + $1.part }
  }

  /// "Frontoparietal 62 %, Default 21 %", the parts being of what lies in any network.
  package var words: String {
    guard covered > 0 else { return "no network" }
    return shares.prefix(3).map { "\($0.network) \(fixed(100 * $0.part / covered, 0)) %" }
      .joined(separator: ", ")
  }

  /// As many of the parts, largest first, as fit.
  package func words(fitting width: Int) -> String {
    var text = ""
    for part in words.split(separator: ", ") {
      let longer = text.isEmpty ? String(part) : text + ", " + part
      guard text.isEmpty || longer.count <= width else { break }
      text = longer
    }
    return text
  }

  package static func == (a: Footprint, b: Footprint) -> Bool {
    a.covered == b.covered
      && a.shares.elementsEqual(b.shares) { $0.network == $1.network && $0.part == $1.part }
  }
}

/// A published place beside the target: how far it is and how it is coupled.
package struct Comparator: Sendable {
  package var site: Site
  package var side: Side
  /// From the first candidate; nil without one.
  package var millimetres: Double?
  /// Pearson r there with the protocol's cleaning, and with the other choice about the global signal.
  package var r: Double?
  package var rWithout: Double?
  package var label: String?
  package var footprint: Footprint?

  package init(
    site: Site, side: Side, millimetres: Double?, r: Double?, rWithout: Double?, label: String?,
    footprint: Footprint?
  ) {
    self.site = site
    self.side = side
    self.millimetres = millimetres
    self.r = r
    self.rWithout = rWithout
    self.label = label
    self.footprint = footprint
  }
}
