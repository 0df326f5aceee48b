import Basics
import Imaging

/// What the raw header comes to once every field has been checked.
struct CheckedHeader {
  var raw: RawHeader
  var description: ImageHeader
  /// First voxel byte in the voxel file.
  var offset: Int
  var voxelBytes: Int
}

/// Refuses what is not provably right before libnifti is entered; records what is merely odd.
enum Gate {
  /// Elements are kept below 2³¹, because libnifti counts some things in int.
  static let mostElements = 1 << 31
  /// More after the voxels than this is not a matter of padding.
  static let mostTrailing = 1 << 20
  static let plausibleRepetitionTime = 0.05...20.0

  static func check(_ raw: RawHeader, path: String, name: String) throws(Problem) -> CheckedHeader {
    var findings: [Finding] = []
    try checkIntent(raw, name)
    let (rank, shape) = try shape(raw, name)
    guard let type = SampleType(niftiCode: raw.datatype) else {
      throw Problem(
        .data, name, "its data type is \(SampleType.niftiName(raw.datatype))",
        expected: "one of the ten scalar types")
    }
    if raw.bitsPerVoxel != type.byteCount * 8 {
      findings.append(
        Finding(
          "bitpix-wrong", .warning,
          "bitpix is \(raw.bitsPerVoxel), but \(type.rawValue) has \(type.byteCount * 8) bits; the "
            + "data type decides."))
    }
    var elements = 1
    for n in shape {
      let (product, over) = elements.multipliedReportingOverflow(by: n)
      guard !over, product < mostElements else {
        throw Problem(
          .data, name, "its size \(shape.map(String.init).joined(separator: "×")) is beyond reason",
          expected: "fewer than 2^31 voxels")
      }
      elements = product
    }
    let offset = try voxelOffset(raw, name, &findings)
    let scaling = try scaling(raw, name, &findings)
    let geometry = try geometry(raw, shape, name, &findings)
    let time = repetitionTime(raw, shape, rank, &findings)
    var description = ImageHeader(
      path: path, name: name, shape: shape, dimensionCount: rank, spacing: geometry.grid.spacing,
      type: type, slope: scaling.slope, intercept: scaling.intercept, form: geometry.form,
      statedFormCode: geometry.code, formsApartMillimetres: geometry.formsApart,
      affine: geometry.affine, grid: geometry.grid,
      laterality: geometry.laterality, isSimulated: raw.isMarkedSimulated,
      isSyntheticPerson: raw.isMarkedSynthetic,
      headerRepetitionTimeSeconds: time, noticed: findings)
    if geometry.formsApart != nil { description.qformCode = raw.qformCode }
    description.statistic = ValueMeaning.statistic(
      ofIntent: raw.intent, name: raw.intentName, isOurs: raw.isMarkedOurs)
    if description.statistic != nil {
      description.meaning = ValueMeaning(intent: raw.intent, name: raw.intentName)
    }
    if geometry.laterality == .unknown {
      description.unusedForms = UnusedForm.all(of: raw, name)
      if let decision = TrustedForm.inForce { try description.trust(decision) }
    } else if let finding = TrustedForm.unused(by: raw, description) {
      description.noticed.append(finding)
    }
    return CheckedHeader(
      raw: raw, description: description, offset: offset, voxelBytes: elements * type.byteCount)
  }

  /// How many dimensions it has, and voxels along x, y and z with the number of frames.
  private static func shape(
    _ raw: RawHeader, _ name: String
  ) throws(Problem) -> (rank: Int, sizes: [Int]) {
    let rank = Int(clamping: raw.dim[0])
    guard (1...7).contains(rank) else {
      throw Problem(
        .data, name, "dim[0] says \(raw.dim[0]) dimensions", expected: "1 to 7")
    }
    var shape = [1, 1, 1, 1]
    for axis in 1...rank {
      let n = raw.dim[axis]
      guard n >= 1, n <= (raw.version == 1 ? 32767 : Int64(Int32.max)) else {
        throw Problem(.data, name, "dim[\(axis)] is \(n)", expected: "a positive size")
      }
      if axis <= 4 {
        shape[axis - 1] = Int(n)
      } else if n != 1 {
        throw Problem(
          .data, name, "it has \(n) values along dimension \(axis)",
          expected: "a volume or a series of volumes")
      }
    }
    return (rank, shape)
  }

  private static func checkIntent(_ raw: RawHeader, _ name: String) throws(Problem) {
    guard raw.version == 1 || !CIFTIFormat.isIntent(raw.intent) else {
      throw Problem(
        .data, name, "it is a CIFTI matrix in a compressed file or a pair",
        expected: "one plain .nii",
        remedy: "Unpack it with `gunzip`")
    }
  }

  private static func voxelOffset(
    _ raw: RawHeader, _ name: String, _ findings: inout [Finding]
  ) throws(Problem) -> Int {
    let least = raw.isSingleFile ? raw.leastOffset : 0
    guard raw.offset.isFinite, raw.offset == raw.offset.rounded(), raw.offset >= Double(least),
      raw.offset < Double(1 << 31)
    else {
      throw Problem(
        .data, name, "vox_offset is \(raw.offset)", expected: "a whole number from \(least)")
    }
    if raw.isSingleFile, Int(raw.offset) % 16 != 0 {
      findings.append(
        Finding(
          "offset-odd", .note, "vox_offset \(Int(raw.offset)) is not a multiple of 16."))
    }
    return Int(raw.offset)
  }

