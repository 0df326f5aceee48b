package import Imaging

/// A region whose voxels share one mean series.
package struct Parcel: Sendable, Equatable {
  /// The label's number in its atlas.
  package var label: Int
  package var name: String
  /// Places in the mask.
  package var places: [Int]
  /// The network it belongs to; nil when there is none.
  package var network: String?

  package init(label: Int, name: String, places: [Int], network: String? = nil) {
    self.label = label
    self.name = name
    self.places = places
    self.network = network
  }
}

extension LabelMap {
  /// The label of every voxel of a mask: that of the atlas voxel its centre lies in.
  package func labels(in mask: Mask) -> [Int32] {
    mask.offsets.map { label(at: mask.grid.world(at: Int($0))) }
  }

  /// The name of a label; its number where there is no table.
  package func title(of label: Int32) -> String { names[label] ?? "\(title) \(label)" }

  /// The regions of a mask, by their number; empty ones are left out.
  package func parcels(in mask: Mask) -> [Parcel] {
    grouped(labels(in: mask)).map { label, places in
      Parcel(label: Int(label), name: title(of: label), places: places)
    }
  }

  /// The regions of a mask with the network that most of their voxels lie in.
  package func parcels(in mask: Mask, networks: LabelMap) -> [Parcel] {
    let networkOf = networks.labels(in: mask)
    let withNetworks = parcels(in: mask).map { parcel in
      var out = parcel
      var votes: [Int32: Int] = [:]
      for place in parcel.places where networkOf[place] != 0 {
        votes[networkOf[place], default: 0] += 1
      }
      let best = votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
      out.network = best.map { networks.title(of: $0.key) }
      return out
    }
    // Network by network, so that a matrix of them shows its blocks.
    let byNetwork = Dictionary(grouping: withNetworks, by: \.network)
    return (networks.titles + [nil]).flatMap { byNetwork[$0] ?? [] }
  }

  /// Names of all labels, in the order of their numbers, each once.
  private var titles: [String?] {
    var seen: Set<String> = []
    return Set(labels).subtracting([0]).sorted().map(title(of:)).filter {
      seen.insert($0).inserted
    }
  }

  /// Networks cut into their connected pieces (26 neighbours), which then are the regions.
  ///
  /// - Parameter least: smaller pieces are left out.
  package func pieces(in mask: Mask, least: Int = 10) -> [Parcel] {
    // All labels at once: a grid for each would take as long as there are labels.
    var labelAt = [Int32](repeating: 0, count: mask.grid.count)
    for (offset, label) in zip(mask.offsets, labels(in: mask)) { labelAt[Int(offset)] = label }
    var found: [Int32: [[Int]]] = [:]
    for piece in connectedPieces(ofLabels: labelAt, mask.grid, faces: false)
    where piece.count >= least {
      found[labelAt[piece[0]], default: []].append(piece)
    }
    return found.sorted { $0.key < $1.key }.flatMap { label, pieces in
      pieces.sorted { $0.count > $1.count }.enumerated().map { n, piece in
        Parcel(
          label: Int(label), name: "\(title(of: label)) \(n + 1)",
          places: piece.map { Int(mask.places[$0]) }.sorted(), network: title(of: label))
      }
    }
  }
}

/// Places by their label, without label 0, in the order of the labels.
private func grouped(_ labels: [Int32]) -> [(Int32, [Int])] {
  var groups: [Int32: [Int]] = [:]
  for (place, label) in labels.enumerated() where label != 0 {
    groups[label, default: []].append(place)
  }
  return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
}
