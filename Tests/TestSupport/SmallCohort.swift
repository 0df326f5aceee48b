package import Foundation
import ImageFiles
import Imaging
import Phantoms

/// A study of a few made people after fMRIPrep, in a folder: each with a run of known coupling, its mask and
/// confounds, and a perfusion image.
package struct SmallCohort {
  package let study: String
  package static let frames = 150

  /// - Parameters:
  ///   - people: how many.
  ///   - broken: the number of the one whose run ends too early; nil for none.
  package init(_ folder: String, people: Int, broken: Int? = nil) throws {
    study = folder + "/study"
    try FileManager.default.createDirectory(atPath: study, withIntermediateDirectories: true)
    try #"{"Name": "made", "BIDSVersion": "1.10.0", "DatasetType": "derivative"}"#.write(
      toFile: study + "/dataset_description.json", atomically: true, encoding: .utf8)
    for n in 1...people { try add("sub-0\(n)", seed: UInt64(n), isBroken: n == broken) }
  }

  package static func bold(_ subject: String) -> String {
    "\(subject)/func/\(subject)_task-rest_space-MNI152NLin2009cAsym_desc-preproc_bold.nii"
  }

  package static func confounds(_ subject: String) -> String {
    "\(subject)/func/\(subject)_task-rest_desc-confounds_timeseries.tsv"
  }

  package func add(_ subject: String, seed: UInt64, isBroken: Bool = false) throws {
    for kind in ["func", "spect"] {
      try FileManager.default.createDirectory(
        atPath: "\(study)/\(subject)/\(kind)", withIntermediateDirectories: true)
    }
    let phantom = TargetPhantom(seed: seed, frames: Self.frames)
    let mask = phantom.run.mask
    let count = mask.count
    let path = study + "/" + Self.bold(subject)
    try ImageWriter.write(
      path,
      ImageWriter.Content(
        grid: mask.grid, formCode: 4, frameCount: Self.frames, repetitionTimeSeconds: 2, note: "t"),
      overwrite: false
    ) { t in
      let frame = phantom.run.samples.floats(t * count..<(t + 1) * count)
      var values = [Float](repeating: 0, count: mask.grid.count)
      for (place, offset) in mask.offsets.enumerated() { values[Int(offset)] = frame[place] }
      return values
    }
    let brain = path.replacing("desc-preproc_bold", with: "desc-brain_mask")
    let inside = Set(mask.offsets.map(Int.init))
    try ImageWriter.write(
      brain,
      Volume(grid: mask.grid, values: (0..<mask.grid.count).map { inside.contains($0) ? 1 : 0 }),
      formCode: 4, note: "t", overwrite: false)
    try table(phantom).write(
      toFile: study + "/" + Self.confounds(subject), atomically: true, encoding: .utf8)
    try spect(subject, seed)
    guard isBroken else { return }
    let bytes = try Data(contentsOf: URL(filePath: path))
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path))
  }

  private func table(_ phantom: TargetPhantom) -> String {
    var lines = [
      (phantom.motion.map(\.name) + ["framewise_displacement"]).joined(separator: "\t")
    ]
    for t in 0..<Self.frames {
      var cells = phantom.motion.map { "\($0.values[t])" }
      let moved = phantom.motion.enumerated().reduce(0.0) { sum, one in
        t == 0
          ? 0
          : sum + abs(one.element.values[t] - one.element.values[t - 1]) * (one.offset < 3 ? 1 : 50)
      }
      cells.append(t == 0 ? "n/a" : "\(moved)")
      lines.append(cells.joined(separator: "\t"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// An ellipsoid that is a little brighter on one side, another one for every person.
  private func spect(_ subject: String, _ seed: UInt64) throws {
    let grid = Small.grid(27, 33, 27, spacing: (6, 6, 6), origin: WorldPoint(-78, -114, -66))
    let lean = 0.02 * Double(Int(seed % 7) - 3)
    let values = (0..<grid.count).map { offset -> Float in
      let w = grid.world(at: offset)
      let (x, y, z) = (w.x / 66, (w.y + 18) / 84, (w.z - 8) / 62)
      guard x * x + y * y + z * z < 1 else { return 0 }
      return Float(100 + 10 * y - 6 * z + 100 * lean * x + 3 * Double((offset * Int(seed)) % 5))
    }
    try ImageWriter.write(
      "\(study)/\(subject)/spect/\(subject)_space-MNI152NLin2009cAsym_spect.nii",
      Volume(grid: grid, values: values), formCode: 4, note: "t", overwrite: false)
  }
}

/// Every file of a folder with its bytes, by the path from there; what begins with a dot is left out.
package func contents(of folder: String) throws -> [String: Data] {
  var out: [String: Data] = [:]
  let all = FileManager.default.enumerator(atPath: folder)
  while let path = all?.nextObject() as? String {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
    if isFolder.boolValue || path.split(separator: "/").first?.hasPrefix(".boldspect") == true {
      if !path.hasSuffix(".tmp") { continue }
    }
    out[path] = try Data(contentsOf: URL(filePath: folder + "/" + path))
  }
  return out
}
