package import Basics
package import ImageFiles
package import Imaging
import Perfusion
package import Study

/// How a person wants an image to be scanned, with the files that say what weakens the photons.
package struct CameraRequest: Sendable {
  package var settings = CameraSettings()
  /// A map of μ per centimetre.
  package var mu: String?
  /// A head mask.
  package var head: String?
  /// μ per centimetre within the head.
  package var muValue = CameraAttenuation.water
  package var noAttenuation = false

  package init(
    settings: CameraSettings = CameraSettings(), mu: String? = nil, head: String? = nil,
    muValue: Double = CameraAttenuation.water, noAttenuation: Bool = false
  ) {
    self.settings = settings
    self.mu = mu
    self.head = head
    self.muValue = muValue
    self.noAttenuation = noAttenuation
  }

  /// What weakens the photons, its files read and recorded.
  package func attenuation(
    into study: inout LoadedStudy, inputs: inout [Provenance]
  ) throws(Problem) -> CameraAttenuation {
    func companion(_ path: String, _ role: String) throws(Problem) -> Volume {
      let (d, volume) = try study.read(path, as: .attenuation)
      inputs.append(Provenance(role, d))
      return volume
    }
    if noAttenuation { return .none }
    if let mu { return .map(try companion(mu, "attenuation map")) }
    return .head(
      try head.map { (h) throws(Problem) in try companion(h, "head") }, perCentimetre: muValue)
  }

  /// Every setting, for the sidecar.
  package func json(_ scan: CameraScan) -> [(String, JSON)] {
    let a = scan.acquisition
    return [
      ("collimator", .string(a.collimator.name)),
      ("intrinsic_fwhm_mm", .number(settings.intrinsicFWHM)),
      ("system_fwhm_mm_at_radius", .number(a.collimator.fwhm(atDistance: a.radius))),
      ("views", .int(a.views)), ("matrix", .int(a.matrix)), ("slices", .int(a.slices)),
      ("pixel_mm", .number(a.pixel)), ("radius_mm", .number(a.radius)),
      ("counts", .number(settings.counts)),
      ("noise_seed", .optional(settings.noiseSeed.map { String($0) })),
      ("scatter_fraction", .number(settings.scatter)),
      (
        "attenuation",
        .string(
          noAttenuation
            ? "none" : mu != nil ? "map" : head != nil ? "head mask" : "head derived from activity")
      ),
      ("mu_per_cm", noAttenuation || mu != nil ? .null : .number(muValue)),
    ]
  }
}

extension CameraReconstruction {
  private var isFBP: Bool { if case .fbp = self { true } else { false } }

  /// The method in words and every number of it, for the sidecar.
  package func json(isAttenuated: Bool, corrects: Bool) -> [(String, JSON)] {
    let corrected = isAttenuated && corrects
    var out: [(String, JSON)] = [
      ("method", .string(title)),
      (
        "attenuation_correction",
        .string(!corrected ? "none" : isFBP ? "Chang, order 0" : "in the model")
      ),
    ]
    switch self {
    case .fbp(.butterworth(let cutoff, let order, let convention)):
      out += [
        ("cutoff_per_cm", .number(cutoff)), ("order", .number(order)),
        ("butterworth", .string("\(convention.rawValue) \(convention.formula)")),
      ]
    case .fbp(.none): break
    case .osem(let iterations, let subsets, let recovery):
      out += [
        ("iterations", .int(iterations)), ("subsets", .int(subsets)),
        ("resolution_recovery", .bool(recovery)),
      ]
    }
    return out
  }
}

/// An image that was read and scanned.
package struct ScannedImage {
  package let scan: CameraScan
  package let description: ImageDescription
  package let inputs: [Provenance]
  /// What the rules and the scan say.
  package let findings: [Finding]
  private let counts: Double?

  package init(
    _ path: String, _ camera: CameraRequest, allowsMixedPeople: Bool, progress: WorkProgress
  ) throws(Problem) {
    var study = LoadedStudy(allowsMixedPeople: allowsMixedPeople)
    let (d, volume) = try study.read(path, as: .overlay)
    try requireKnownSides(d, for: "a camera around it")
    var inputs = [Provenance("activity", d)]
    let attenuation = try camera.attenuation(into: &study, inputs: &inputs)
    scan = try cameraScan(
      of: volume, attenuation: attenuation, camera.settings, fileName: d.name,
      progress: progress)
    description = d
    findings = study.findings + scan.findings
    self.inputs = inputs
    counts = camera.settings.noiseSeed == nil ? nil : camera.settings.counts
  }

  package var space: Space {
    Study.space(ofFileNamed: description.name, formCode: description.formCode, stated: nil)
  }

  /// The SIMULATED line of a step of the camera.
  package func banner(_ what: String) -> String {
    cameraBanner(what, collimator: scan.acquisition.collimator.name, counts: counts)
  }
}
