package import Basics
package import Connectivity

/// A region, as JSON.
package func parcelJSON(_ parcel: Parcel) -> JSON {
  .object([
    ("label", .int(parcel.label)), ("name", .string(parcel.name)),
    ("voxels", .int(parcel.places.count)), ("network", .optional(parcel.network)),
  ])
}

/// A row of the matrix as numbers.
package func matrixRow(_ matrix: ConnectivityMatrix, _ row: Int, _ isZ: Bool) -> JSON {
  .numbers(
    (0..<matrix.count).map { isZ ? (row == $0 ? .nan : matrix.z(row, $0)) : matrix[row, $0] })
}

/// The matrix with the names of its regions; n/a where there is no number.
package func matrixTable(_ matrix: ConnectivityMatrix, fisherZ: Bool) -> String {
  let names = matrix.parcels.map { tableCell($0.name) }
  var text = "region\t" + names.joined(separator: "\t") + "\n"
  for row in 0..<matrix.count {
    let cells = (0..<matrix.count).map { column -> String in
      let v = fisherZ ? (row == column ? .nan : matrix.z(row, column)) : matrix[row, column]
      return v.isFinite ? plainNumber(v) : "n/a"
    }
    text += names[row] + "\t" + cells.joined(separator: "\t") + "\n"
  }
  return text
}
