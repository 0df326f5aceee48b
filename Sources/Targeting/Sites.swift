package import Connectivity
package import Imaging

/// A published place in MNI space.
package struct Site: Sendable, Equatable {
  /// The name a person types and reads.
  package var name: String
  /// MNI152, RAS+ mm.
  package var point: WorldPoint
  /// Radius of the sphere when the site is used as a seed, in mm.
  package var seedRadius: Double
  package var source: String
}

/// Places in MNI152 millimetres as published code and papers state them.
package enum Sites {
  /// The subgenual cingulate seed: 10 mm around (6, 16, −10) (Fox 2012).
  package static let sgACC = Site(
    name: "sgACC", point: WorldPoint(6, 16, -10), seedRadius: 10, source: "Fox 2012")

  /// Stimulation sites that a target is compared with.
  package static let treatment: [Site] = [
    Site(
      name: "group optimum", point: WorldPoint(-38, 44, 26), seedRadius: 6,
      source: "Mir-Moghtadaei 2015 (THREE-D, CARTBIND)"),
    Site(
      name: "Fox 2012 peak", point: WorldPoint(-44, 38, 34), seedRadius: 6, source: "Fox 2012"),
    Site(
      name: "Weigand 2018", point: WorldPoint(-42, 44, 30), seedRadius: 6, source: "Weigand 2018"),
    Site(
      name: "BA46", point: WorldPoint(-44, 40, 29), seedRadius: 6, source: "search sphere centre"),
    Site(
      name: "BA9", point: WorldPoint(-36, 39, 43), seedRadius: 6, source: "search sphere centre"),
    Site(
      name: "5 cm rule", point: WorldPoint(-41, 16, 54), seedRadius: 6,
      source: "search sphere centre"),
    Site(
      name: "F3 cortex", point: WorldPoint(-37, 26, 49), seedRadius: 6,
      source: "search sphere centre"),
    Site(
      name: "Fitzgerald 2009", point: WorldPoint(-46, 45, 38), seedRadius: 6,
      source: "Fitzgerald 2009"),
    Site(name: "Rusjan 2010", point: WorldPoint(-50, 30, 36), seedRadius: 6, source: "Rusjan 2010"),
  ]

  /// Seeds by name.
  package static let seeds: [Site] = [
    sgACC,
    Site(
      name: "sgACC-midline", point: WorldPoint(0, 24, -14), seedRadius: 12,
      source: "contarg, full bilateral"),
    Site(
      name: "sgACC-review", point: WorldPoint(0, 21, -10), seedRadius: 5,
      source: "review of 2015, table 1"),
    Site(name: "PCC", point: WorldPoint(0, -53, 26), seedRadius: 6, source: "default-mode hub"),
    Site(
      name: "PCC-nilearn", point: WorldPoint(0, -52, 18), seedRadius: 8,
      source: "nilearn DMN example"),
    Site(
      name: "mPFC", point: WorldPoint(1, 50, -5), seedRadius: 6, source: "nilearn DMN example"),
    Site(
      name: "left-angular", point: WorldPoint(-46, -68, 32), seedRadius: 6,
      source: "nilearn DMN example"),
    Site(
      name: "right-angular", point: WorldPoint(46, -68, 32), seedRadius: 6,
      source: "nilearn DMN example"),
    Site(
      name: "left-motor", point: WorldPoint(-38, -24, 56), seedRadius: 6, source: "hand knob"),
    Site(
      name: "right-motor", point: WorldPoint(38, -24, 56), seedRadius: 6, source: "hand knob"),
    Site(name: "left-V1", point: WorldPoint(-8, -90, 0), seedRadius: 6, source: "calcarine"),
    Site(
      name: "left-IPS", point: WorldPoint(-26, -62, 52), seedRadius: 6, source: "intraparietal"),
    Site(name: "F3", point: WorldPoint(-37, 26, 49), seedRadius: 6, source: "F3 cortex"),
    Site(name: "left-DLPFC", point: WorldPoint(-44, 40, 29), seedRadius: 6, source: "BA46"),
  ]

  /// Seeds of two places by name: both hemispheres (contarg).
  private static let pairs: [(name: String, points: [WorldPoint], radius: Double)] = [
    ("sgACC-bilateral", [WorldPoint(6, 16, -10), WorldPoint(-6, 16, -10)], 10)
  ]

  /// Names that a person can type as a seed.
  package static var seedNames: [String] {
    seeds.map(\.name) + pairs.map(\.name) + treatment.map(\.name)
  }

  /// A single place by its name, whatever the case: a seed or a published site.
  package static func site(named name: String) -> Site? {
    (seeds + treatment).first { $0.name.lowercased() == name.lowercased() }
  }

  /// A seed by its name, whatever the case.
  ///
  /// - Parameter radius: instead of the seed's own.
  package static func seed(named name: String, radius: Double? = nil) -> Seed? {
    if let pair = pairs.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return .union(
        pair.points.map { .sphere(centre: $0, radius: radius ?? pair.radius, name: pair.name) })
    }
    return site(named: name).map {
      .sphere(centre: $0.point, radius: radius ?? $0.seedRadius, name: $0.name)
    }
  }
}
