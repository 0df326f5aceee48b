package import Basics
import Foundation

/// What an image was made of, in its own header: a NIfTI extension of plain text (code 6, a comment), so that a map
/// which was parted from the JSON beside it is still known by what it came from.
package struct LineageExtension: Sendable, Equatable {
  /// Hashes of files and of voxels, as the JSON beside an image names them.
  package var ancestors: [String]
  /// Decisions and doubts that hold for what it was made of, and so for it.
  package var findings: [Finding]

  package init(ancestors: [String], findings: [Finding] = []) {
    self.ancestors = ancestors
    self.findings = findings
  }

  /// NIfTI's code of a comment (nifti1.h, NIFTI_ECODE_COMMENT).
  private static let code: Int32 = 6
  /// More than any group of people needs.
  private static let mostBytes = 8 << 20

  /// The four bytes that say that extensions follow, and the one; none where there is nothing to say.
  var bytes: [UInt8] {
    guard !ancestors.isEmpty || !findings.isEmpty else { return [0, 0, 0, 0] }
    let text = JSON.object([
      ("GeneratedBy", .string("boldspect")),
      ("ancestors", .array(Set(ancestors).sorted().map(JSON.string))),
      ("findings", findingsJSON(findings)),
    ]).text
    let content = Array(text.utf8)
    let size = (content.count + 8 + 15) / 16 * 16
    guard size <= Self.mostBytes else { return [0, 0, 0, 0] }
    var out: [UInt8] = [1, 0, 0, 0]
    for number in [Int32(size), Self.code] {
      withUnsafeBytes(of: number.littleEndian) { out += $0 }
    }
    return out + content + [UInt8](repeating: 0, count: size - 8 - content.count)
  }

  /// What an extension's bytes say, without its size and code; nil for one that is not ours.
  static func members(ofCode code: Int32, _ content: ArraySlice<UInt8>) -> [String: Any]? {
    guard code == Self.code, content.count <= mostBytes, content.first == UInt8(ascii: "{") else {
      return nil
    }
    let text = Data(content.prefix { $0 != 0 })
    guard let object = try? JSONSerialization.jsonObject(with: text) as? [String: Any],
      object["GeneratedBy"] as? String == "boldspect"
    else { return nil }
    return object
  }

  /// Looks for it in a file; nil where none can be read.
  static func members(ofFile path: String) -> [String: Any]? {
    let lower = path.lowercased()
    guard lower.hasSuffix(".nii") || lower.hasSuffix(".nii.gz"),
      let source = try? FileSource(path),
      let stream = try? VoxelStream(source, gzip: lower.hasSuffix(".gz")),
      let head = try? RawHeader.bytes(stream), let raw = try? RawHeader(head, name: source.name),
      raw.isSingleFile, raw.offset.isFinite, raw.offset >= Double(head.count + 20),
      raw.offset <= Double(16 << 20),
      let bytes = try? stream.bytes(Int(raw.offset) - head.count), bytes.count >= 20, bytes[0] != 0
    else { return nil }
    func int32(_ at: Int) -> Int32 {
      let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int32.self) }
      return raw.isSwapped ? value.byteSwapped : value
    }
    var at = 4
    while at + 8 <= bytes.count {
      let size = Int(int32(at))
      guard size >= 16, size <= bytes.count - at else { return nil }
      if let found = members(ofCode: int32(at + 4), bytes[at + 8..<at + size]) { return found }
      at += size
    }
    return nil
  }
}
