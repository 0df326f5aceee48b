package import Basics
package import ImageFiles
package import Imaging
package import Perfusion
package import Study
package import Viewer
package import Workflows

/// What the viewer's SPECT images are in per cent of: measured on their own voxels as the command
/// `perfusion` does it, so that the number does not depend on what else is loaded.
package struct SPECTReferences {
  /// As they are stored, in the order of the scene's.
  package var files: [(volume: Volume, description: ImageDescription)]
  /// What the images lie in.
  package var study: LoadedStudy
  package var normals: NormalsRequest

  package init(
    files: [(volume: Volume, description: ImageDescription)], study: LoadedStudy,
    normals: NormalsRequest
  ) {
    self.files = files
    self.study = study
    self.normals = normals
  }

  /// All of the scene's images in per cent of a reference.
  ///
  /// - Parameter text: a keyword or region as `perfusion --reference` takes it, or a mask file; nil takes what
  ///   that command takes without one.
  package func spects(
    of scene: Scene, reference text: String?, progress: WorkProgress
  ) throws(Problem) -> [NamedSPECT] {
    guard !scene.spects.isEmpty else {
      throw Problem(.usage, "reference", "there is no SPECT to refer to it", expected: "--spect")
    }
    var out = scene.spects
    for n in out.indices {
      out[n].measured = try measured(
        n, of: scene, out[n].stored, at: out[n].sceneFromFile,
        placement: out[n].measured.placement, reference: text, progress: progress)
      out[n].awaitsReference = false
    }
    return out
  }

  /// An image in the scene's world on its own voxels, with the space that it is in there.
  package func placed(_ n: Int, at place: Affine, of scene: Scene) -> SubtractionInput? {
    guard files.indices.contains(n) else { return nil }
    let (volume, d) = files[n]
    guard let grid = volume.grid.carried(by: place) else { return nil }
    let own = space(ofFileNamed: d.name, formCode: d.formCode, stated: study.stated)
    return SubtractionInput(
      volume: Volume(grid: grid, values: volume.values), fileName: d.name,
      space: place == .identity ? own : scene.space, path: d.path)
  }

  /// What the command `perfusion` would be asked of an image where it lies now.
  ///
  /// - Throws: an image in which no brain stands out.
  package func request(_ n: Int, at place: Affine, of scene: Scene) throws(Problem)
    -> PerfusionRequest?
  {
    guard let image = placed(n, at: place, of: scene) else { return nil }
    guard let brain = Mask.perfusionBrain(from: image.volume) else {
      throw Problem(
        .data, image.fileName, "no brain stands out in it", expected: "an image of a head")
    }
    return PerfusionRequest(
      image: image.volume, fileName: image.fileName, space: image.space, brain: brain,
      atlas: image.space == .mni152 ? scene.atlas : nil)
  }

  /// The normals that were given, nil without any; whether one of them is simulated comes with them.
  package func normalImages(
    for n: Int, progress: WorkProgress
  ) throws(Problem) -> (
    images: NormalImages, isSimulated: Bool, findings: [Finding], inputs: [Provenance]
  )? {
    try normals.check()
    guard !normals.normals.isEmpty || normals.normalsFolder != nil else { return nil }
    var inputs: [Provenance] = []
    var isSimulated = false
    var study = study
    study.making = ValueMaking(measure: perfusionMeasure)
    let images = try normals.load(
      person: files[n].description, image: files[n].volume, into: &study, inputs: &inputs,
      isSimulated: &isSimulated,
      progress: progress)
    let told = self.study.findings
    return images.map {
      ($0, isSimulated, study.findings.filter { !told.contains($0) }, inputs)
    }
  }

  /// One image where it lies now.
  package func measured(
    _ n: Int, of scene: Scene, _ onGrid: Volume, at place: Affine, placement: Placement,
    reference text: String?, progress: WorkProgress
  ) throws(Problem) -> MeasuredSPECT {
    let name = files[n].description.name
    if let text, text.contains("/") || text.contains(".nii") {
      return try measuredSPECT(
        onGrid, on: onGrid.grid, brain: Mask(grid: onGrid.grid, origin: "") { _ in true },
        reference: try maskFile(text, on: onGrid.grid), placement: placement, fileName: name)
    }
    guard var request = try? request(n, at: place, of: scene) else {
      // Nothing stands out in it: the brain that is shown is the best there is, and is named so.
      return try measuredSPECT(
        onGrid, on: onGrid.grid,
        brain: scene.mask ?? Mask(grid: onGrid.grid, origin: "") { _ in true }, reference: nil,
        placement: placement, fileName: name)
    }
    request.reference = text.map { PerfusionReference($0) }
    if request.reference == .cluster {
      request.normals = try normalImages(for: n, progress: progress)?.images
    }
    let report = try quantify(request, progress: progress)
    guard let mean = report.referenceMean else {
      throw Problem(
        .usage, "reference", "the mirrored place gives every voxel another one",
        expected: "a region; :asymmetry compares the sides")
    }
    return try measuredSPECT(
      onGrid, mean: mean, name: shortName(report.reference), placement: placement, fileName: name)
  }

  private func maskFile(_ path: String, on grid: Grid) throws(Problem) -> (mask: Mask, name: String)
  {
    var study = study
    let (d, volume) = try study.read(path, as: .referenceMask)
    return (try brainMask(volume, on: grid, fileName: d.name).mask, "mask \(d.name)")
  }

  /// The command's words in the room that a screen has.
  private func shortName(_ words: String) -> String {
    words.replacing("all regions of ", with: "").replacing("mask DERIVED", with: "own mask")
  }
}
