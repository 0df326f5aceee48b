package import Basics
package import Connectivity
import ImageFiles
package import Imaging

/// Which regions and networks a run is cut into.
package struct NetworkRequest: Sendable {
  /// Regions: a label map in MNI space; nil takes the standard atlas.
  package var atlas: String?
  /// Networks: a label map in MNI space.
  package var networks: String?
  /// yeo7, or a table of numbers and names.
  package var names: String?

  package init(atlas: String? = nil, networks: String? = nil, names: String? = nil) {
    self.atlas = atlas
    self.networks = networks
    self.names = names
  }

  /// Regions of a mask, with networks where they are given. Where no atlas is given or installed the
  /// networks are cut into their connected pieces.
  package func parcels(
    _ runs: inout CleanedRuns, inputs: inout [Provenance]
  ) throws(Problem) -> [Parcel] {
    // Without a file of regions the standard atlas is meant, which lies in MNI space.
    let isBrought = runs.study.canBringAtlas
    if atlas == nil, !isBrought, networks == nil || runs.space != .native {
      try requireMNI(runs.space, fileName: runs.first.description.name, for: "an atlas")
    }
    let mask = runs.first.run.mask
    let found: [Parcel]
    if let map = try networkMap(into: &runs.study) {
      if let path = networks { inputs.append(try Provenance("networks", file: path)) }
      if let path = atlas {
        inputs.append(try Provenance("atlas", file: path))
        found = try runs.study.readAtlas(path, as: .atlas)
          .parcels(in: mask, networks: map)
      } else {
        let standard = try runs.study.standardAtlas()
        found = standard?.parcels(in: mask, networks: map) ?? map.pieces(in: mask)
      }
    } else {
      let given =
        if let atlas { try runs.study.readAtlas(atlas, as: .atlas) } else {
          try runs.study.standardAtlas()
        }
      guard let map = given else {
        throw Problem(
          .usage, "--atlas", "no regions are given and no atlas is installed",
          expected: "a label map")
      }
      if let path = atlas { inputs.append(try Provenance("atlas", file: path)) }
      found = map.parcels(in: mask)
    }
    guard !found.isEmpty else {
      throw Problem(
        .data, fileName(atlas ?? networks ?? "atlas"),
        "no region shares a voxel with the brain mask",
        expected: "an atlas of the same space")
    }
    if runs.bringsAtlas { try runs.study.requireTransformsUsed() }
    return found
  }

  /// The networks with their names.
  package func networkMap(into study: inout LoadedStudy) throws(Problem) -> LabelMap? {
    try namedNetworks(networks, names, into: &study)
  }

  package func map(
    into study: inout LoadedStudy, _ inputs: inout [Provenance]
  ) throws(Problem) -> LabelMap? {
    let found = try namedNetworks(networks, names, into: &study)
    if let networks { inputs.append(try Provenance("networks", file: networks)) }
    return found
  }
}

/// A label map of networks with its names; nil when none is given.
private func namedNetworks(
  _ networks: String?, _ names: String?, into study: inout LoadedStudy
) throws(Problem) -> LabelMap? {
  guard let networks else {
    if names != nil {
      throw Problem(.usage, "--names", "there are no networks to name", expected: "--networks")
    }
    return nil
  }
  var table: [Int32: String]?
  if let names {
    table =
      names.lowercased() == "yeo7"
      ? NetworkNames.yeo7 : try AtlasFiles.labelNames(try readTextFile(names))
    if table?.isEmpty == true {
      throw Problem(
        .data, fileName(names), "it names no label", expected: "lines of a number and a name")
    }
  }
  if let names, let table { try requireAgreement(of: table, names, with: networks) }
  let map = try study.readAtlas(networks, as: .networks, names: table)
  guard let names, let table else { return map }
  let unnamed = Set(map.labels).subtracting(table.keys).filter { $0 > 0 }.sorted()
  guard let first = unnamed.first else { return map }
  let words =
    "it holds the label \(first)"
    + (unnamed.count > 1 ? " and \(unnamed.count - 1) more" : "")
    + " that \(fileName(names)) has no name for"
  // Seven published names on another division would all be wrong; a person's own table may leave labels out.
  guard names.lowercased() != "yeo7" else {
    throw Problem(
      .data, fileName(networks), words, expected: "the seven networks that yeo7 names",
      remedy: "Give a table of this map's own numbers and names with --names")
  }
  study.tell(
    [Finding("labels-unnamed", .warning, words + ".", file: fileName(networks))], of: .networks)
  return map
}

