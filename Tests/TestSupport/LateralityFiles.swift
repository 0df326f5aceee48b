import Foundation
package import Imaging

/// An asymmetric head of a few voxels, and files of it in every order and format, each from the format's own
/// description: nothing here is what the program uses.
package struct LateralityPhantom: Sendable {
  package static let size = [4, 5, 6]
  package static let spacing = [3.0, 2.5, 4.0]
  package static let low = [-7.0, 12.5, -31.0]

  /// What is stored at a place of the head, counted from its left, posterior and inferior end.
  package static func value(_ i: Int, _ j: Int, _ k: Int) -> Int16 {
    (i, j, k) == marker ? 900 : Int16(1 + i + 4 * j + 20 * k)
  }

  /// Far to the right, to the front and up.
  package static let marker = (3, 3, 4)

  package static func place(_ i: Int, _ j: Int, _ k: Int) -> WorldPoint {
    WorldPoint(
      low[0] + spacing[0] * Double(i), low[1] + spacing[1] * Double(j),
      low[2] + spacing[2] * Double(k))
  }

  /// Every voxel of the head, with its place.
  package static var voxels: [(place: WorldPoint, value: Int16)] {
    (0..<size[2]).flatMap { k in
      (0..<size[1]).flatMap { j in (0..<size[0]).map { i in (place(i, j, k), value(i, j, k)) } }
    }
  }

  /// Which world axis each voxel axis follows.
  package let axes: [Int]
  /// Which voxel axes run against it, by bit.
  package let flips: Int

  package init(_ order: (axes: [Int], flips: Int)) { (axes, flips) = (order.axes, order.flips) }

  package static let all = Small.storageOrders.map { LateralityPhantom($0) }

  func isTurned(_ c: Int) -> Bool { flips >> c & 1 == 1 }

  /// Voxels along the file's own axes.
  package var shape: [Int] { axes.map { Self.size[$0] } }

  /// Voxel to RAS+ millimetres, three rows.
  package var rows: [[Double]] {
    var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for w in 0..<3 { rows[w][3] = Self.low[w] }
    for c in 0..<3 {
      let w = axes[c]
      rows[w][c] = isTurned(c) ? -Self.spacing[w] : Self.spacing[w]
      if isTurned(c) { rows[w][3] += Self.spacing[w] * Double(Self.size[w] - 1) }
    }
    return rows
  }

  /// The values in the file's order.
  package var stored: [Int16] {
    let n = shape
    var out: [Int16] = []
    for z in 0..<n[2] {
      for y in 0..<n[1] {
        for x in 0..<n[0] {
          var at = [0, 0, 0]
          for (c, index) in [x, y, z].enumerated() {
            at[axes[c]] = isTurned(c) ? n[c] - 1 - index : index
          }
          out.append(Self.value(at[0], at[1], at[2]))
        }
      }
    }
    return out
  }

  /// Another one for each order.
  var number: Int { (axes[0] * 3 + axes[1]) * 8 + flips }

  /// In words, for a failing test.
  package var name: String {
    (0..<3).map { c in [["R", "L"], ["A", "P"], ["S", "I"]][axes[c]][isTurned(c) ? 1 : 0] }.joined()
  }
}

