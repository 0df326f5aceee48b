package import Basics
import ImageFiles
package import Imaging
package import Perfusion

/// What stands for perfusion, by the name that a person types.
package enum ProxyName: String, Sendable, CaseIterable {
  case mean, alff, template, asl, gm, map, series
}

/// Files of which a proxy of perfusion is made.
package struct ProxyFiles {
  package var asl: String?
  package var gm: String?
  package var white: String?

  package init(asl: String? = nil, gm: String? = nil, white: String? = nil) {
    self.asl = asl
    self.gm = gm
    self.white = white
  }

  /// What can be had without a further file, the most honest first.
  ///
  /// - Parameter study: what was read; in MNI space the tissue of its brain stands in for maps of the person's own.
  package func names(for study: LoadedStudy) -> [ProxyName] {
    (asl == nil ? [] : [.asl]) + (hasTissue || lacksTissue(study) == nil ? [.template] : [])
      + [.alff, .mean] + (gm == nil ? [] : [.gm])
  }

  package var hasTissue: Bool { gm != nil && white != nil }

  /// Why no tissue can be had where no maps are given; nil where the MNI brain's can.
  package func lacksTissue(_ study: LoadedStudy) -> String? {
    guard gm == nil, white == nil else {
      return "the template needs both grey and white matter (--gm, --white)"
    }
    guard study.first?.space == .mni152 else {
      return "no tissue maps are given (--gm, --white) and the run is not in MNI space"
    }
    guard study.first?.laterality == .known else {
      return "no tissue maps are given (--gm, --white) and the run does not say which side is left"
    }
    return StandardTissue.isInstalled
      ? nil : "no tissue maps are given (--gm, --white) and mricron-data is not installed"
  }

  /// What stands for perfusion when nobody says it: blood flow, the tissue template, and mean BOLD only where
  /// neither can be had, with the reason.
  ///
  /// - Parameter canFluctuate: whether the run's slow fluctuations can be measured (a repetition time, a window).
  package func usual(
    for study: LoadedStudy, canFluctuate: Bool
  ) -> (name: ProxyName, reason: Finding?) {
    if asl != nil { return (.asl, nil) }
    let lack =
      canFluctuate
      ? (hasTissue ? nil : lacksTissue(study))
      : "the template needs slow fluctuations, which have no amplitude here"
    guard let lack else { return (.template, nil) }
    return (
      .mean,
      Finding(
        "mean-bold-proxy", .note,
        "Mean BOLD stands for perfusion, and its ventricles are bright where perfusion's are dark: \(lack)."
      )
    )
  }

  /// The proxy with its files read; nil for connectivity.
  package func read(
    _ name: ProxyName, into study: inout LoadedStudy,
    inputs: inout [Provenance]
  ) throws(Problem) -> PerfusionProxy? {
    func file(
      _ path: String?, _ option: String, _ role: Role
    ) throws(Problem) -> (d: ImageDescription, volume: Volume) {
      guard let path else {
        throw Problem(
          .usage, "--proxy", "\(name.rawValue) needs a file", expected: "\(option) FILE")
      }
      let (d, volume) = try study.read(path, as: role)
      inputs.append(Provenance(String(option.dropFirst(2)), d))
      return (d, volume)
    }
    func tissue(_ path: String?, _ option: String, _ role: Role) throws(Problem) -> Volume {
      let (d, volume) = try file(path, option, role)
      let found = try tissueProbability(
        volume, isIntegerCoded: d.isIntegerCoded, fileName: d.name)
      study.tell(found.findings, of: role)
      return found.probability
    }
    switch name {
    case .mean: return .meanBOLD
    case .alff: return .alff
    case .asl: return .asl(try file(asl, "--asl", .asl).volume)
    case .gm: return .greyMatter(try tissue(gm, "--gm", .gm))
    case .template:
      if gm == nil, white == nil, lacksTissue(study) == nil, let found = try StandardTissue.read() {
        study.tell(
          [
            Finding(
              "standard-tissue", .note,
              "Tissue of the MNI brain stands for the person's own, of whom no tissue maps are given (--gm, --white)."
            )
          ], of: .gm)
        return .template(grey: found.grey, white: found.white, isStandard: true)
      }
      return .template(
        grey: try tissue(gm, "--gm", .gm), white: try tissue(white, "--white", .white))
    case .map, .series: return nil
    }
  }
}

extension PerfusionProxy {
  /// The grid of a map that stands alone.
  private var ownGrid: Grid? {
    switch self {
    case .asl(let v), .greyMatter(let v): v.grid
    case .template, .alff, .meanBOLD: nil
    }
  }

  /// Whether the run's own resolution is in it.
  package var usesRunResolution: Bool { ownGrid == nil }

  /// A supplied map has its own voxels, and nothing of the run's resolution in it.
  package func adjust(_ averaging: inout Averaging, on grid: Grid) {
    guard let own = ownGrid else { return }
    let (a, b) = (own.spacing, grid.spacing)
    averaging.nativeFWHM = (max(a.0, b.0), max(a.1, b.1), max(a.2, b.2))
    averaging.nativeOrigin = "voxel size of the supplied map, not measured"
  }
}
