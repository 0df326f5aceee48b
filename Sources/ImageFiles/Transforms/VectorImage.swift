import Basics
import Imaging

/// A NIfTI file with three numbers for each voxel, along the fourth or the fifth dimension.
struct VectorImage {
  let name: String
  let grid: Grid
  /// What the header calls its values (nifti1.h: 1006 displacements, 1007 vectors, 2006 FNIRT's field).
  let intent: Int
  /// Whether the three numbers lie along the fifth dimension, as ITK writes them.
  let isFiveDimensional: Bool
  /// Three numbers a voxel, x fastest.
  let values: [Float]

  init(_ path: String) throws(Problem) {
    let names = try FileNames(path)
    guard names.isSingleFile else {
      throw Problem(
        .data, fileName(path), "a field in two files is not read", expected: ".nii or .nii.gz")
    }
    let source = try FileSource(path)
    name = source.name
    let stream = try VoxelStream(source, gzip: names.isCompressed)
    let head = try RawHeader.bytes(stream)
    let stated = try RawHeader(head, name: name)
    intent = stated.intent
    try stated.requireNoCoefficients(name)
    let five = stated.dim[0] == 5 && stated.dim[4] == 1 && stated.dim[5] == 3
    guard five || stated.dim[0] == 4 && stated.dim[4] == 3 else {
      let shape = stated.dim[1...].prefix(Int(clamping: max(0, min(7, stated.dim[0]))))
      throw Problem(
        .data, name, "its shape is \(shape.map(String.init).joined(separator: "×"))",
        expected: "three numbers for each voxel (…×1×3 or …×3)")
    }
    isFiveDimensional = five
    // The same bytes as three volumes: the components are the slowest dimension either way.
    let raw = try RawHeader(stated.asThreeVolumes(head), name: name)
    let checked = try Gate.check(raw, path: path, name: name)
    guard checked.description.laterality == .known, checked.description.affine != nil else {
      throw Problem(
        .data, name, "its header does not say which side is left",
        expected: "a valid sform or qform"
      )
    }
    grid = checked.description.grid
    values = try Self.voxels(checked, head.count, stream, source)
  }

  private static func voxels(
    _ checked: CheckedHeader, _ read: Int, _ stream: VoxelStream, _ source: FileSource
  ) throws(Problem) -> [Float] {
    let count = checked.description.grid.count
    try VoxelEnd.checkClaim(
      checked.voxelBytes, from: checked.offset, source, compressed: stream.isCompressed)
    try MemoryBudget.require(
      MemoryBudget.sum(MemoryBudget.product(24, count), checked.voxelBytes), of: source.name,
      for: "its field")
    var left = checked.offset - read
    while left > 0 {
      var some = [UInt8](repeating: 0, count: min(left, 1 << 16))
      let got = try stream.read(into: &some)
      if got == 0 { break }
      left -= got
    }
    let frames = FrameReader(
      checked.description, isSwapped: checked.raw.isSwapped, stream, source.name)
    var bytes = [UInt8](repeating: 0, count: frames.frameBytes)
    var out = [Float](repeating: 0, count: 3 * count)
    for axis in 0..<3 {
      try frames.next(into: &bytes)
      let d = checked.description
      let store = SampleStore(
        type: d.type, slope: d.slope, intercept: d.intercept, bytes: bytes)
      for (n, value) in store.floats(0..<count).enumerated() { out[3 * n + axis] = value }
    }
    // The end of the stream is where gzip's own checksum stands.
    if stream.isCompressed { _ = try VoxelEnd.findings(stream, source.name) }
    return out
  }

  /// Shifts of ITK and ANTs: vectors in LPS+ mm, whatever NIfTI's own axes. Of intent 1006 newer ITK takes them
  /// as RAS+ and older does not, so it is not taken.
  func displacementsLPS() throws(Problem) -> DisplacementField {
    guard isFiveDimensional, intent == 1007 else {
      throw Problem(
        .data, name, "its header does not call it vectors (intent \(intent))",
        expected: "a displacement field of ITK or ANTs (…×1×3, intent 1007)",
        remedy: isFiveDimensional ? nil : "Say --format fsl if it is FSL's")
    }
    var shifts = values
    flipXY(&shifts)
    return try DisplacementField(grid: grid, values: shifts, file: name)
  }
}

extension RawHeader {
  /// Refuses what looks like a series and holds the coefficients of splines (FSL's fnirt and topup write their
  /// intent, 2007 to 2009 and 2016 to 2017).
  func requireNoCoefficients(_ name: String) throws(Problem) {
    guard (2007...2009).contains(intent) || (2016...2017).contains(intent) else { return }
    throw Problem(
      .data, name, "it holds spline coefficients of FSL (intent \(intent)) and is not an image",
      expected: "an image, or a field of displacements",
      remedy: "Make a field of it with `fnirtfileutils --in=F --ref=REF --out=FIELD`")
  }

  /// The header with its three components as volumes.
  func asThreeVolumes(_ bytes: [UInt8]) -> [UInt8] {
    var out = bytes
    for (axis, n) in [(0, 4), (4, 3), (5, 1), (6, 1), (7, 1)] {
      let width = version == 1 ? 2 : 8
      let at = version == 1 ? 40 + 2 * axis : 16 + 8 * axis
      for b in 0..<width {
        let low = b == 0 ? UInt8(n) : 0
        out[at + (isSwapped ? width - 1 - b : b)] = low
      }
    }
    return out
  }
}
