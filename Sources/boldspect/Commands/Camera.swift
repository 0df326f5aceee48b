import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Perfusion
import Records
import Reports
import Study
import Workflows

/// `boldspect camera`.
struct CameraCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "camera",
    abstract: "A rotating SPECT camera: views of an image, and images from views. SIMULATED.",
    discussion: """
      Every view is the image rotated, weakened by what lies before it, blurred by the collimator at its \
      distance and added up; counts are Poisson numbers. What comes out is SIMULATED, never a measurement.
      """,
    subcommands: [CameraProject.self, CameraReconstruct.self, CameraSimulate.self])
}

/// `boldspect camera project`.
struct CameraProject: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "project", abstract: "The views that the camera records of an image.",
    discussion: """
      Writes columns × rows × views, without a place in the world, the camera's attenuation map beside it \
      (x_mu.nii.gz), and a sidecar that leads back to the image's grid.
      """)

  @Argument(help: "A 3-D image of activity, not negative.")
  var file: String
  @OptionGroup var camera: CameraScanOptions
  @OptionGroup var people: PeopleOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [file] + camera.inputFiles)
    let map = ProjectionsFile.mapOutput(output.place)
    if !camera.noAttenuation { try map.check(inputs: [file] + camera.inputFiles) }
    try withStatus { progress in
      let scanned = try ScannedImage(
        file, camera.request, allowsMixedPeople: people.mixedPeople, progress: progress)
      let scan = scanned.scan
      var hash: String?
      if let attenuation = scan.attenuation {
        try scanned.derived(
          "camera project", banner: scanned.banner("attenuation map of the camera"),
          parameters: [("unit", .string("1/cm"))]
        ).write(
          Volume(grid: scan.cameraGrid, values: attenuation),
          formCode: scanned.description.formCode, to: map)
        hash = try sha256(ofFile: map.output)
      }
      let derived = scanned.derived(
        ProjectionsFile.command, banner: scanned.banner("projections"),
        parameters: camera.request.json(scan)
          + ProjectionsFile.json(
            scan, formCode: scanned.description.formCode, space: scanned.space, mapHash: hash))
      try derived.write(ProjectionsFile.volume(scan.projections), formCode: 0, to: output.place)
      try answer.give(CommandAnswer(derived))
    }
  }
}

/// `boldspect camera reconstruct`.
struct CameraReconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct", abstract: "An image from views, on the grid of what was scanned.",
    discussion: "Takes only what camera project wrote, with its sidecar and map beside it.")

  @Argument(help: "Views from camera project.")
  var file: String
  @OptionGroup var reconstruction: CameraReconstructionOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [file, ProjectionsFile.mapPath(file)])
    try withStatus { progress in
      let views = try ProjectionsFile(file)
      let volume = try reconstruct(
        views.scan, reconstruction.reconstruction, corrects: !reconstruction.noChang,
        progress: progress)
      let banner = cameraBanner(
        reconstruction.reconstruction.title, collimator: views.scan.acquisition.collimator.name,
        counts: views.counts)
      let derived = Derived(
        command: "camera reconstruct", inputs: views.inputs, space: views.space,
        parameters: reconstruction.reconstruction.json(
          isAttenuated: views.scan.attenuation != nil, corrects: !reconstruction.noChang)
          + [("projections", views.parameters)],
        isSimulated: true, banner: banner)
      try derived.write(volume, formCode: views.formCode, to: output.place)
      try answer.give(CommandAnswer(derived))
    }
  }
}

/// `boldspect camera simulate`.
struct CameraSimulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Views and image in one step.",
    discussion: "The same as camera project and camera reconstruct, without the file between.")

  @Argument(help: "A 3-D image of activity, not negative.")
  var file: String
  @OptionGroup var camera: CameraScanOptions
  @OptionGroup var people: PeopleOptions
  @OptionGroup var reconstruction: CameraReconstructionOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [file] + camera.inputFiles)
    try withStatus { progress in
      let scanned = try ScannedImage(
        file, camera.request, allowsMixedPeople: people.mixedPeople, progress: progress)
      let volume = try reconstruct(
        scanned.scan, reconstruction.reconstruction, corrects: !reconstruction.noChang,
        progress: progress)
      let derived = scanned.derived(
        "camera simulate", banner: scanned.banner(reconstruction.reconstruction.title),
        parameters: camera.request.json(scanned.scan)
          + reconstruction.reconstruction.json(
            isAttenuated: scanned.scan.attenuation != nil, corrects: !reconstruction.noChang))
      try derived.write(volume, formCode: scanned.description.formCode, to: output.place)
      try answer.give(CommandAnswer(derived))
    }
  }
}

extension ScannedImage {
  fileprivate func derived(
    _ command: String, banner: String, parameters: [(String, JSON)]
  ) -> Derived {
    Derived(
      command: command, inputs: inputs, space: space, parameters: parameters,
      findings: findings, isSimulated: true, banner: banner)
  }
}