/// Refuses names that a map's own table gives otherwise: a finding would stand beside another network.
private func requireAgreement(
  of table: [Int32: String], _ names: String, with networks: String
) throws(Problem) {
  func plain(_ name: String) -> String { name.lowercased().filter(\.isLetter) }
  let own = try AtlasFiles.table(beside: networks)
  guard
    let label = own.keys.sorted().first(where: { label in
      table[label].map { plain($0) != plain(own[label] ?? "") } ?? false
    }), let mine = own[label], let theirs = table[label]
  else { return }
  throw Problem(
    .data, fileName(networks),
    "the table beside it calls label \(label) \(visibleText(mine, limit: 40)), and \(fileName(names)) \(visibleText(theirs, limit: 40))",
    expected: "one name for a network", remedy: "Leave --names away, or mend one of the two")
}

/// What other people's networks measure.
package struct NormsRequest: Sendable {
  package var norms: String?
  package var covariates: String?

  package init(norms: String? = nil, covariates: String? = nil) {
    self.norms = norms
    self.covariates = covariates
  }

  package func table() throws(Problem) -> ReferenceTable? {
    guard let norms else { return nil }
    return try ReferenceTable(try readTextFile(norms), file: fileName(norms))
  }

  /// Refuses a table that says of itself that its people were cleaned another way than these runs, and one in which
  /// the person stands too: who is among the norms is compared with a part of himself.
  ///
  /// - Parameters:
  ///   - table: what `table()` read.
  ///   - path: of a file of the person.
  package func require(
    _ table: ReferenceTable?, toFit runs: [PreparedRun], ofPersonAt path: String
  ) throws(Problem) {
    guard let norms, let table else { return }
    guard !wasCleanedBefore(fileNamed: fileName(path), Lineage(ofFile: path).inherited) else {
      throw Problem(
        .data, fileName(path),
        "it was cleaned before, which nothing says of the people of \(fileName(norms)): its numbers are other ones",
        expected: "the run as it was before cleaning")
    }
    try ValueMaking(measure: nil, cleaning: denoisingJSON(runs)).requireSame(
      as: ValueMaking(besides: norms), file: fileName(norms))
    guard let own = BIDSWords(path).subject,
      table.people.contains(where: { $0 == own || "sub-" + $0 == own })
    else { return }
    throw Problem(
      .data, fileName(norms), "\(visibleText(own, limit: 40)) is among its people",
      expected: "norms of other people")
  }

  /// What is not known of the table's people.
  package var doubt: Finding? {
    guard let norms, ValueMaking(besides: norms) == nil else { return nil }
    return Finding(
      "normals-making-unknown", .warning,
      "nothing beside \(fileName(norms)) says how its people were cleaned: a difference may be the cleaning's",
      file: fileName(norms))
  }

  /// The person's covariates by name.
  package func own() throws(Problem) -> [String: Double] {
    var out: [String: Double] = [:]
    for part in (covariates ?? "").split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite else {
        throw Problem(.usage, "--covariates", "\(part) is none", expected: "name=number,…")
      }
      guard out[String(sides[0])] == nil else {
        throw Problem(
          .usage, "--covariates", "\(visibleText(String(sides[0]), limit: 40)) is given twice",
          expected: "each covariate once")
      }
      out[String(sides[0])] = value
    }
    return out
  }
}

extension LoadedStudy {
  /// Reads networks as labels on the voxels of a mask, 0 where there is none.
  package mutating func readNetworkLabels(
    _ path: String, on mask: Mask
  ) throws(Problem) -> (labels: [Int32], names: [Int32: String]) {
    let map = try readAtlas(path, as: .networks)
    let labels = mask.offsets.map { map.label(at: mask.grid.world(at: Int($0))) }
    guard labels.contains(where: { $0 != 0 }) else {
      throw Problem(
        .data, fileName(path), "no network shares a voxel with the brain mask",
        expected: "networks in the same space")
    }
    var names: [Int32: String] = [:]
    for label in Set(labels) where label != 0 {
      names[label] = map.names[label] ?? "network \(label)"
    }
    return (labels, names)
  }
}
