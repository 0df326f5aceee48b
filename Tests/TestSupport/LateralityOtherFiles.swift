import Foundation

/// AFNI's README.attributes: coordinates run to the left, to the back and up.
enum AFNIText {
  static func voxels(_ p: LateralityPhantom) -> [UInt8] { p.stored.flatMap { little($0) } }

  static func head(_ p: LateralityPhantom, hasMatrix: Bool) -> String {
    let signs = [-1.0, -1, 1]
    let toLPS = (0..<3).map { r in p.rows[r].map { $0 * signs[r] } }
    // 0 from right to left, 1 from left to right; 2 P to A, 3 A to P; 4 I to S, 5 S to I.
    let codes = (0..<3).map { c -> Int in
      switch (p.axes[c], p.isTurned(c)) {
      case (0, true): 0
      case (0, false): 1
      case (1, false): 2
      case (1, true): 3
      case (2, false): 4
      default: 5
      }
    }
    func attribute(_ name: String, _ kind: String, _ values: [Double]) -> String {
      let text = values.map { kind == "integer" ? "\(Int($0))" : "\($0)" }.joined(separator: " ")
      return "\ntype  = \(kind)-attribute\nname  = \(name)\ncount = \(values.count)\n " + text
        + "\n"
    }
    let order = "LSB_FIRST~"
    var text =
      "\ntype = string-attribute\nname = BYTEORDER_STRING\ncount = \(order.utf8.count)\n'\(order)\n"
    text += attribute("DATASET_RANK", "integer", [3, 1, 0])
    text += attribute("DATASET_DIMENSIONS", "integer", p.shape.map(Double.init) + [0, 0])
    text += attribute("ORIENT_SPECIFIC", "integer", codes.map(Double.init))
    text += attribute("ORIGIN", "float", (0..<3).map { toLPS[p.axes[$0]][3] })
    text += attribute("DELTA", "float", (0..<3).map { toLPS[p.axes[$0]][$0] })
    text += attribute("BRICK_TYPES", "integer", [1])
    text += attribute("BRICK_FLOAT_FACS", "float", [0])
    text += attribute("SCENE_DATA", "integer", [0, 0, 0])
    if hasMatrix { text += attribute("IJK_TO_DICOM_REAL", "float", toLPS.flatMap { $0 }) }
    return text
  }
}

/// CIFTI-2: every voxel of the head is a row, two maps.
enum CIFTIBytes {
  static func file(_ p: LateralityPhantom) -> [UInt8] {
    let n = p.shape
    var places: [String] = []
    for z in 0..<n[2] {
      for y in 0..<n[1] { for x in 0..<n[0] { places.append("\(x) \(y) \(z)") } }
    }
    let rows = p.rows.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: " ")
    let xml = """
      <?xml version="1.0" encoding="UTF-8"?><CIFTI Version="2"><Matrix>
      <MatrixIndicesMap AppliesToMatrixDimension="0" IndicesMapToDataType="CIFTI_INDEX_TYPE_SCALARS">
      <NamedMap><MapName>a</MapName></NamedMap></MatrixIndicesMap>
      <MatrixIndicesMap AppliesToMatrixDimension="1" IndicesMapToDataType="CIFTI_INDEX_TYPE_BRAIN_MODELS">
      <Volume VolumeDimensions="\(n[0]),\(n[1]),\(n[2])"><TransformationMatrixVoxelIndicesIJKtoXYZ MeterExponent="-3">
      \(rows) 0 0 0 1</TransformationMatrixVoxelIndicesIJKtoXYZ></Volume>
      <BrainModel IndexOffset="0" IndexCount="\(places.count)" ModelType="CIFTI_MODEL_TYPE_VOXELS"
       BrainStructure="CIFTI_STRUCTURE_THALAMUS_LEFT"><VoxelIndicesIJK>\(places.joined(separator: " "))</VoxelIndicesIJK></BrainModel>
      </MatrixIndicesMap></Matrix></CIFTI>
      """
    var text = Array(xml.utf8)
    text += [UInt8](repeating: 0, count: (16 - (text.count + 8) % 16) % 16)
    let begin = 544 + 8 + text.count
    var bytes =
      little(Int32(540)) + Array("n+2\0\r\n\u{1a}\n".utf8) + little(Int16(16)) + little(Int16(32))
    for n in [6, 1, 1, 1, 1, 1, places.count, 1] { bytes += little(Int64(n)) }
    bytes += [UInt8](repeating: 0, count: 540 - bytes.count)
    bytes.replaceSubrange(168..<176, with: little(Int64(begin)))
    bytes.replaceSubrange(504..<508, with: little(Int32(3006)))
    bytes += [1, 0, 0, 0] + little(Int32(8 + text.count)) + little(Int32(32)) + text
    return bytes + p.stored.flatMap { little(Float($0).bitPattern) }
  }
}

/// PS3.3, C.7.6.2: the patient's coordinates run to the left, to the back and to the head.
enum LateralityDICOM {
  static func write(_ p: LateralityPhantom, isNM: Bool, to stem: String) throws -> String {
    let signs = [-1.0, -1, 1]
    let lps = (0..<3).map { r in p.rows[r].map { $0 * signs[r] } }
    let sizes = p.axes.map { LateralityPhantom.spacing[$0] }
    func direction(_ c: Int) -> [Double] { (0..<3).map { lps[$0][c] / sizes[c] } }
    var phantom = DICOMPhantom()
    let n = p.shape
    (phantom.columns, phantom.rows, phantom.slices) = (n[0], n[1], n[2])
    phantom.spacing = (sizes[0], sizes[1])
    (phantom.row, phantom.column) = (direction(0), direction(1))
    phantom.origin = (0..<3).map { lps[$0][3] }
    // Along row × column, or against it.
    let across = phantom.normal
    let along = (0..<3).reduce(0.0) { $0 + across[$1] * direction(2)[$1] }
    phantom.step = along * sizes[2]
    (phantom.slope, phantom.intercept) = (nil, nil)
    phantom.given = p.stored
    // Files in one folder are of one series where they say so.
    phantom.seriesUID = "1.2.826.0.1.\(7000 + p.number)"
    if isNM {
      try Data(phantom.writer.file(phantom.nuclear)).write(to: URL(filePath: stem + ".dcm"))
      return stem + ".dcm"
    }
    phantom.modality = "MR"
    phantom.imageType = "ORIGINAL\\PRIMARY\\M"
    phantom.description = "T1 mprage"
    try phantom.writeClassicMR(to: stem)
    return stem
  }
}