/// A way to keep it in a file.
package enum LateralityFormat: String, CaseIterable, Sendable {
  case nifti1Sform, nifti1Qform, nifti1Both, nifti1Big, nifti2Sform, nifti2Qform, pairSform
  case pairQform, mgh, mgz = "mgh.gz", afniDelta, afniReal, cifti, dicomMR, dicomNM

  /// Writes it into a folder.
  ///
  /// - Returns: the path to give to a command.
  package func write(_ p: LateralityPhantom, in folder: String) throws -> String {
    let stem = "\(folder)/\(rawValue.split(separator: ".")[0])-\(p.name)"
    func put(_ bytes: [UInt8], _ ending: String) throws -> String {
      try Data(bytes).write(to: URL(filePath: stem + ending))
      return stem + ending
    }
    switch self {
    case .nifti1Sform: return try put(NIfTIBytes(p, .sform).one, ".nii")
    case .nifti1Qform: return try put(NIfTIBytes(p, .qform).one, ".nii")
    case .nifti1Both: return try put(NIfTIBytes(p, .both).one, ".nii")
    case .nifti1Big: return try put(NIfTIBytes(p, .both, isBig: true).one, ".nii")
    case .nifti2Sform: return try put(NIfTIBytes(p, .sform).two, ".nii")
    case .nifti2Qform: return try put(NIfTIBytes(p, .qform).two, ".nii")
    case .pairSform, .pairQform:
      let bytes = NIfTIBytes(p, self == .pairSform ? .sform : .qform)
      _ = try put(bytes.head, ".hdr")
      return try put(bytes.voxels, ".img")
    case .mgh: return try put(MGHBytes.file(p), ".mgh")
    case .mgz: return try put(storedGzip(MGHBytes.file(p)), ".mgz")
    case .afniDelta, .afniReal:
      _ = try put(AFNIText.voxels(p), ".BRIK")
      return try put(Array(AFNIText.head(p, hasMatrix: self == .afniReal).utf8), ".HEAD")
    case .cifti: return try put(CIFTIBytes.file(p), ".dscalar.nii")
    case .dicomMR, .dicomNM: return try LateralityDICOM.write(p, isNM: self == .dicomNM, to: stem)
    }
  }
}

func little<T: FixedWidthInteger>(_ x: T) -> [UInt8] {
  withUnsafeBytes(of: x.littleEndian) { Array($0) }
}

func big<T: FixedWidthInteger>(_ x: T) -> [UInt8] {
  withUnsafeBytes(of: x.bigEndian) { Array($0) }
}

/// nifti1.h and nifti2.h of the NIfTI DFWG.
struct NIfTIBytes {
  enum Forms { case sform, qform, both }
  private let p: LateralityPhantom
  private let forms: Forms
  private let isBig: Bool

  init(_ p: LateralityPhantom, _ forms: Forms, isBig: Bool = false) {
    (self.p, self.forms, self.isBig) = (p, forms, isBig)
  }

  private func number<T: FixedWidthInteger>(_ x: T) -> [UInt8] { isBig ? big(x) : little(x) }
  private func float(_ x: Double) -> [UInt8] { number(Float(x).bitPattern) }
  private func double(_ x: Double) -> [UInt8] { number(x.bitPattern) }

  var voxels: [UInt8] { p.stored.flatMap { number($0) } }

  /// Sizes along the voxel axes.
  private var sizes: [Double] { p.axes.map { LateralityPhantom.spacing[$0] } }

  /// The quaternion (a, b, c, d) and factor whose matrix has these directions, found among all of right angles.
  private var quaternion: (q: [Double], factor: Double) {
    let half = 0.5.squareRoot()
    let steps = [-1, -half, -0.5, 0, 0.5, half, 1]
    let directions = (0..<3).map { r in (0..<3).map { p.rows[r][$0] / sizes[$0] } }
    for factor in [1.0, -1] {
      for a in steps where a >= 0 {
        for b in steps {
          for c in steps {
            for d in steps where abs(a * a + b * b + c * c + d * d - 1) < 1e-9 {
              let m = Self.matrix(a, b, c, d, factor)
              let isSame = (0..<3).allSatisfy { r in
                (0..<3).allSatisfy { abs(m[r][$0] - directions[r][$0]) < 1e-9 }
              }
              if isSame { return ([a, b, c, d], factor) }
            }
          }
        }
      }
    }
    preconditionFailure("every right-angled order has a quaternion")
  }

  private static func matrix(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ factor: Double
  ) -> [[Double]] {
    [
      [a * a + b * b - c * c - d * d, 2 * b * c - 2 * a * d, (2 * b * d + 2 * a * c) * factor],
      [2 * b * c + 2 * a * d, a * a + c * c - b * b - d * d, (2 * c * d - 2 * a * b) * factor],
      [2 * b * d - 2 * a * c, 2 * c * d + 2 * a * b, (a * a + d * d - c * c - b * b) * factor],
    ]
  }

