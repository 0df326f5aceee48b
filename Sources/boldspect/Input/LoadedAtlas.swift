import Foundation
import Imaging
import ImagingIO
import Workflows

/// Label maps with their tables, and the template files of Debian's mricron-data.
enum AtlasFiles {
  /// Where Debian's mricron-data puts its templates.
  static let templates = "/usr/share/mricron/templates/"

  /// Files of mricron-data that are in MNI space, known by name and checksum.
  static let known: [String: String] = [
    "aal.nii.gz": "b512dcd3f36b77f56be7a9a038134096e66314b7e8c31d25875b96bcf6991454",
    "ch2.nii.gz": "a009051127f64dc3dd554d5f5b589870ea72106d9642c21b4e7093e478cfc309",
    "ch2bet.nii.gz": "592a2d20abdf36eefcb540ca8958428040edffc1bc1a18ba1dcfbabac77c5dd1",
    "brodmann.nii.gz": "23ddedf2867c2bb857762a901b4f57f453139e41ffcdfc54a070fcaa3432d1f9",
    "HarvardOxford-cort-maxprob-thr0-1mm.nii.gz":
      "12f6298b07ec9a7cc70b9ad88f944aedef714fb46ca057a4fa4284c8e6d8f179",
  ]

  /// A label map from a file.
  static func load(_ path: String, space stated: Space?) throws(Problem) -> LabelMap {
    let (d, volume) = try readSingleVolume(path)
    let isKnown = known[d.name] == d.sha256
    try requireMNI(
      isKnown ? .mni152 : space(ofFileNamed: d.name, formCode: d.formCode, stated: stated),
      fileName: d.name, for: "an atlas")
    guard volume.values.allSatisfy({ !$0.isFinite || ($0 == $0.rounded() && abs($0) < 1e7) }) else {
      throw Problem(.data, d.name, "it holds numbers that are not whole", expected: "a label map")
    }
    let title =
      known[d.name] != nil
      ? String(d.name.prefix { $0 != "." }).uppercased()
      : String(d.name.prefix { $0 != "." && $0 != "_" })
    let atlas = LabelMap(
      grid: volume.grid, labels: volume.values.map { $0.isFinite ? Int32($0) : 0 },
      names: try table(beside: path), title: title)
    // Files known by checksum were checked when they became known.
    if !isKnown, let brain = try mniBrain() {
      try checkAtlas(atlas, brain: brain, fileName: d.name)
    }
    return atlas
  }

  /// The AAL atlas of mricron-data where it is installed.
  static func standard() throws(Problem) -> LabelMap? {
    let path = templates + "aal.nii.gz"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try load(path, space: nil)
  }

  /// The brain of the MNI family that label maps are checked against; nil without mricron-data.
  static func mniBrain() throws(Problem) -> Volume? {
    let path = templates + "ch2bet.nii.gz"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try readSingleVolume(path).volume
  }

  /// Names from a table beside the label map: `x.nii.txt`, `x.txt` or `x.tsv` for `x.nii.gz`; each
  /// line a number and a name.
  private static func table(beside path: String) throws(Problem) -> [Int32: String] {
    let plain = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    let stem = plain.hasSuffix(".nii") ? String(plain.dropLast(4)) : plain
    for candidate in [plain + ".txt", stem + ".txt", stem + ".tsv"]
    where FileManager.default.fileExists(atPath: candidate) {
      var names: [Int32: String] = [:]
      for line in try readTextFile(candidate).split(whereSeparator: \.isNewline) {
        let parts = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
        if parts.count >= 2, let n = Int32(parts[0]) { names[n] = visibleText(String(parts[1])) }
      }
      return names
    }
    return [:]
  }
}
