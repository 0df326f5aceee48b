package import Basics
import ImageFiles
package import Imaging

extension LoadedStudy {
  /// Reads a label map in the space that the first file is in, or brings it there by a transform that was given.
  package mutating func readAtlas(
    _ path: String, as role: Role, names: [Int32: String]? = nil
  ) throws(Problem) -> LabelMap {
    let what = role == .networks ? "a map of networks" : "an atlas"
    if let carried = try readCarriedAtlas(path, as: role, what, names: names) { return carried }
    if let first, first.space != .mni152 {
      return try readNativeAtlas(path, as: role, over: first, what, names: names)
    }
    let found = try AtlasFiles.read(path, space: stated, names: names)
    try admit(found.description, path, as: role)
    tell(found.findings, of: role)
    return found.atlas
  }

  /// The standard atlas where the first file lies, brought to a native run by its warp; nil without either.
  package mutating func standardAtlas() throws(Problem) -> LabelMap? {
    guard let first else { return nil }
    if first.space == .mni152 { return try AtlasFiles.standard() }
    guard let bent = bentToMNI(first), let atlas = try AtlasFiles.standard() else { return nil }
    return bring(atlas, by: bent, to: first, name: atlas.title)
  }

  /// Whether an atlas comes to a native run by its warp.
  package var canBringAtlas: Bool { first.flatMap(bentToMNI) != nil }

  /// The warp from a native image to MNI space that was given for it.
  private func bentToMNI(_ file: StudyFile) -> GivenTransforms.Bent? {
    guard file.space == .native, file.laterality == .known,
      let bent = transforms.bent(ofImage: file.sha256, file.space),
      bent.warp.fixed.space == .mni152
    else { return nil }
    return bent
  }

  /// A label map that a transform brings where the first file lies; nil where none has to.
  private mutating func readCarriedAtlas(
    _ path: String, as role: Role, _ what: String, names: [Int32: String]?
  ) throws(Problem) -> LabelMap? {
    guard let first, !transforms.isEmpty else { return nil }
    if let bent = bentToMNI(first) {
      let header = try ImageReader.describe(path)
      guard Study.space(ofFileNamed: header.name, formCode: header.formCode, stated: nil) == .mni152
      else { return nil }
      let found = try AtlasFiles.read(path, space: nil, names: names)
      try admit(found.description, path, as: role)
      tell(found.findings, of: role)
      return bring(found.atlas, by: bent, to: first, name: found.description.name)
    }
    let identified = try ImageReader.identify(path)
    let own = transforms.way(
      ofImage: identified.sha256, transformEnd(identified, stated: stated).space)
    if own == nil, !rides(identified, with: first) { return nil }
    return try carryAtlas(path, as: role, by: own, with: first, what, names: names)
  }

  /// Labels on the voxels of a native run: the run stays as it is.
  private mutating func bring(
    _ atlas: LabelMap, by bent: GivenTransforms.Bent, to file: StudyFile, name: String
  ) -> LabelMap {
    usedForAtlas.formUnion(bent.inputs.map(\.sha256))
    let isAccepted = bent.warp.isAccepted == true
    let finding = Finding(
      "atlas-brought", isAccepted ? .note : .warning,
      "\(bent.warp.warning.map { $0 + ". " } ?? "")Brought to the voxels of \(file.name) by \(bent.file) (nearest)."
    ).of(name)
    if !isAccepted, !findings.contains(finding) { complain(finding.text) }
    tell([finding], of: .atlas)
    return bent.warp.broughtBack(atlas, onto: file.grid)
  }

  /// Whether a label map lies on the very voxels that the first file had before it was carried, and says that it is
  /// native.
  private func rides(_ d: ImageDescription, with first: StudyFile) -> Bool {
    guard first.storedSpace == .native, !first.carriedBy.isEmpty, d.laterality == .known,
      first.laterality == .known
    else { return false }
    let isNative = Study.space(ofFileNamed: d.name, formCode: d.formCode, stated: stated) == .native
    let says =
      stated == .native || otherSpace(ofFileNamed: d.name) != nil || [1, 2].contains(d.formCode)
    return isNative && says && d.grid.matches(first.storedGrid)
  }

  /// A label map by its own transform, or by that of the run that it lies on.
  private mutating func carryAtlas(
    _ path: String, as role: Role, by own: GivenTransforms.Link?, with first: StudyFile,
    _ what: String, names: [Int32: String]?
  ) throws(Problem) -> LabelMap {
    var (d, volume) = try readSingleVolume(path)
    try requireKnownSides(d, for: what)
    let (labels, _) = try AtlasFiles.wholeNumbers(volume, d.name)
    let stored = (transformEnd(d, stated: stated).space, d.grid)
    switch own ?? transforms.way(ofImage: first.sha256, first.storedSpace) {
    case .matrix(let way)?:
      try d.carry(by: way.transform)
      volume = Volume(grid: d.grid, values: volume.values)
      try admit(d, path, as: role, carriedBy: way)
    case .bent(let bent)?:
      try requireRoom(for: bent)
      // A label between two others would be a third.
      volume = bent.warp.carried(
        Volume(grid: volume.grid, values: labels.map(Float.init)), .nearest)
      d.carry(onto: bent.warp)
      try admit(d, path, as: role, carriedBy: bent)
    case nil: throw notInMNI(fileName: d.name, for: what)
    }
    setStored(stored.0, stored.1)
    let outside = Volume(
      grid: volume.grid, values: volume.values.map { $0.isFinite ? $0 : 0 })
    let found = try AtlasFiles.labelled(d, outside, path, names: names)
    try checkNamedSides(found.atlas, fileName: d.name, isNative: true)
    tell(found.findings, of: role)
    tell(
      [
        Finding(
          "atlas-carried", .note, "it lies here by \(files.last?.alignment.words ?? "a transform")"
        ).of(d.name)
      ], of: role)
    return found.atlas
  }

  /// A label map of the person's own: on the grid of the native image that it is laid over, and saying itself
  /// that it lies in the person's space.
  private mutating func readNativeAtlas(
    _ path: String, as role: Role, over first: StudyFile, _ what: String, names: [Int32: String]?
  ) throws(Problem) -> LabelMap {
    let (d, volume) = try readSingleVolume(path)
    let file = StudyFile(d, path: path, as: role, stated: stated)
    guard first.space == .native, first.laterality == .known, file.laterality == .known,
      file.space == .native, volume.grid.matches(first.grid),
      stated == .native || otherSpace(ofFileNamed: d.name) != nil || [1, 2].contains(d.formCode)
    else { throw notInMNI(fileName: first.name, for: what) }
    let found = try AtlasFiles.labelled(d, volume, path, names: names)
    try checkNamedSides(found.atlas, fileName: d.name, isNative: true)
    try admit(d, path, as: role)
    tell(found.findings, of: role)
    tell(
      [
        Finding(
          "native-atlas", .note,
          "it lies on the grid of \(first.name), in the person's own space; nothing checks it against a template"
        ).of(d.name)
      ], of: role)
    return found.atlas
  }
}
