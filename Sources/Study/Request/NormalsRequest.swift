package import Basics
import Foundation
package import ImageFiles
package import Imaging
import Perfusion

/// People whose perfusion is normal.
package struct NormalsRequest: Sendable {
  /// Images of their mean and SD, or none.
  package var normals: [String] = []
  /// How many people they come from.
  package var normalsCount: Int?
  /// A folder of normal people's images.
  package var normalsFolder: String?

  package init(normals: [String] = [], normalsCount: Int? = nil, normalsFolder: String? = nil) {
    self.normals = normals
    self.normalsCount = normalsCount
    self.normalsFolder = normalsFolder
  }

  /// Refuses what cannot be meant, before any file is read.
  package func check() throws(Problem) {
    guard normals.isEmpty || normalsFolder == nil else {
      throw Problem(
        .usage, "--normals", "normals are given twice", expected: "two images or a folder")
    }
    guard normals.isEmpty || normals.count == 2 else {
      throw Problem(
        .usage, "--normals", "there are \(normals.count) images",
        expected: "two: the mean and the SD")
    }
    if let normalsCount {
      guard !normals.isEmpty else {
        throw Problem(
          .usage, "--normals-count", "there is no mean it could belong to", expected: "--normals")
      }
      try Normals.require(normalsCount)
    }
  }

  /// The images, with what was read; each comes through the door of the person's study.
  package func load(
    person: ImageDescription, image: Volume, into study: inout LoadedStudy,
    inputs: inout [Provenance],
    isSimulated: inout Bool, progress: WorkProgress
  ) throws(Problem) -> NormalImages? {
    var volumes: [Volume] = []
    let count = try ValueMaking.people(normalsCount, option: "--normals-count", besides: normals)
    if let count { try Normals.require(count) }
    let paths = try normalsFolder.map(Self.images) ?? normals
    for (n, path) in paths.enumerated() {
      try progress.check()
      let (d, volume) = try study.read(
        path, as: normalsFolder == nil ? .referencePeople : .normals)
      guard !d.isSameImage(as: person) else {
        throw Problem(
          .usage, d.name, "it is the person's own image", expected: "normals that are other people")
      }
      let role = normalsFolder == nil ? ["normal mean", "normal SD"][n] : "normal"
      inputs.append(Provenance(role, d))
      isSimulated = isSimulated || d.isSimulated
      volumes.append(volume)
      progress.report("normals", Double(n + 1) / Double(paths.count))
    }
    if normalsFolder != nil {
      try requireDifferentPeople(
        zip(paths, volumes).map { (fileName($0), $1) }, person: (person.name, image))
      return .people(volumes)
    }
    guard volumes.count == 2 else { return nil }
    guard volumes[0].grid.matches(volumes[1].grid) else {
      throw Problem(
        .data, fileName(normals[1]), "its grid differs from that of \(fileName(normals[0]))",
        expected: "mean and SD on one grid")
    }
    study.tell(
      try checkMeanAndDeviation(
        volumes[0], volumes[1], names: (fileName(normals[0]), fileName(normals[1])),
        in: .perfusionBrain(from: volumes[0])), of: .referencePeople)
    return .meanAndDeviation(volumes[0], volumes[1], count: count)
  }

  /// The images of the folder, by name; none where it cannot be read, which reading them refuses.
  package var folderImages: [String] {
    normalsFolder.flatMap { try? Self.images($0) } ?? []
  }

  /// Images of a folder, by name.
  private static func images(_ folder: String) throws(Problem) -> [String] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
      throw Problem(
        .missingInput, fileName(folder), "it is no folder that can be read", expected: "a folder")
    }
    let images = names.filter {
      let lower = $0.lowercased()
      return !lower.hasPrefix(".") && (lower.hasSuffix(".nii") || lower.hasSuffix(".nii.gz"))
    }
    try Normals.require(images.count)
    return images.sorted().map { folder + "/" + $0 }
  }
}
