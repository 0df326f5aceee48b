import Basics
import Imaging

/// The attributes of an AFNI `.HEAD` file: a text of records with type, name, count and values.
///
/// Free text (notes, history, names) is read over and not kept.
struct AFNIAttributes {
  private var numbers: [String: [Double]] = [:]
  private var texts: [String: String] = [:]
  private let name: String

  /// Text attributes that say what the image is; all others may name a person.
  private static let wantedTexts = ["BYTEORDER_STRING", "TEMPLATE_SPACE", "TYPESTRING"]

  init(_ bytes: [UInt8], name: String) throws(Problem) {
    self.name = name
    var at = 0
    var count = 0
    while let record = try Self.record(bytes, &at, name) {
      count += 1
      guard count <= 10_000 else {
        throw Problem(.data, name, "it has more than 10000 attributes", expected: "an AFNI header")
      }
      switch record.value {
      case .numbers(let values): numbers[record.name] = values
      case .text(let text): if Self.wantedTexts.contains(record.name) { texts[record.name] = text }
      }
    }
    guard count > 0 else {
      throw Problem(.data, name, "it holds no attributes", expected: "an AFNI header")
    }
  }

  func text(_ key: String) -> String? { texts[key] }

  /// The first `least` or more numbers of an attribute; nil where there is none.
  func optional(_ key: String, least: Int) throws(Problem) -> [Double]? {
    guard let values = numbers[key] else { return nil }
    guard values.count >= least, values.prefix(least).allSatisfy(\.isFinite) else {
      throw Problem(
        .data, name, "its \(key) has \(values.count) numbers", expected: "\(least) that are finite")
    }
    return values
  }

  func required(_ key: String, least: Int) throws(Problem) -> [Double] {
    guard let values = try optional(key, least: least) else {
      throw Problem(.data, name, "it states no \(key)", expected: "a complete AFNI header")
    }
    return values
  }

  private enum Value {
    case numbers([Double])
    case text(String)
  }

  /// The record that begins at or behind a place; nil at the end.
  private static func record(
    _ bytes: [UInt8], _ at: inout Int, _ name: String
  ) throws(Problem) -> (name: String, value: Value)? {
    guard let type = try field("type", bytes, &at, name) else { return nil }
    guard let key = try field("name", bytes, &at, name),
      let words = try field("count", bytes, &at, name), let count = Int(words), count >= 0,
      count <= bytes.count
    else {
      throw Problem(
        .data, name, "an attribute of it is incomplete", expected: "type, name, count and values")
    }
    if type == "string-attribute" {
      while at < bytes.count, bytes[at] != UInt8(ascii: "'") { at += 1 }
      at += 1
      guard at + count <= bytes.count else { throw ends(key, name) }
      let text = bytes[at..<at + count].prefix { $0 != UInt8(ascii: "~") && $0 != 0 }
      at += count
      return (key, .text(String(decoding: text, as: UTF8.self)))
    }
    var values: [Double] = []
    while values.count < count {
      guard let word = word(bytes, &at) else { throw ends(key, name) }
      guard let value = Double(word) else {
        throw Problem(
          .data, name, "its \(known(key)) holds something that is no number", expected: "numbers")
      }
      values.append(value)
    }
    return (key, .numbers(values))
  }

  private static func ends(_ key: String, _ name: String) -> Problem {
    Problem(.data, name, "it ends inside its \(known(key))", expected: "a complete file")
  }

  /// The name of an attribute as AFNI writes them; of anything else nothing is repeated, it may name a person.
  private static func known(_ key: String) -> String {
    let isPlain = key.utf8.allSatisfy {
      (65...90).contains($0) || (48...57).contains($0) || $0 == 95
    }
    let isWanted =
      wantedTexts.contains(key)
      || [
        "DATASET_RANK", "DATASET_DIMENSIONS", "ORIENT_SPECIFIC", "ORIGIN", "DELTA", "BRICK_TYPES",
        "BRICK_FLOAT_FACS", "SCENE_DATA", "TAXIS_NUMS", "TAXIS_FLOATS", "IJK_TO_DICOM_REAL",
      ].contains(key)
    return isPlain && isWanted ? key : "attributes"
  }

  /// What stands behind `label =`; nil at the end of the text.
  private static func field(
    _ label: String, _ bytes: [UInt8], _ at: inout Int, _ name: String
  ) throws(Problem) -> String? {
    guard let found = word(bytes, &at) else { return nil }
    var text = found
    // The equals sign may touch either word.
    while !text.contains("=") || text.hasSuffix("=") {
      guard let more = word(bytes, &at) else { break }
      text += more
    }
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, parts[0] == label else {
      throw Problem(
        .data, name, "something else stands at byte \(at) where \(label) was to come",
        expected: "an AFNI header")
    }
    return String(parts[1])
  }

  private static func word(_ bytes: [UInt8], _ at: inout Int) -> String? {
    while at < bytes.count, bytes[at] <= 32 { at += 1 }
    guard at < bytes.count else { return nil }
    let start = at
    while at < bytes.count, bytes[at] > 32 { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }
}

/// What an AFNI header comes to.
struct AFNIGeometry {
  let shape: [Int]
  let matrix: Affine
  let formCode: Int
  let laterality: Laterality
  let repetitionTimeSeconds: Double?
  let isTimeSeries: Bool
  let findings: [Finding]