  private static func scaling(
    _ raw: RawHeader, _ name: String, _ findings: inout [Finding]
  ) throws(Problem) -> (slope: Double, intercept: Double) {
    guard raw.slope.isFinite, raw.slope != 0 else {
      if raw.slope == 0, raw.intercept.isFinite, raw.intercept != 0 {
        findings.append(
          Finding(
            "slope-zero", .warning,
            "scl_slope is 0 with an intercept of \(plainNumber(raw.intercept)); values are shown "
              + "unscaled."))
      } else if !raw.slope.isFinite {
        findings.append(
          Finding("slope-not-finite", .note, "scl_slope is not finite; values are unscaled."))
      }
      return (1, 0)
    }
    guard raw.intercept.isFinite else {
      throw Problem(
        .data, name, "scl_slope is \(plainNumber(raw.slope)) but scl_inter is not finite",
        expected: "both or neither")
    }
    return (raw.slope, raw.intercept)
  }

  private struct Geometry {
    var form: ImageHeader.Form
    var code: Int
    var affine: Affine?
    var formsApart: Double?
    var grid: Grid
    var laterality: Laterality
  }

  private static func geometry(
    _ raw: RawHeader, _ shape: [Int], _ name: String, _ findings: inout [Finding]
  ) throws(Problem) -> Geometry {
    let scale = millimetresPerUnit(raw, &findings)
    checkFormCodes(raw, &findings)
    let sform = raw.sformCode > 0 ? try raw.sformAffine(scale, name: name) : nil
    let qform = try usableQform(raw, scale, sform, name, &findings)
    if raw.qformCode > 0, ![-1, 0, 1].contains(raw.pixdim[0]) {
      findings.append(
        Finding("qfac-odd", .warning, "pixdim[0] is \(plainNumber(raw.pixdim[0])), not 1 or -1."))
    }
    guard let affine = sform ?? qform else {
      return try geometryWithoutForm(raw, shape, scale, name, &findings)
    }
    guard let grid = Grid(dimensions: (shape[0], shape[1], shape[2]), worldFromVoxel: affine) else {
      throw Problem(.data, name, "its geometry cannot be inverted")
    }
    if affine.shearDegrees > 0.05 {
      findings.append(
        Finding(
          "axes-sheared", .warning,
          "Its axes are \(plainNumber(affine.shearDegrees, 2))° off right angles: other programs may straighten or refuse "
            + "it."))
    }
    var laterality = Laterality.known
    var formsApart: Double?
    if let sform, let qform {
      (laterality, formsApart) = compareForms(raw, sform, qform, grid, &findings)
    }
    let norms = affine.columnNorms
    let stated = (1...3).map { raw.pixdim[$0] * scale }
    if zip([norms.0, norms.1, norms.2], stated).contains(where: { !(abs($0 - $1) <= 0.01 * $0) }) {
      findings.append(
        Finding(
          "spacing-differs", .note,
          "pixdim says \(stated.map { plainNumber($0, 3) }.joined(separator: " × ")) mm, the affine "
            + "\(fixed(norms.0, 3)) × \(fixed(norms.1, 3)) × \(fixed(norms.2, 3)) mm; the affine is used."
        ))
    }
    return Geometry(
      form: sform != nil ? .sform : .qform, code: sform != nil ? raw.sformCode : raw.qformCode,
      affine: affine, formsApart: formsApart, grid: grid, laterality: laterality)
  }

  /// The qform; nil where a good sform stands beside one whose voxel size is negative, which is told: the sform
  /// says everything, and what was meant by the sign is not known.
  private static func usableQform(
    _ raw: RawHeader, _ scale: Double, _ sform: Affine?, _ name: String,
    _ findings: inout [Finding]
  ) throws(Problem) -> Affine? {
    guard raw.qformCode > 0 else { return nil }
    let size = (1...3).map { raw.pixdim[$0] }
    guard sform != nil, size.contains(where: { $0 < 0 }), size.allSatisfy({ $0 != 0 }) else {
      return try raw.qformAffine(scale, name: name)
    }
    findings.append(
      Finding(
        "pixdim-negative", .warning,
        "pixdim is \(size.map { plainNumber($0) }.joined(separator: " × ")): a voxel size is not negative. The "
          + "qform is not used, the sform is."))
    return nil
  }

  /// Millimetres in the header's unit of length; 1 where it names none.
  private static func millimetresPerUnit(_ raw: RawHeader, _ findings: inout [Finding]) -> Double {
    let scale: Double
    switch raw.units & 7 {
    case 1: scale = 1000
    case 2: scale = 1
    case 3: scale = 0.001
    default:
      scale = 1
      findings.append(
        Finding("unit-unknown", .note, "The header names no unit of length; millimetres are taken.")
      )
    }
    if scale != 1 {
      findings.append(
        Finding(
          "unit-converted", .note,
          "Lengths are stored in \(scale == 1000 ? "metres" : "micrometres") and shown in mm."))
    }
    return scale
  }

