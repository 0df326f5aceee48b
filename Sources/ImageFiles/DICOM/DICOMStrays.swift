import Basics
import Foundation

/// A file beside a series that could not be read as DICOM, or that does not say of which series it is: perhaps a
/// damaged slice, without which the series would silently be another image.
struct DICOMStray: Sendable {
  let path: String
  var name: String { fileName(path) }
  /// Why it cannot be read, where it has the mark of DICOM.
  let problem: Problem?
  /// The series that its first bytes name, when they can be made out.
  let seriesUID: String?

  /// How much of a file is searched: a header's first groups lie there.
  private static let searched = 1 << 18

  init(_ path: String, _ problem: Problem?) {
    self.path = path
    self.problem = problem
    seriesUID = Self.seriesUID(in: Self.start(of: path))
  }

  private static func start(of path: String) -> [UInt8] {
    var status = stat()
    // A pipe would keep its reader waiting.
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let file = FileHandle(forReadingAtPath: path)
    else { return [] }
    defer { try? file.close() }
    return (try? file.read(upToCount: searched)).map { Array($0) } ?? []
  }

  /// The value of Series Instance UID, found by its tag alone, little endian or big, with or without its kind.
  static func seriesUID(in bytes: [UInt8]) -> String? {
    for at in 0..<max(0, bytes.count - 8) {
      let (a, b, c, d) = (bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
      let isLittle = (a, b, c, d) == (0x20, 0, 0x0e, 0)
      guard isLittle || (a, b, c, d) == (0, 0x20, 0, 0x0e) else { continue }
      let isExplicit = bytes[at + 4] == 0x55 && bytes[at + 5] == 0x49
      let place = isExplicit ? at + 6 : at + 4
      let count = Int(bytes[isLittle ? place : place + 1])
      let start = at + 8
      guard (1...64).contains(count), start + count <= bytes.count else { continue }
      let text = String(decoding: bytes[start..<start + count].filter { $0 != 0 }, as: UTF8.self)
      if let uid = DICOMTerms.uid(text) { return uid }
    }
    return nil
  }

  /// Whether it may be one of a series: by the UID that it holds, or where it holds none, by its mark or its name.
  func mayBelong(to series: DICOMInstance) -> Bool {
    if let seriesUID { return seriesUID == series.seriesUID }
    return problem != nil || Self.looksLikeDICOM(name)
      || Self.shape(name) == Self.shape(series.name)
  }

  private static func looksLikeDICOM(_ name: String) -> Bool {
    ["dcm", "ima", "dicom", "dic"].contains(fileExtension(name))
  }

  private static func fileExtension(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? parts[parts.count - 1].lowercased() : ""
  }

  /// A name with its numbers left out, which files of one export share; names of hexadecimal digits are all alike.
  private static func shape(_ name: String) -> String {
    if name.count >= 8, name.allSatisfy(\.isHexDigit) { return "#" }
    var shape = ""
    for character in name.lowercased() {
      if !character.isNumber {
        shape.append(character)
      } else if shape.last != "#" {
        shape.append("#")
      }
    }
    return shape
  }

  /// Refuses a series beside which a damaged part of it may lie.
  static func check(_ series: [DICOMInstance], _ strays: [DICOMStray]) throws(Problem) {
    guard let first = series.first, !first.seriesUID.isEmpty else { return }
    guard let stray = strays.first(where: { $0.mayBelong(to: first) }) else { return }
    let found = stray.problem?.found ?? "it is not DICOM, or no longer"
    throw Problem(
      .data, stray.name,
      "\(found); it may be a part of the series of \(first.name)",
      expected: "a series whose files can all be read",
      remedy: "Copy it again; take it away only if it is of another series")
  }
}

extension DICOMInstance {
  /// Whether it is a scan that no series claims.
  var isOfNoSeries: Bool {
    if case .other = kind { return false }
    return seriesUID.isEmpty
  }
}
