package import Basics
package import Connectivity
import ImageFiles
package import Imaging
package import Records
package import Study
package import Workflows

/// One map of activity or synchrony, as it is asked for.
package struct MeasureRequest {
  private let measure: ActivityMeasure
  private let band: ClosedRange<Double>
  private let neighbourhood: Neighbourhood
  private let scale: MapScale
  private let greyMatter: String?
  private let reference: ReferenceMaps

  package init(
    measure: ActivityMeasure, band: ClosedRange<Double>, neighbourhood: Neighbourhood,
    scale: MapScale, greyMatter: String?, reference: ReferenceMaps
  ) {
    self.measure = measure
    self.band = band
    self.neighbourhood = neighbourhood
    self.scale = scale
    self.greyMatter = greyMatter
    self.reference = reference
  }

  /// Makes and writes the map.
  package func write(
    _ runs: inout CleanedRuns, to target: ImageOutput, progress: WorkProgress
  ) throws(Problem) -> Derived {
    let prepared = runs.prepared[0]
    var inputs = runs.inputs
    let map = try activityMap(
      measure, of: prepared, bandHertz: band, neighbourhood: neighbourhood, progress: progress)
    var findings = runs.findings
    let grey = try greyMatter.map { (path) throws(Problem) in
      try Workflows.greyMatter(path, of: &runs, inputs: &inputs, findings: &findings)
    }
    try requireData(map.values, prepared.run, &findings)
    let cleaning = denoisingJSON(
      measure == .reho ? prepared.denoising : prepared.denoising.withoutBand)
    runs.study.making = ValueMaking(
      measure: measure.words(scale, bandHertz: band, neighbourhood: neighbourhood),
      cleaning: cleaning)
    let (values, basis) = try reference.scaled(
      map.values, by: scale, greyMatter: grey, of: &runs, inputs: &inputs)
    findings += runs.findings.filter { !findings.contains($0) }
    let width = prepared.denoising.smoothingFWHM
    let volume = prepared.run.mask.volume(values)
    let derived = Derived(
      command: "measures", inputs: inputs, space: runs.space,
      parameters: [
        ("measure", .string(measure.rawValue)), ("definition", .string(map.definition)),
        ("scale", .string(basis)), ("mean_of_mask", .number(map.meanOfMask)),
        ("voxels_with_data", .int(map.values.count { $0.isFinite })),
        ("repetition_time_s", .meant(prepared.run.repetitionTimeSeconds)),
      ] + cleaning, findings: findings, isSimulated: runs.isSimulated,
      meaning: .estimate(measure.rawValue))
    try derived.write(
      width > 0 ? volume.smoothed(fwhm: width) : volume,
      formCode: runs.first.description.formCode, to: target)
    return derived
  }
}

/// The amplitude spectrum of one voxel.
package struct SpectrumPage {
  package let answer: CommandAnswer
  package let text: String

  package init(of runs: CleanedRuns, at point: WorldPoint) throws(Problem) {
    let prepared = runs.prepared[0]
    let run = prepared.run
    guard let v = run.grid.nearestVoxel(point), run.mask.contains(v),
      let spectrum = try run.spectrum(
        of: Int(run.mask.places[run.grid.offset(v)]), prepared.denoising)
    else {
      throw Problem(
        .data, "--spectrum", "there is no usable series", expected: "a voxel of the mask with data")
    }
    answer = CommandAnswer(
      "measures", inputs: runs.inputs, findings: runs.findings,
      result: [
        ("mm", .point(run.grid.world(v))), ("hertz", .numbers(spectrum.hertz)),
        ("amplitude", .numbers(spectrum.amplitude)),
      ])
    text =
      (["hertz\tamplitude"]
      + zip(spectrum.hertz, spectrum.amplitude).map { "\(plainNumber($0))\t\(Float($1))" })
      .joined(separator: "\n")
  }
}
