import Basics
import ImageFiles
import Imaging
import Perfusion
import Study
import Viewer
import Workflows

extension SceneLoader {
  /// The first image that is no run decides on grid, space and sides when there is no run.
  private mutating func adopt(
    _ d: ImageDescription, _ volume: Volume
  ) throws(Problem) {
    guard main == nil, let file = study.files.last else { return }
    main = d
    scene.title = d.name
    scene.isSimulated = d.isSimulated
    scene.isSyntheticPerson = d.isSyntheticPerson
    scene.grid = d.grid
    scene.space = file.space
    scene.template = file.space == .mni152 ? file.template : nil
    scene.imageSHA256 = d.sha256
    scene.imageOrigin = d.origin
    scene.person = personNamed(by: d.path, listed: options.listed)
    scene.laterality = d.laterality
    if let path = options.run.mask {
      let (m, given) = try study.read(path, as: .mask)
      let found = try brainMask(given, on: d.grid, fileName: m.name)
      scene.mask = found.mask
      scene.findings += found.findings
    } else {
      scene.mask = Mask.derived(from: volume)
    }
    scene.sideRule = sideRule(scene.space, scene.laterality, scene.mask)
  }

  mutating func loadAnatomy() {
    guard let path = options.anat else { return }
    attempt { (loader) throws(Problem) in
      let (d, volume) = try loader.study.read(path, as: .anatomy)
      try loader.adopt(d, volume)
      if d.laterality == .known {
        // It is laid over the run by millimetres: its world is the scene's.
        var end = transformEnd(d, stated: loader.study.stated)
        end.space = loader.scene.space
        loader.anatomy = Anatomy(volume: volume, end: end, fileName: visibleText(d.name))
      }
      loader.scene.findings += d.findings
      loader.scene.isSimulated = loader.scene.isSimulated || d.isSimulated
      loader.scene.underlays.insert(NamedVolume(name: shownName(d), volume: volume), at: 0)
    }
  }

  mutating func loadSPECT() {
    for path in options.spect {
      attempt { (loader) throws(Problem) in
        let found = try loader.study.readCarried(path, as: .spect)
        loader.transforms = loader.study.transforms
        let (d, volume, way) = (found.description, found.volume, found.transform)
        try loader.adopt(d, volume)
        loader.scene.findings += d.findings
        guard let grid = loader.scene.grid else { return }
        let brain = loader.scene.mask ?? Mask(grid: grid, origin: "whole image") { _ in true }
        let onGrid = volume.grid.matches(grid) ? volume : volume.resampled(to: grid, .linear)
        if let cut = cutFinding(volume, name: d.name, by: grid) {
          loader.study.findings.append(cut)
        }
        let measured = try measuredSPECT(
          onGrid, on: grid, brain: brain, reference: nil,
          placement: way.map { .registered(by: $0.maker, isAccepted: $0.isAccepted) }
            ?? loader.placementAsStored(),
          fileName: d.name)
        var spect = NamedSPECT(
          name: d.name, measured: measured, stored: onGrid, isSimulated: d.isSimulated,
          sceneFromFile: way?.fixedFromMoving ?? .identity)
        spect.isSyntheticPerson = d.isSyntheticPerson
        spect.role = agreedRole(ofFileAt: path)
        spect.awaitsReference = true
        loader.scene.spects.append(spect)
        loader.spectFiles.append(
          (Volume(grid: found.stored.grid, values: volume.values), found.stored))
        if loader.scene.underlays.isEmpty {
          loader.scene.underlays = [NamedVolume(name: d.name, volume: volume)]
        }
      }
    }
  }

  /// How the file that was read last lies where no transform carried it.
  private func placementAsStored() -> Placement {
    guard let file = study.files.last,
      study.files.contains(where: { $0.sha256 != file.sha256 && $0.role.isOfPerson })
    else { return .alone }
    return file.space == .mni152 && file.alignment == .sameWorld ? .sameTemplate : .asStored
  }

  /// What the SPECT images can be in per cent of.
  package func references() -> SPECTReferences {
    SPECTReferences(files: spectFiles, study: study, normals: options.normals)
  }

  mutating func loadOverlays() {
    for path in options.overlay {
      attempt { (loader) throws(Problem) in
        let (d, volume) = try loader.study.read(path, as: .overlay)
        try loader.adopt(d, volume)
        loader.scene.findings += d.findings
        loader.scene.isSimulated = loader.scene.isSimulated || d.isSimulated
        loader.scene.overlays.append(NamedVolume(name: shownName(d), volume: volume))
      }
    }
  }

  mutating func loadAtlas() {
    attempt { (loader) throws(Problem) in
      if let path = loader.options.network.atlas {
        loader.scene.atlas = try loader.study.readAtlas(path, as: .atlas)
      } else if loader.scene.space == .mni152, loader.scene.laterality == .known {
        loader.scene.atlas = try AtlasFiles.standard()
      }
    }
  }

  /// z of each measured SPECT against normals.
  mutating func compareWithNormals(_ progress: WorkProgress) {
    attempt { (loader) throws(Problem) in
      let references = loader.references()
      guard !loader.scene.spects.isEmpty else {
        try loader.options.normals.check()
        guard loader.options.normals.normals.isEmpty, loader.options.normals.normalsFolder == nil
        else {
          throw Problem(.usage, "--normals", "there is no SPECT to compare", expected: "--spect")
        }
        return
      }
      for n in loader.scene.spects.indices {
        guard let normals = try references.normalImages(for: n, progress: progress),
          var request = try references.request(
            n, at: loader.scene.spects[n].sceneFromFile, of: loader.scene)
        else { continue }
        try requireMNI(request.space, fileName: request.fileName, for: "the space of normals")
        request.normals = normals.images
        let told = loader.study.findings
        loader.study.findings += normals.findings.filter { !told.contains($0) }
        let report = try quantify(request, progress: progress)
        loader.scene.spects[n].z = report.z
        loader.scene.spects[n].normalsCount = report.normals?.count
        if let warning = report.normals.flatMap({ Normals.warning(count: $0.count) }) {
          let finding = Finding("normals-few", .warning, warning)
          if !loader.study.findings.contains(finding) { loader.study.findings.append(finding) }
        }
      }
    }
  }
}

/// A file's name, with the word before it when it is no measurement.
private func shownName(_ d: ImageDescription) -> String {
  (d.isSyntheticPerson ? "SYNTHETIC " : d.isSimulated ? "SIMULATED " : "") + d.name
}
