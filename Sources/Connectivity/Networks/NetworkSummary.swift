import Imaging

/// How strongly the regions of one network are coupled with each other and with the rest.
package struct NetworkCoupling: Sendable, Equatable {
  package var name: String
  package var parcelCount: Int
  package var voxelCount: Int
  /// Mean Fisher z over pairs of its own regions; NaN with fewer than two.
  package var within: Double
  /// Mean Fisher z over pairs with regions of other networks; NaN when there are none.
  package var between: Double

  /// (within − between) / within (Chan 2014), where within is positive; else NaN.
  package var segregation: Double { within > 0 ? (within - between) / within : .nan }
}

/// A matrix of regions summed up by networks.
package struct NetworkSummary: Sendable, Equatable {
  package var networks: [NetworkCoupling]
  /// Mean Fisher z between networks, row by row; the diagonal is within.
  package var between: [Double]
  /// Chan's segregation of the whole system: all pairs within by all pairs between.
  package var segregation: Double
  /// Mean Fisher z of all pairs of regions with a network.
  package var meanZ: Double
  /// Mean Fisher z between the default-mode regions and those of the dorsal attention and
  /// frontoparietal networks; nil when the names do not tell them.
  package var defaultModeAttentionCoupling: Double?

  /// - Parameter matrix: its regions carry their networks; those without one do not count.
  package init(_ matrix: ConnectivityMatrix) {
    var names: [String] = []
    for parcel in matrix.parcels {
      if let network = parcel.network, !names.contains(network) { names.append(network) }
    }
    let k = names.count
    var sums = [Double](repeating: 0, count: k * k)
    var counts = [Int](repeating: 0, count: k * k)
    let networkOf = matrix.parcels.map { p in p.network.flatMap(names.firstIndex(of:)) }
    for a in 0..<matrix.count {
      for b in 0..<a {
        guard let x = networkOf[a], let y = networkOf[b], matrix[a, b].isFinite else { continue }
        let z = matrix.z(a, b)
        for at in x == y ? [x * k + x] : [x * k + y, y * k + x] {
          sums[at] += z
          counts[at] += 1
        }
      }
    }
    func mean(_ places: [Int]) -> Double {
      let n = places.reduce(0) { $0 + counts[$1] }
      return n == 0 ? .nan : places.reduce(0.0) { $0 + sums[$1] } / Double(n)
    }
    networks = (0..<k).map { n in
      let own = matrix.parcels.filter { $0.network == names[n] }
      return NetworkCoupling(
        name: names[n], parcelCount: own.count,
        voxelCount: own.reduce(0) { $0 + $1.places.count }, within: mean([n * k + n]),
        between: mean((0..<k).filter { $0 != n }.map { n * k + $0 }))
    }
    between = (0..<k * k).map { mean([$0]) }
    // A pair of two networks was added twice.
    let weights = (0..<k * k).map { $0 / k == $0 % k ? 1.0 : 0.5 }
    let pairCount = (0..<k * k).reduce(0.0) { $0 + weights[$1] * Double(counts[$1]) }
    meanZ =
      pairCount > 0
      ? (0..<k * k).reduce(0.0) { $0 + weights[$1] * sums[$1] } / pairCount : .nan
    let within = mean((0..<k).map { $0 * k + $0 })
    let outside = mean((0..<k * k).filter { $0 / k != $0 % k })
    segregation = within > 0 ? (within - outside) / within : .nan
    let isDefault = names.map { $0.lowercased().contains("default") }
    let isTask = names.map { name in
      ["dorsal att", "dorsattn", "frontoparietal", "control"].contains {
        name.lowercased().contains($0)
      }
    }
    let pairs = (0..<k * k).filter { isDefault[$0 / k] && isTask[$0 % k] }
    defaultModeAttentionCoupling = pairs.isEmpty ? nil : mean(pairs)
  }
}
