package import Basics
import Foundation
package import ImageFiles
package import Imaging
import Synchronization

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
    try read(path, space: stated, names: names).atlas
  }

  /// The same with what the file says of itself.
  package static func read(
    _ path: String, space stated: Space?, names: [Int32: String]? = nil
  ) throws(Problem) -> (description: ImageDescription, atlas: LabelMap, findings: [Finding]) {
    let (d, volume) = try readSingleVolume(path)
    let isKnown = known[d.name] == d.sha256
    try requireMNI(
      isKnown ? .mni152 : space(ofFileNamed: d.name, formCode: d.formCode, stated: stated),
      fileName: d.name, for: "an atlas")
    let (atlas, findings) = try labelled(d, volume, path, names: names)
    try checkNamedSides(atlas, fileName: d.name)
    // Files known by checksum were checked when they became known.
    if !isKnown, let brain = try mniBrain() {
      try checkAtlas(atlas, brain: brain, fileName: d.name)
    }
    return (d, atlas, findings)
  }

  /// Labels and their names, whatever space they are in.
  static func labelled(
    _ d: ImageDescription, _ volume: Volume, _ path: String, names: [Int32: String]?
  ) throws(Problem) -> (atlas: LabelMap, findings: [Finding]) {
    let title =
      known[d.name] != nil
      ? String(d.name.prefix { $0 != "." }).uppercased()
      : String(d.name.prefix { $0 != "." && $0 != "_" })
    let table = if let names { names } else { try table(beside: path) }
    let (labels, findings) = try wholeNumbers(volume, d.name)
    try requireDistinct(table, of: labels, d.name)
    return (
      LabelMap(grid: volume.grid, labels: labels, names: table, title: title),
      d.findings + findings
    )
  }

  /// Two labels of one name would be one region, whose numbers are neither's.
  private static func requireDistinct(
    _ names: [Int32: String], of labels: [Int32], _ fileName: String
  ) throws(Problem) {
    let here = Set(labels)
    let named = Dictionary(grouping: names.keys.filter(here.contains).sorted()) { names[$0] ?? "" }
    guard let twice = named.filter({ $0.value.count > 1 }).min(by: { $0.value[0] < $1.value[0] })
    else { return }
    throw Problem(
      .data, fileName,
      "labels \(twice.value.prefix(3).map(String.init).joined(separator: " and ")) are both named "
        + visibleText(twice.key, limit: 60),
      expected: "a name for each label", remedy: "Correct the table of names")
  }

  /// The largest label: whole numbers beyond it are not told apart in single precision.
  private static let largestLabel: Float = 16_777_215
  /// How far from a whole number scaling and resaving put a label; half a hundredth of the way to the next.
  private static let labelTolerance: Float = 0.005

  /// The labels of a volume: whole numbers, or so near to them that only arithmetic can lie between, which is
  /// said.
  package static func wholeNumbers(
    _ volume: Volume, _ name: String
  ) throws(Problem) -> (labels: [Int32], findings: [Finding]) {
    if let what = volume.unlikeLabels {
      throw Problem(
        .data, name, "it is given as a label map and looks like \(what)", expected: "a label map")
    }
    var inexact = 0
    var labels = [Int32](repeating: 0, count: volume.values.count)
    for (n, value) in volume.values.enumerated() where value != 0 && value.isFinite {
      // Nearly always what is stored is a label: a library's rounding of each would take most of the time.
      if abs(value) <= largestLabel, Float(Int32(value)) == value {
        labels[n] = Int32(value)
        continue
      }
      let whole = value.rounded()
      guard abs(whole) <= largestLabel else {
        throw Problem(
          .data, name, "it holds the label \(plainNumber(Double(whole), 0))",
          expected: "labels up to \(plainNumber(Double(largestLabel), 0)), which are told apart")
      }
      guard abs(value - whole) <= labelTolerance else {
        throw Problem(
          .data, name, "it holds numbers that are not whole, such as \(value)",
          expected: "a label map")
      }
      inexact += 1
      labels[n] = Int32(whole)
    }
    guard inexact > 0 else { return (labels, []) }
    return (
      labels,
      [
        Finding(
          "labels-rounded", .warning,
          "\(inexact) of its labels are near a whole number and none; they were rounded."
        ).of(name)
      ]
    )
  }

  /// The AAL atlas of mricron-data where it is installed; read once.
  package static func standard() throws(Problem) -> LabelMap? {
    try keptStandard.withLock { (kept: inout LabelMap?) throws(Problem) -> LabelMap? in
      if let kept { return kept }
      let path = templates + "aal.nii.gz"
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      let atlas = try load(path, space: nil)
      kept = atlas
      return atlas
    }
  }

  /// Regions, targets and percent of a reference all need it, and it takes longer than a picture.
  private static let keptStandard = Mutex<LabelMap?>(nil)

  /// The brain of the MNI family that label maps are checked against; nil without mricron-data.
  package static func mniBrain() throws(Problem) -> Volume? {
    let path = templates + "ch2bet.nii.gz"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try readSingleVolume(path).volume
  }

  /// Names from a table beside the label map: `x.nii.txt`, `x.txt`, `x.tsv`, `x.label` (ITK-SNAP), `x.ctab`,
  /// `x_LUT.txt` or `x.lut` (FreeSurfer) for `x.nii.gz`.
  package static func table(beside path: String) throws(Problem) -> [Int32: String] {
    let lower = path.lowercased()
    let plain = lower.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    let stem = plain.lowercased().hasSuffix(".nii") ? String(plain.dropLast(4)) : plain
    let tables =
      [plain + ".txt"]
      + [".txt", ".tsv", ".label", ".ctab", "_LUT.txt", ".lut"].map { stem + $0 }
    for candidate in tables where FileManager.default.fileExists(atPath: candidate) {
      return try labelNames(try readTextFile(candidate))
    }
    return [:]
  }

  /// Names from lines of a number and a name, and from the tables of FreeSurfer, ITK-SNAP and BIDS.
  package static func labelNames(_ text: String) throws(Problem) -> [Int32: String] {
    LabelTable(text).names
  }
}