  /// 348 bytes, and the four that say that no extension follows.
  private func head1(_ magic: String, _ offset: Double) -> [UInt8] {
    var h = [UInt8](repeating: 0, count: 352)
    func put(_ bytes: [UInt8], _ at: Int) { h.replaceSubrange(at..<at + bytes.count, with: bytes) }
    put(number(Int32(348)), 0)
    for (n, x) in ([3] + p.shape + [1, 1, 1, 1]).enumerated() { put(number(Int16(x)), 40 + 2 * n) }
    put(number(Int16(4)), 70)
    put(number(Int16(16)), 72)
    let (q, factor) = quaternion
    for (n, x) in ([factor] + sizes).enumerated() { put(float(x), 76 + 4 * n) }
    put(float(offset), 108)
    put(float(1), 112)
    h[123] = 2
    if forms != .sform {
      put(number(Int16(1)), 252)
      for n in 0..<3 {
        put(float(q[n + 1]), 256 + 4 * n)
        put(float(p.rows[n][3]), 268 + 4 * n)
      }
    }
    if forms != .qform {
      put(number(Int16(1)), 254)
      for r in 0..<3 { for c in 0..<4 { put(float(p.rows[r][c]), 280 + 16 * r + 4 * c) } }
    }
    put(Array(magic.utf8), 344)
    return h
  }

  var one: [UInt8] { head1("n+1", 352) + voxels }
  var head: [UInt8] { head1("ni1", 0) }

  var two: [UInt8] {
    var h = [UInt8](repeating: 0, count: 544)
    func put(_ bytes: [UInt8], _ at: Int) { h.replaceSubrange(at..<at + bytes.count, with: bytes) }
    put(number(Int32(540)), 0)
    put(Array("n+2\0\r\n\u{1a}\n".utf8), 4)
    put(number(Int16(4)), 12)
    put(number(Int16(16)), 14)
    for (n, x) in ([3] + p.shape + [1, 1, 1, 1]).enumerated() { put(number(Int64(x)), 16 + 8 * n) }
    let (q, factor) = quaternion
    for (n, x) in ([factor] + sizes).enumerated() { put(double(x), 104 + 8 * n) }
    put(number(Int64(544)), 168)
    put(double(1), 176)
    if forms != .sform {
      put(number(Int32(1)), 344)
      for n in 0..<3 {
        put(double(q[n + 1]), 352 + 8 * n)
        put(double(p.rows[n][3]), 376 + 8 * n)
      }
    }
    if forms != .qform {
      put(number(Int32(1)), 348)
      for r in 0..<3 { for c in 0..<4 { put(double(p.rows[r][c]), 400 + 32 * r + 8 * c) } }
    }
    put(number(Int32(2)), 500)
    return h + voxels
  }
}

/// FreeSurfer's description of MGH.
enum MGHBytes {
  static func file(_ p: LateralityPhantom) -> [UInt8] {
    func float(_ x: Double) -> [UInt8] { big(Float(x).bitPattern) }
    let n = p.shape
    let sizes = p.axes.map { LateralityPhantom.spacing[$0] }
    var bytes: [UInt8] = []
    for x in [1, n[0], n[1], n[2], 1, 4, 0] { bytes += big(Int32(x)) }
    bytes += big(Int16(1))
    for x in sizes { bytes += float(x) }
    for c in 0..<3 { for r in 0..<3 { bytes += float(p.rows[r][c] / sizes[c]) } }
    // The place of the voxel whose indices are half of each size.
    for r in 0..<3 {
      bytes += float((0..<3).reduce(p.rows[r][3]) { $0 + p.rows[r][$1] * Double(n[$1]) / 2 })
    }
    bytes += [UInt8](repeating: 0, count: 284 - bytes.count)
    return bytes + p.stored.flatMap { big($0) }
  }
}

/// RFC 1952, one stored block.
func storedGzip(_ bytes: [UInt8]) -> [UInt8] {
  var crc: UInt32 = 0xffff_ffff
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  let count = UInt16(bytes.count)
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(count) + little(~count) + bytes
    + little(~crc) + little(UInt32(bytes.count))
}
