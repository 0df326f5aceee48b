import Basics
import Imaging

/// What the XML of a CIFTI-2 file says of its matrix.
///
/// Elements and attributes from the CIFTI-2 specification (`CIFTI_INDEX_TYPE_…`, `BrainModel`, `Volume`).
struct CIFTIHeader {
  /// The voxels of one structure, in the order of the matrix' rows.
  struct Voxels {
    let structure: String
    let firstRow: Int
    /// Grid index of each, three numbers a voxel.
    let ijk: [Int]
    var count: Int { ijk.count / 3 }
  }

  private(set) var isSeries = false
  private(set) var isLabels = false
  private(set) var repetitionTimeSeconds: Double?
  /// Moments that the series has by its map of columns; nil where it does not say.
  private(set) var seriesPoints: Int?
  private(set) var dimensions: [Int]?
  private(set) var matrix: Affine?
  private(set) var voxels: [Voxels] = []
  /// Vertices of the cortex by structure.
  private(set) var surfaces: [(structure: String, rows: Int)] = []
  /// Rows that the models take together.
  private(set) var rowCount = 0

  init(_ xml: [UInt8], name: String) throws(Problem) {
    let reader = try CIFTIReader(name)
    try reader.walk.read(xml, last: true)
    if let refusal = reader.walk.refusal { throw refusal }
    self = try reader.finished()
  }

  fileprivate init() {}

  /// Takes what the elements said, one after the other.
  fileprivate final class CIFTIReader {
    let walk: XMLWalk
    private let name: String
    private var header = CIFTIHeader()
    private var version = ""
    private var dimension = ""
    private var rowType = ""
    private var columnType = ""
    private var model: [String: String] = [:]
    private var exponent = -3

    init(_ name: String) throws(Problem) {
      self.name = name
      walk = try XMLWalk(file: name)
      walk.skipped = ["VertexIndices", "Vertices", "MapName", "Value", "Name", "Label"]
      walk.begins = { [unowned self] (element, attributes) in begin(element, attributes) }
      walk.ends = { [unowned self] (element, text) in end(element, text) }
    }

    private func begin(_ element: String, _ a: [String: String]) {
      switch element {
      case "CIFTI": version = a["Version"] ?? ""
      case "MatrixIndicesMap":
        dimension = a["AppliesToMatrixDimension"] ?? ""
        let type = a["IndicesMapToDataType"] ?? ""
        for part in dimension.split(separator: ",") {
          if part == "0" { columnType = type } else { rowType = type }
        }
        if dimension == "0" { series(a) }
      case "Volume":
        header.dimensions = (a["VolumeDimensions"] ?? "").split(separator: ",").compactMap {
          Int($0.filter { $0 != " " })
        }
      case "TransformationMatrixVoxelIndicesIJKtoXYZ":
        exponent = Int(a["MeterExponent"] ?? "") ?? .max
      case "BrainModel": model = a
      default: break
      }
    }

    private func series(_ a: [String: String]) {
      header.isSeries = columnType == "CIFTI_INDEX_TYPE_SERIES"
      header.isLabels = columnType == "CIFTI_INDEX_TYPE_LABELS"
      if header.isSeries { header.seriesPoints = a["NumberOfSeriesPoints"].map { Int($0) ?? -1 } }
      guard header.isSeries, a["SeriesUnit"] == "SECOND", let step = Double(a["SeriesStep"] ?? ""),
        let power = Int(a["SeriesExponent"] ?? ""), abs(power) < 10
      else { return }
      var scale = 1.0
      for _ in 0..<abs(power) { scale *= 10 }
      header.repetitionTimeSeconds = power < 0 ? step / scale : step * scale
    }

    private func end(_ element: String, _ text: String) {
      switch element {
      case "TransformationMatrixVoxelIndicesIJKtoXYZ": place(text)
      case "VoxelIndicesIJK":
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Int($0) ?? -1 }
        guard numbers.count % 3 == 0 else {
          return walk.refuse("its voxel indices are no triples", expected: "three numbers a voxel")
        }
        take(numbers)
      case "BrainModel": surface()
      default: break
      }
    }

    private func place(_ text: String) {
      let m = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
      guard m.count == 16, m[12...] == [0, 0, 0, 1], (-9...0).contains(exponent) else {
        return walk.refuse("its volume has no usable matrix", expected: "4 × 4 numbers and a unit")
      }
      // Lengths are in 10^exponent metres.
      var scale = 1000.0
      for _ in 0..<(-exponent) { scale /= 10 }
      if exponent == -3 { scale = 1 }
      header.matrix = Affine(
        rows: (0..<3).map { r in (0..<4).map { m[4 * r + $0] * scale } })
    }

