import Basics
import Imaging

/// A linear transform of FreeSurfer (`.lta`): a matrix from SRC to DST, and the geometry of both.
struct FreeSurferLTA {
  /// From the world of SRC to that of DST, RAS+ mm.
  let destinationFromSource: Affine
  let source: Grid?
  let destination: Grid?

  init(_ path: String) throws(Problem) {
    let name = fileName(path)
    try self.init(text: try readTextFile(path), name)
  }

  init(text: String, _ name: String) throws(Problem) {
    guard !text.prefix(200).contains("NiTransforms") else {
      throw Problem(
        .data, name,
        "it was written by NiTransforms, whose .lta names src and dst the wrong way round",
        expected: "an .lta of FreeSurfer", remedy: "Let it write ITK's format instead (fmt='itk')")
    }
    var lines: [(key: String, value: String)] = []
    var rows: [[Double]] = []
    // Two blocks of geometry follow the matrix, the source's first.
    var block = 0
    for line in text.split(whereSeparator: \.isNewline) {
      let plain = line.prefix { $0 != "#" }
      if plain.hasPrefix("src volume info") { block = 1 }
      if plain.hasPrefix("dst volume info") { block = 2 }
      let sides = plain.split(separator: "=", maxSplits: 1)
      if sides.count == 2 {
        let key = sides[0].split(separator: " ").joined()
        lines.append(("\(block).\(key)", String(sides[1])))
      } else if block == 0, let row = numbers(plain), row.count == 4 {
        rows.append(row)
      }
    }
    func value(_ key: String) -> [Double]? {
      lines.first { $0.key == key }.flatMap { numbers(Substring($0.value)) }
    }
    guard value("0.nxforms") == [1], rows.count == 4,
      zip(rows[3], [0, 0, 0, 1]).allSatisfy({ abs($0 - $1) < 1e-6 })
    else {
      throw Problem(
        .data, name, "it does not hold one 4×4 matrix",
        expected: "a linear transform of FreeSurfer (.lta) with nxforms = 1")
    }
    source = Self.grid(value, "1")
    destination = Self.grid(value, "2")
    let m = Affine(rows: Array(rows.prefix(3)))
    switch value("0.type") {
    case [1]: destinationFromSource = m
    case [0]:
      guard let source, let destination else {
        throw Problem(
          .data, name,
          "it is between voxels (type 0), and the geometry of the two volumes is missing",
          expected: "valid src and dst volume info",
          remedy: "Write it with `lta_convert --outlta` and type 1 (RAS to RAS)")
      }
      destinationFromSource = destination.worldFromVoxel.composed(after: m)
        .composed(after: source.voxelFromWorld)
    default:
      throw Problem(
        .data, name, "its type is \(value("0.type")?.first.map { plainNumber($0) } ?? "missing")",
        expected: "0 (voxel to voxel) or 1 (RAS to RAS)",
        remedy: "Convert it with `lta_convert`")
    }
  }

  /// A volume's voxels (FreeSurfer's vg_i_to_r): the centre c_ras is that of the voxel of half the dimensions.
  private static func grid(_ value: (String) -> [Double]?, _ block: String) -> Grid? {
    func three(_ key: String) -> [Double]? {
      value("\(block).\(key)").flatMap { $0.count == 3 && $0.allSatisfy(\.isFinite) ? $0 : nil }
    }
    guard value("\(block).valid") == [1], let n = three("volume"), let size = three("voxelsize"),
      let x = three("xras"), let y = three("yras"), let z = three("zras"), let c = three("cras"),
      n.allSatisfy({ $0 == $0.rounded() && $0 >= 1 && $0 <= 32767 }),
      size.allSatisfy({ $0 > 0 && $0 < 1000 })
    else { return nil }
    let rows = (0..<3).map { r -> [Double] in
      let row = [x[r] * size[0], y[r] * size[1], z[r] * size[2]]
      let toMiddle = row[0] * n[0] / 2 + row[1] * n[1] / 2 + row[2] * n[2] / 2
      return row + [c[r] - toMiddle]
    }
    return Grid(
      dimensions: (Int(n[0]), Int(n[1]), Int(n[2])), worldFromVoxel: Affine(rows: rows))
  }
}

/// Numbers separated by blanks; nil where a word is none.
private func numbers(_ text: Substring) -> [Double]? {
  let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
  let found = words.compactMap { Double($0) }
  return found.count == words.count && !found.isEmpty && found.allSatisfy(\.isFinite) ? found : nil
}

/// The matrix of AFNI's `3dAllineate -1Dmatrix_save`: points of the base to points of the source, in DICOM order
/// (x to the left, y to the back, z up).
func afniMatrix(_ path: String) throws(Problem) -> Affine {
  let name = fileName(path)
  var rows: [[Double]] = []
  for line in try readTextFile(path).split(whereSeparator: \.isNewline) {
    let plain = line.drop { $0 == " " || $0 == "\t" }
    if plain.isEmpty || plain.hasPrefix("#") { continue }
    guard let row = numbers(plain) else {
      throw Problem(.data, name, "a line of it is no numbers", expected: "a matrix of AFNI")
    }
    rows.append(row)
  }
  if rows.count == 1, rows[0].count == 12 {
    rows = (0..<3).map { Array(rows[0][4 * $0..<4 * $0 + 4]) }
  }
  guard rows.count == 3, rows.allSatisfy({ $0.count == 4 }) else {
    throw Problem(
      .data, name, "it has \(rows.count) rows of \(rows.first?.count ?? 0) numbers",
      expected: "one matrix: 12 numbers in a row, or 3 rows of 4",
      remedy: rows.count > 1 && rows[0].count == 12
        ? "It holds a matrix for each volume of a series: give the one that is meant" : nil)
  }
  return Affine(rows: rows).withFlippedXY
}

/// Of an oblique image AFNI works in the millimetres of its plumb grid, which are not the header's.
func requirePlumb(_ grid: Grid, _ what: String, file: String) throws(Problem) {
  let (m, size) = (grid.worldFromVoxel.rows, grid.spacing)
  let sizes = [size.0, size.1, size.2]
  // Each axis of voxels along one of the world, to 0.01°.
  let isPlumb = (0..<3).allSatisfy { c in
    (0..<3).contains { r in abs(m[r][c]) >= sizes[c] * (1 - 1.6e-8) }
  }
  guard isPlumb else {
    throw Problem(
      .data, file, "\(what) is oblique, and AFNI's matrices are not between its millimetres",
      expected: "images along the axes of the scanner",
      remedy: "Make it plumb with `3dWarp -deoblique` before 3dAllineate")
  }
}