  init(_ a: AFNIAttributes, _ name: String) throws(Problem) {
    var findings: [Finding] = []
    let rank = try a.required("DATASET_RANK", least: 2)
    let size = try a.required("DATASET_DIMENSIONS", least: 3)
    let whole = Array(size.prefix(3)) + [rank[1]]
    guard whole.allSatisfy({ $0 == $0.rounded() && $0 >= 1 && $0 < 1e9 }) else {
      throw Problem(.data, name, "its DATASET_DIMENSIONS are no sizes", expected: "whole numbers")
    }
    shape = whole.map { Int($0) }
    let plumb = try Self.cardinal(a, name)
    var laterality = Laterality.known
    if let real = try a.optional("IJK_TO_DICOM_REAL", least: 12) {
      matrix = Self.ras((0..<3).map { Array(real[4 * $0..<4 * $0 + 4]) })
      if let plumb, (plumb.determinant < 0) != (matrix.determinant < 0) {
        laterality = .unknown
        findings.append(
          Finding(
            "forms-mirror", .blocking,
            "IJK_TO_DICOM_REAL and ORIENT_SPECIFIC disagree about left and right; no side can be trusted."
          ))
      }
      if let plumb, let differs = Self.sizesDiffer(matrix, plumb) { findings.append(differs) }
    } else if let plumb {
      matrix = plumb
    } else {
      throw Problem(
        .data, name, "it states neither IJK_TO_DICOM_REAL nor ORIENT_SPECIFIC, ORIGIN and DELTA",
        expected: "a geometry")
    }
    self.laterality = laterality
    formCode = try Self.formCode(a)
    (isTimeSeries, repetitionTimeSeconds) = try Self.time(a, frames: shape[3], &findings)
    self.findings = findings
  }

  private static func sizesDiffer(_ a: Affine, _ b: Affine) -> Finding? {
    let (x, y) = (a.columnNorms, b.columnNorms)
    let pairs = [(x.0, y.0), (x.1, y.1), (x.2, y.2)]
    guard pairs.contains(where: { abs($0.0 - $0.1) > 0.01 * $0.0 }) else { return nil }
    func words(_ v: [Double]) -> String { v.map { fixed($0, 3) }.joined(separator: " × ") }
    return Finding(
      "spacing-differs", .warning,
      "DELTA says \(words(pairs.map(\.1))) mm, IJK_TO_DICOM_REAL \(words(pairs.map(\.0))) mm; the latter is used."
    )
  }

  /// DICOM's axes (x to the left, y to the back) turned to RAS+.
  private static func ras(_ rows: [[Double]]) -> Affine {
    Affine(rows: [rows[0].map { -$0 }, rows[1].map { -$0 }, rows[2]])
  }

  /// The matrix along the head's axes that the three older attributes give; nil unless all are there.
  ///
  /// The codes of ORIENT_SPECIFIC (AFNI's README.attributes): 0 R-to-L, 1 L-to-R, 2 P-to-A, 3 A-to-P, 4 I-to-S,
  /// 5 S-to-I; DELTA has the sign that its direction has on DICOM's axes.
  private static func cardinal(_ a: AFNIAttributes, _ name: String) throws(Problem) -> Affine? {
    guard let orient = try a.optional("ORIENT_SPECIFIC", least: 3),
      let origin = try a.optional("ORIGIN", least: 3), let delta = try a.optional("DELTA", least: 3)
    else { return nil }
    var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for axis in 0..<3 {
      guard (0...5).contains(orient[axis]), orient[axis] == orient[axis].rounded() else {
        throw Problem(
          .data, name, "its ORIENT_SPECIFIC says \(plainNumber(orient[axis]))", expected: "0 to 5")
      }
      let code = Int(orient[axis])
      guard (delta[axis] > 0) == [0, 3, 4].contains(code), delta[axis] != 0 else {
        throw Problem(
          .data, name, "the sign of its DELTA and its ORIENT_SPECIFIC say different directions",
          expected: "two that agree", remedy: "Look at it with `3dinfo -orient`, and write it anew")
      }
      rows[code / 2][axis] = delta[axis]
      rows[code / 2][3] = origin[axis]
    }
    return ras(rows)
  }

  /// In NIfTI's codes: what SCENE_DATA and TEMPLATE_SPACE say of the world.
  private static func formCode(_ a: AFNIAttributes) throws(Problem) -> Int {
    let view = try a.optional("SCENE_DATA", least: 1)?[0] ?? 0
    if view == 1 { return 2 }
    guard view == 2 else { return 1 }
    let space = (a.text("TEMPLATE_SPACE") ?? "TLRC").uppercased()
    // MNI_ANAT is shifted against MNI: another space.
    if space == "MNI" || space.hasPrefix("MNI152") { return 4 }
    return space == "TLRC" || space.hasPrefix("TT") ? 3 : 5
  }

  /// Whether the sub-bricks are moments, and the time from one to the next.
  private static func time(
    _ a: AFNIAttributes, frames: Int, _ findings: inout [Finding]
  ) throws(Problem) -> (isSeries: Bool, Double?) {
    guard frames > 1 else { return (false, nil) }
    guard let numbers = try a.optional("TAXIS_NUMS", least: 3),
      let floats = try a.optional("TAXIS_FLOATS", least: 2)
    else {
      findings.append(
        Finding(
          "afni-bucket", .warning, "Its \(frames) sub-bricks are not said to be moments in time."))
      return (false, nil)
    }
    let unit = numbers[2] == 77001 ? 1e-3 : numbers[2] == 77002 ? 1 : nil
    return (
      true, ImageHeader.plausibleTime(unit.map { $0 * floats[1] }, frames: frames, &findings)
    )
  }
}