    private var rows: (first: Int, count: Int)? {
      guard let first = Int(model["IndexOffset"] ?? ""), let count = Int(model["IndexCount"] ?? ""),
        first == header.rowCount, count >= 0, count < Gate.mostElements
      else {
        walk.refuse(
          "its models do not follow one another in its rows", expected: "rows without a gap")
        return nil
      }
      return (first, count)
    }

    private func take(_ ijk: [Int]) {
      guard model["ModelType"] == "CIFTI_MODEL_TYPE_VOXELS", let rows else { return }
      guard ijk.count == 3 * rows.count else {
        return walk.refuse(
          "a structure claims \(rows.count) voxels and lists \(ijk.count / 3)", expected: "as many")
      }
      header.voxels.append(
        Voxels(structure: Self.plain(model["BrainStructure"]), firstRow: rows.first, ijk: ijk))
      header.rowCount += rows.count
    }

    private func surface() {
      guard model["ModelType"] == "CIFTI_MODEL_TYPE_SURFACE", let rows else { return }
      header.surfaces.append((Self.plain(model["BrainStructure"]), rows.count))
      header.rowCount += rows.count
    }

    private static func plain(_ structure: String?) -> String {
      let prefix = "CIFTI_STRUCTURE_"
      let text = structure ?? ""
      return visibleText(
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text, limit: 40)
    }

    func finished() throws(Problem) -> CIFTIHeader {
      guard version == "2" || version == "2.0" else {
        throw Problem(
          .data, name, "it says version '\(visibleText(version, limit: 10))' of CIFTI",
          expected: "2", remedy: "Convert it with `wb_command -file-convert -cifti-version-convert`"
        )
      }
      guard rowType == "CIFTI_INDEX_TYPE_BRAIN_MODELS",
        ["SERIES", "SCALARS", "LABELS"].contains(where: { columnType == "CIFTI_INDEX_TYPE_" + $0 })
      else {
        throw Problem(
          .data, name, "its matrix is \(Self.words(rowType)) by \(Self.words(columnType))",
          expected: "places of the brain by time, scalars or labels",
          remedy: "Give its .dtseries.nii, .dscalar.nii or .dlabel.nii")
      }
      guard !header.voxels.isEmpty, let size = header.dimensions, size.count == 3,
        size.allSatisfy({ $0 > 0 && $0 < 1 << 15 }), header.matrix != nil
      else {
        throw Problem(
          .data, name, "it holds values of the cortex only; surfaces are not drawn",
          expected: "a volume part", remedy: "Give the volume that it was made of")
      }
      try checkPlaces(size)
      return header
    }

    /// Each voxel inside the volume and in one structure only.
    private func checkPlaces(_ size: [Int]) throws(Problem) {
      let count = MemoryBudget.product(size[0], MemoryBudget.product(size[1], size[2]))
      try MemoryBudget.require(count, of: name, for: "its volume")
      var seen = [Bool](repeating: false, count: count)
      for v in header.voxels {
        for n in 0..<v.count {
          let at = (v.ijk[3 * n], v.ijk[3 * n + 1], v.ijk[3 * n + 2])
          guard at.0 >= 0, at.0 < size[0], at.1 >= 0, at.1 < size[1], at.2 >= 0, at.2 < size[2]
          else {
            throw Problem(
              .data, name, "a voxel of \(v.structure) lies outside its volume",
              expected: "indices inside")
          }
          let offset = (at.2 * size[1] + at.1) * size[0] + at.0
          guard !seen[offset] else {
            throw Problem(
              .data, name, "a voxel of \(v.structure) is listed twice", expected: "each voxel once")
          }
          seen[offset] = true
        }
      }
    }

    private static func words(_ type: String) -> String {
      let known = [
        "CIFTI_INDEX_TYPE_BRAIN_MODELS": "places of the brain",
        "CIFTI_INDEX_TYPE_PARCELS": "parcels",
        "CIFTI_INDEX_TYPE_SERIES": "time", "CIFTI_INDEX_TYPE_SCALARS": "scalars",
        "CIFTI_INDEX_TYPE_LABELS": "labels",
      ]
      return known[type] ?? "something unknown"
    }
  }
}
