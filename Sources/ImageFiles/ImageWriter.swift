package import Basics
package import Imaging

/// Writes NIfTI-1 images, `.nii` or `.nii.gz`, little-endian, with the affine as sform, and as qform too where a
/// quaternion can say it.
package enum ImageWriter {
  /// What to write: floats in file order, one frame after the other.
  package struct Content: Sendable {
    package var grid: Grid
    package var formCode: Int
    /// Whether the grid's place and turn were put there by us, because what the values come from states none: then nothing
    /// of them is written, not even as a form that is not to be used.
    package var hasInventedPlace = false
    package var frameCount: Int
    package var repetitionTimeSeconds: Double?
    /// At most 79 bytes; says SIMULATED where it is.
    package var note: String
    /// What the values are; nil says nothing of them.
    package var meaning: ValueMeaning?

    package init(
      grid: Grid, formCode: Int, frameCount: Int = 1, repetitionTimeSeconds: Double? = nil,
      note: String, meaning: ValueMeaning? = nil
    ) {
      self.grid = grid
      self.formCode = formCode
      self.frameCount = frameCount
      self.repetitionTimeSeconds = repetitionTimeSeconds
      self.note = note
      self.meaning = meaning
    }
  }

  /// How the numbers are stored.
  package enum Storage: Sendable {
    case float32
    /// Whole numbers 0…255.
    case uint8
    /// 16-bit numbers times a slope.
    case int16(slope: Float)
  }

  /// Writes a series whose frames `frame` makes one after the other.
  package static func write(
    _ path: String, _ content: Content, storage: Storage = .float32,
    compression: Compression = .fast,
    overwrite: Bool, progress: WorkProgress = .silent,
    frame: (Int) throws(Problem) -> [Float]
  ) throws(Problem) {
    let set = FileSet(overwrite: overwrite)
    try add(
      path, content, storage: storage, compression: compression, to: set, progress: progress,
      frame: frame)
    try set.commit(last: path)
  }

  /// Writes a series as one file of a set.
  ///
  /// - Parameter lineage: what its header says that it was made of; asked once the first frame is there, because what
  ///   is read on the way is known only then.
  /// - Returns: its SHA-256.
  @discardableResult
  package static func add(
    _ path: String, _ content: Content, storage: Storage = .float32,
    compression: Compression = .fast,
    to set: FileSet, progress: WorkProgress = .silent,
    lineage: () throws(Problem) -> LineageExtension? = { () throws(Problem) in nil },
    frame: (Int) throws(Problem) -> [Float]
  ) throws(Problem) -> String {
    let isCompressed = path.hasSuffix(".nii.gz")
    guard isCompressed || path.hasSuffix(".nii") else {
      throw Problem(
        .usage, fileName(path), "images are written as .nii or .nii.gz", expected: "such a name")
    }
    try check(content, fileName(path))
    return try set.add(path) { (put) throws(Problem) in
      let gzip = isCompressed ? try compression.stream() : nil
      func emit(_ bytes: [UInt8], last: Bool) throws(Problem) {
        if let gzip { try gzip.compress(bytes, last: last, put) } else { try put(bytes) }
      }
      for t in 0..<content.frameCount {
        try progress.check()
        let values = try frame(t)
        if t == 0 {
          let extender = try lineage()?.bytes ?? [0, 0, 0, 0]
          try emit(header(content, storage, voxelsFrom: 348 + extender.count), last: false)
          try emit(extender, last: false)
        }
        try emit(encode(values, storage), last: t == content.frameCount - 1)
        progress.report("writing", Double(t + 1) / Double(content.frameCount))
      }
    }
  }

  /// Writes one volume.
  package static func write(
    _ path: String, _ volume: Volume, formCode: Int, note: String, storage: Storage = .float32,
    compression: Compression = .fast, overwrite: Bool
  ) throws(Problem) {
    try write(
      path, Content(grid: volume.grid, formCode: formCode, note: note), storage: storage,
      compression: compression, overwrite: overwrite
    ) { (_) throws(Problem) in volume.values }
  }

  /// Refuses what a NIfTI-1 header cannot say, before a byte is written.
  private static func check(_ content: Content, _ name: String) throws(Problem) {
    let sizes = [content.grid.nx, content.grid.ny, content.grid.nz, content.frameCount]
    guard sizes.allSatisfy({ (1...Int(Int16.max)).contains($0) }) else {
      throw Problem(
        .data, name,
        "\(sizes.map(String.init).joined(separator: "×")) voxels and frames do not fit in NIfTI-1",
        expected: "at most 32767 along each dimension")
    }
    guard (0...Int(Int16.max)).contains(content.formCode) else {
      throw Problem(
        .data, name, "a form code of \(content.formCode) cannot be written", expected: "0 to 5")
    }
  }

  private static func encode(_ values: [Float], _ storage: Storage) -> [UInt8] {
    switch storage {
    case .float32: return values.withUnsafeBytes { Array($0) }
    case .uint8: return values.map { UInt8(max(0, min(255, $0.isFinite ? $0.rounded() : 0))) }
    case .int16(let slope):
      let whole = values.map { v -> Int16 in
        let n = (v / slope).rounded()
        return n.isFinite ? Int16(max(-32768, min(32767, n))) : 0
      }
      return whole.withUnsafeBytes { Array($0) }
    }
  }

  /// The 348 bytes without what follows them.
  private static func header(
    _ content: Content, _ storage: Storage, voxelsFrom offset: Int
  ) -> [UInt8] {
    var h = [UInt8](repeating: 0, count: 348)
    func put<T: BitwiseCopyable>(_ value: T, _ at: Int) {
      h.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: at, as: T.self) }
    }
    let g = content.grid
    let isSeries = content.frameCount > 1
    put(Int32(348), 0)
    if let meaning = content.meaning {
      for (n, p) in meaning.parameters.prefix(3).enumerated() { put(Float(p), 56 + 4 * n) }
      put(Int16(clamping: meaning.intent), 68)
      for (n, byte) in Array(meaning.name.utf8.prefix(15)).enumerated() { h[328 + n] = byte }
    }
    let dims = [isSeries ? 4 : 3, g.nx, g.ny, g.nz, content.frameCount, 1, 1, 1]
    for (n, d) in dims.enumerated() { put(Int16(clamping: d), 40 + 2 * n) }
    let (code, bits, slope): (Int16, Int16, Float) =
      switch storage {
      case .float32: (16, 32, 1)
      case .uint8: (2, 8, 1)
      case .int16(let slope): (4, 16, slope)
      }
    put(code, 70)
    put(bits, 72)
    let s = g.spacing
    put(Float(1), 76)
    put(Float(s.0), 80)
    put(Float(s.1), 84)
    put(Float(s.2), 88)
    put(Float(content.repetitionTimeSeconds ?? 0), 92)
    put(Float(offset), 108)
    put(slope, 112)
    put(Float(0), 116)
    // Millimetres; seconds only where a time is known.
    h[123] = content.repetitionTimeSeconds == nil ? 2 : 10
    for (n, byte) in Array(content.note.utf8.prefix(79)).enumerated() { h[148 + n] = byte }
    // Without a code a form would only be one that a header says not to use.
    if content.formCode > 0, let q = Quaternion(g) {
      put(Int16(content.formCode), 252)
      put(q.factor, 76)
      for (n, x) in q.values.enumerated() { put(x, 256 + 4 * n) }
      for r in 0..<3 { put(Float(g.worldFromVoxel.rows[r][3]), 268 + 4 * r) }
    }
    put(Int16(content.formCode), 254)
    for r in 0..<3 where !content.hasInventedPlace {
      for c in 0..<4 { put(Float(g.worldFromVoxel.rows[r][c]), 280 + 16 * r + 4 * c) }
    }
    for (n, byte) in [UInt8(ascii: "n"), UInt8(ascii: "+"), UInt8(ascii: "1")].enumerated() {
      h[344 + n] = byte
    }
    return h
  }
}
