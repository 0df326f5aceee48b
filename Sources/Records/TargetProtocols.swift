package import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
package import Targeting

/// Protocols by name and as files.
package enum TargetProtocols {
  /// A shipped protocol, or one from a file that `protocols --save` wrote.
  package static func named(_ name: String) throws(Problem) -> TargetProtocol {
    if let known = TargetProtocol.shipped.first(where: { $0.id == name.lowercased() }) {
      return known.settings
    }
    guard name.contains("/") || name.hasSuffix(".json") else {
      throw Problem(
        .usage, "--protocol", "there is no protocol \(name)",
        expected: TargetProtocol.shipped.map(\.id).joined(separator: ", ") + ", or a .json file")
    }
    return try read(name)
  }

  /// What a protocol says, in the form that a file holds.
  package static func json(_ p: TargetProtocol) -> JSON {
    .object([
      ("GeneratedBy", .string("boldspect")), ("kind", .string("target protocol")),
      ("name", .string(p.name)), ("seed", seedJSON(p.seed)),
      (
        "region",
        .object([
          ("name", .string(p.region.name)),
          ("centres_mm", .array(p.region.centres.map(JSON.point))),
          ("radius_mm", .number(p.region.radius)),
        ])
      ), ("method", .string(p.method.rawValue)), ("polarity", .string(p.polarity.rawValue)),
      ("percentile", .number(p.percentile)), ("least_cluster_voxels", .int(p.leastClusterVoxels)),
      ("smoothing_fwhm_mm", .number(p.smoothingFWHM)),
      ("removes_global_signal", .bool(p.removesGlobalSignal)),
      ("surrogates", .int(p.surrogateCount)), ("bootstraps", .int(p.bootstrapCount)),
      ("block_s", .number(p.blockSeconds)),
      ("largest_split_mm", .number(p.largestSplitMillimetres)),
      ("random_seed", .int(Int(p.randomSeed))), ("space", .string(Space.mni152.rawValue)),
    ])
  }

  private static func seedJSON(_ seed: Seed) -> JSON {
    guard case .sphere(let centre, let radius, let name) = seed else { return .null }
    return .object([
      ("name", .optional(name)), ("mm", .point(centre)), ("radius_mm", .number(radius)),
    ])
  }

  /// A protocol from a file; everything that is in it must be there and make sense.
  private static func read(_ path: String) throws(Problem) -> TargetProtocol {
    let file = fileName(path)
    let text = try readTextFile(path)
    let broken = Problem(
      .data, file, "it is no target protocol of boldspect",
      expected: "what `boldspect protocols --save` writes")
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      object["kind"] as? String == "target protocol"
    else { throw broken }
    guard object["space"] as? String == Space.mni152.rawValue else {
      throw Problem(
        .data, file, "its space is not \(Space.mni152.rawValue)", expected: "places in MNI space")
    }
    func number(
      _ key: String, _ from: [String: Any], _ range: ClosedRange<Double>
    ) throws(Problem) -> Double {
      guard let value = (from[key] as? NSNumber)?.doubleValue, range.contains(value) else {
        throw Problem(
          .data, file, "its \(key) is missing or out of range",
          expected: "\(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound))")
      }
      return value
    }
    func point(_ value: Any?) throws(Problem) -> WorldPoint {
      guard let n = (value as? [NSNumber])?.map(\.doubleValue), n.count == 3,
        n.allSatisfy({ $0.isFinite && abs($0) < 300 })
      else { throw broken }
      return WorldPoint(n[0], n[1], n[2])
    }
    guard let name = object["name"] as? String, let seed = object["seed"] as? [String: Any],
      let region = object["region"] as? [String: Any],
      let centres = region["centres_mm"] as? [Any], !centres.isEmpty,
      let method = (object["method"] as? String).flatMap(TargetMethod.init(rawValue:)),
      let polarity = (object["polarity"] as? String).flatMap(Polarity.init(rawValue:)),
      let global = object["removes_global_signal"] as? Bool
    else { throw broken }
    var out = TargetProtocol()
    out.name = visibleText(name, limit: 80)
    out.seed = .sphere(
      centre: try point(seed["mm"]), radius: try number("radius_mm", seed, 0...100),
      name: (seed["name"] as? String).map { visibleText($0, limit: 40) })
    var points: [WorldPoint] = []
    for centre in centres { points.append(try point(centre)) }
    out.region = SearchRegion(
      name: visibleText(region["name"] as? String ?? "region", limit: 80), centres: points,
      radius: try number("radius_mm", region, 1...100))
    out.method = method
    out.polarity = polarity
    out.removesGlobalSignal = global
    out.percentile = try number("percentile", object, 0.1...50)
    out.leastClusterVoxels = Int(try number("least_cluster_voxels", object, 1...10_000))
    out.smoothingFWHM = try number("smoothing_fwhm_mm", object, 0...30)
    out.surrogateCount = Int(try number("surrogates", object, 99...100_000))
    out.bootstrapCount = Int(try number("bootstraps", object, 0...10_000))
    try TargetRadius.require(maps: out.bootstrapCount, kind: .data, subject: file)
    out.blockSeconds = try number("block_s", object, 5...3600)
    out.largestSplitMillimetres = try number("largest_split_mm", object, 1...1000)
    out.randomSeed = UInt64(try number("random_seed", object, 0...9e15))
    return out
  }
}