  private static func checkFormCodes(_ raw: RawHeader, _ findings: inout [Finding]) {
    for (label, code) in [("sform", raw.sformCode), ("qform", raw.qformCode)]
    where code < 0 || code > 5 {
      findings.append(
        Finding("form-code-odd", .warning, "\(label)_code is \(code), outside 0 to 5."))
    }
  }

  /// The voxel sizes alone, around the middle of the image: nothing says where it lies.
  private static func geometryWithoutForm(
    _ raw: RawHeader, _ shape: [Int], _ scale: Double, _ name: String, _ findings: inout [Finding]
  ) throws(Problem) -> Geometry {
    let size = (1...3).map { axis -> Double in
      let p = abs(raw.pixdim[axis]) * scale
      return p.isFinite && p > 0 ? p : .nan
    }
    guard size.allSatisfy({ $0.isFinite && $0 >= 0.01 && $0 <= 1000 }) else {
      throw Problem(
        .data, name, "it has no form code and no usable voxel size", expected: "a geometry")
    }
    let origin = WorldPoint(
      -Double(shape[0] - 1) / 2 * size[0], -Double(shape[1] - 1) / 2 * size[1],
      -Double(shape[2] - 1) / 2 * size[2])
    guard
      let grid = Grid(
        dimensions: (shape[0], shape[1], shape[2]),
        worldFromVoxel: Affine(spacing: (size[0], size[1], size[2]), origin: origin))
    else { throw Problem(.data, name, "its geometry cannot be inverted") }
    findings.append(
      Finding(
        "laterality-unknown", .blocking,
        "Both form codes are 0: the file does not say which side is left, nor where it lies."))
    return Geometry(form: .none, code: 0, affine: nil, grid: grid, laterality: .unknown)
  }

  /// Whether two forms agree about the sides, and how far apart they put a corner of the image in mm; nil
  /// when the second cannot be inverted.
  private static func compareForms(
    _ raw: RawHeader, _ sform: Affine, _ qform: Affine, _ grid: Grid, _ findings: inout [Finding]
  ) -> (Laterality, formsApart: Double?) {
    var laterality = Laterality.known
    if (sform.determinant < 0) != (qform.determinant < 0) {
      laterality = .unknown
      findings.append(
        Finding(
          "forms-mirror", .blocking,
          "sform and qform disagree about left and right; no side can be trusted."))
    }
    guard let other = Grid(dimensions: (grid.nx, grid.ny, grid.nz), worldFromVoxel: qform) else {
      return (laterality, nil)
    }
    let apart = zip(grid.corners, other.corners).map { $0.distance(to: $1) }.max() ?? 0
    if apart > 0.5 {
      findings.append(
        Finding(
          "forms-differ", .warning,
          "sform (code \(raw.sformCode), used) and qform (code \(raw.qformCode)) differ by "
            + "\(fixed(apart, 1)) mm at a corner; other programs may use the other."))
    }
    return (laterality, apart)
  }

  /// Seconds per frame when the header states a plausible one in a known unit.
  private static func repetitionTime(
    _ raw: RawHeader, _ shape: [Int], _ rank: Int, _ findings: inout [Finding]
  ) -> Double? {
    guard rank >= 4, shape[3] > 1 else { return nil }
    let stored = raw.pixdim[4]
    let scale: Double
    switch raw.units & 0x38 {
    case 8: scale = 1
    case 16: scale = 1e-3
    case 24: scale = 1e-6
    default:
      findings.append(
        Finding(
          "tr-unknown", .warning,
          "The header names no unit of time (pixdim[4] is \(plainNumber(stored))): the repetition "
            + "time is unknown. State it with --tr."))
      return nil
    }
    let seconds = stored * scale
    guard seconds.isFinite, plausibleRepetitionTime.contains(seconds) else {
      findings.append(
        Finding(
          "tr-unknown", .warning,
          "A repetition time of \(plainNumber(seconds)) s is not plausible (0.05 to 20 s) and taken as "
            + "unknown. State it with --tr."))
      return nil
    }
    return seconds
  }
}

extension SampleType {
  /// From the NIfTI data type code; nil for everything that is not one of the ten scalar types.
  init?(niftiCode: Int) {
    switch niftiCode {
    case 2: self = .uint8
    case 4: self = .int16
    case 8: self = .int32
    case 16: self = .float32
    case 64: self = .float64
    case 256: self = .int8
    case 512: self = .uint16
    case 768: self = .uint32
    case 1024: self = .int64
    case 1280: self = .uint64
    default: return nil
    }
  }

  static func niftiName(_ code: Int) -> String {
    switch code {
    case 0: "unknown (0)"
    case 1: "binary (1)"
    case 32: "complex64"
    case 128: "RGB colour"
    case 1536: "float128"
    case 1792: "complex128"
    case 2048: "complex256"
    case 2304: "RGBA colour"
    default: "unknown (\(code))"
    }
  }
}
