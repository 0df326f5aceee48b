import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Perfusion
import Study
import Workflows

/// How the camera looks and what weakens the photons.
struct CameraScanOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Collimator: \(Collimator.names.joined(separator: ", ")).", valueName: "name"))
  var collimator = Collimator.names[0]
  @Option(help: ArgumentHelp("FWHM of the crystal.", valueName: "mm"))
  var intrinsic = Collimator.usualIntrinsicFWHM
  @Option(help: "Views on the full circle.")
  var views = 120
  @Option(help: "Columns of the detector.")
  var matrix = 128
  @Option(help: ArgumentHelp("Pixel of the detector (425 mm / matrix).", valueName: "mm"))
  var pixel: Double?
  @Option(help: ArgumentHelp("From the axis to the collimator.", valueName: "mm"))
  var radius = 150.0
  @Option(help: "All counts of all views together.")
  var counts = 5e6
  @Option(help: "Seed of the Poisson noise: the same seed gives the same file.")
  var noiseSeed: UInt64 = 1
  @Flag(help: "Expected counts, without Poisson noise.")
  var noNoise = false
  @Option(help: "Scattered over unscattered counts, even over every view.")
  var scatter = 0.0
  @Option(help: ArgumentHelp("Attenuation map in 1/cm, on any grid.", valueName: "file"))
  var mu: String?
  @Option(
    help: ArgumentHelp(
      "Head mask (> 0) of even attenuation; else derived from the activity.", valueName: "file"))
  var head: String?
  @Option(
    help: ArgumentHelp(
      "Attenuation within the head: 0.15 as of water, 0.12 as broad beam with scatter.",
      valueName: "1/cm"))
  var muValue = CameraAttenuation.water
  @Flag(help: "Nothing weakens the photons.")
  var noAttenuation = false

  var inputFiles: [String?] { [mu, head] }

  func validate() throws {
    if [mu != nil, head != nil, noAttenuation].filter({ $0 }).count > 1 {
      throw ValidationError("Only one of --mu, --head and --no-attenuation can be meant.")
    }
  }

  var request: CameraRequest {
    var s = CameraSettings()
    (s.collimator, s.intrinsicFWHM) = (collimator, intrinsic)
    (s.views, s.matrix, s.pixel, s.radius) = (views, matrix, pixel, radius)
    (s.counts, s.noiseSeed, s.scatter) = (counts, noNoise ? nil : noiseSeed, scatter)
    return CameraRequest(
      settings: s, mu: mu, head: head, muValue: muValue, noAttenuation: noAttenuation)
  }
}

/// How the views become an image.
struct CameraReconstructionOptions: ParsableArguments {
  enum Method: String, ExpressibleByArgument, CaseIterable { case fbp, osem }

  @Option(help: "fbp, filtered back projection, or osem, ordered subsets.")
  var method = Method.fbp
  @Flag(help: "With osem: model the collimator (resolution recovery).")
  var recovery = false
  @Option(help: "With osem: iterations (4).")
  var iterations: Int?
  @Option(help: "With osem: subsets (8).")
  var subsets: Int?
  @Option(help: ArgumentHelp("With fbp: Butterworth cut-off (0.5).", valueName: "1/cm"))
  var cutoff: Double?
  @Option(help: "With fbp: Butterworth order n (5).")
  var order: Double?
  @Option(
    help: "With fbp: amplitude, 1/sqrt(1+(f/fc)^2n), or power, 1/(1+(f/fc)^2n).")
  var convention: LowPass.Convention?
  @Flag(help: "With fbp: the ramp alone, no Butterworth.")
  var ramp = false
  @Flag(
    name: [.customLong("no-chang"), .customLong("no-correction")],
    help: "Do not correct for attenuation: no Chang after fbp, none in the model of osem.")
  var noChang = false

  func validate() throws {
    let forFBP = cutoff != nil || order != nil || convention != nil || ramp
    let forOSEM = recovery || iterations != nil || subsets != nil
    if method == .osem, forFBP {
      throw ValidationError("--cutoff, --order, --convention and --ramp belong to --method fbp.")
    }
    if method == .fbp, forOSEM {
      throw ValidationError("--recovery, --iterations and --subsets belong to --method osem.")
    }
    if ramp, cutoff != nil || order != nil || convention != nil {
      throw ValidationError("--ramp has no cut-off, order or convention.")
    }
  }

  var reconstruction: CameraReconstruction {
    switch method {
    case .fbp:
      return .fbp(
        ramp
          ? .none
          : .butterworth(
            cutoff: cutoff ?? 0.5, order: order ?? 5, convention ?? .amplitude))
    case .osem:
      return .osem(iterations: iterations ?? 4, subsets: subsets ?? 8, recovery: recovery)
    }
  }
}

extension LowPass.Convention: ExpressibleByArgument {}
