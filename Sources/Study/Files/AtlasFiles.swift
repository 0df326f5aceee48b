package import Basics
import Foundation
import ImageFiles
package import Imaging

/// Label maps with their tables, and the template files of Debian's mricron-data.
package enum AtlasFiles {
  /// Where Debian's mricron-data puts its templates.
  package static let templates = "/usr/share/mricron/templates/"

  /// Files of mricron-data that are in MNI space, known by name and checksum.
  package static let known: [String: String] = [
    "aal.nii.gz": "b512dcd3f36b77f56be7a9a038134096e66314b7e8c31d25875b96bcf6991454",
    "ch2.nii.gz": "a009051127f64dc3dd554d5f5b589870ea72106d9642c21b4e7093e478cfc309",
    "ch2bet.nii.gz": "592a2d20abdf36eefcb540ca8958428040edffc1bc1a18ba1dcfbabac77c5dd1",
    "brodmann.nii.gz": "23ddedf2867c2bb857762a901b4f57f453139e41ffcdfc54a070fcaa3432d1f9",
    "HarvardOxford-cort-maxprob-thr0-1mm.nii.gz":
      "12f6298b07ec9a7cc70b9ad88f944aedef714fb46ca057a4fa4284c8e6d8f179",
  ]

  /// A label map from a file.
  ///
  /// - Parameter names: of its labels, instead of a table beside it.
  package static func load(
    _ path: String, space stated: Space?, names: [Int32: String]? = nil
  ) throws(Problem) -> LabelMap {
    let (d, volume) = try readSingleVolume(path)
    let isKnown = known[d.name] == d.sha256
    try requireMNI(
      isKnown ? .mni152 : space(ofFileNamed: d.name, formCode: d.formCode, stated: stated),
      fileName: d.name, for: "an atlas")
    let title =
      known[d.name] != nil
      ? String(d.name.prefix { $0 != "." }).uppercased()
      : String(d.name.prefix { $0 != "." && $0 != "_" })
    let table = if let names { names } else { try table(beside: path) }
    let atlas = LabelMap(
      grid: volume.grid, labels: try wholeNumbers(volume, d.name),
      names: table, title: title)
    try checkNamedSides(atlas, fileName: d.name)
    // Files known by checksum were checked when they became known.
    if !isKnown, let brain = try mniBrain() {
      try checkAtlas(atlas, brain: brain, fileName: d.name)
    }
    return atlas
  }

  /// The labels of a volume; refused when it holds anything but whole numbers.
  package static func wholeNumbers(_ volume: Volume, _ name: String) throws(Problem) -> [Int32] {
    guard volume.values.allSatisfy({ !$0.isFinite || ($0 == $0.rounded() && abs($0) < 1e7) }) else {
      throw Problem(.data, name, "it holds numbers that are not whole", expected: "a label map")
    }
    return volume.values.map { $0.isFinite ? Int32($0) : 0 }
  }

  /// The AAL atlas of mricron-data where it is installed.
  package static func standard() throws(Problem) -> LabelMap? {
    let path = templates + "aal.nii.gz"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try load(path, space: nil)
  }

  /// The brain of the MNI family that label maps are checked against; nil without mricron-data.
  package static func mniBrain() throws(Problem) -> Volume? {
    let path = templates + "ch2bet.nii.gz"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try readSingleVolume(path).volume
  }

  /// Names from a table beside the label map: `x.nii.txt`, `x.txt` or `x.tsv` for `x.nii.gz`; each
  /// line a number and a name.
  package static func table(beside path: String) throws(Problem) -> [Int32: String] {
    let plain = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    let stem = plain.hasSuffix(".nii") ? String(plain.dropLast(4)) : plain
    for candidate in [plain + ".txt", stem + ".txt", stem + ".tsv"]
    where FileManager.default.fileExists(atPath: candidate) {
      return try labelNames(try readTextFile(candidate))
    }
    return [:]
  }

  /// Names from lines of a number and a name.
  package static func labelNames(_ text: String) throws(Problem) -> [Int32: String] {
    var names: [Int32: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(maxSplits: 1, whereSeparator: { $0 == "\t" || $0 == " " })
      guard parts.count == 2, let n = Int32(parts[0]) else { continue }
      // Tables of mricron have a second number behind the name.
      guard let name = parts[1].split(separator: "\t").first else { continue }
      let words = name.split(separator: " ")
      let isNumbered = words.count == 2 && Int(words[1]) != nil
      names[n] = visibleText(isNumbered ? String(words[0]) : String(name))
    }
    return names
  }
}
