package import Basics
package import Connectivity
package import Imaging
package import Perfusion

/// An image with the name it has on screen.
package struct NamedVolume: Sendable {
  package var name: String
  package var volume: Volume
  /// Values shown as black and as the brightest grey.
  package var window: ClosedRange<Float>
  /// Set for a map of activity or synchrony: it has a scale of its own, from its window.
  package var activity: ActivityMeasure?
  /// Values at 0, 5, … 100 per cent of the voxels of an activity map.
  package var levels: [Double] = []
  /// How it was made.
  package var detail = ""

  /// Values at 0, 1, … 100 per cent of what is not background; empty without any.
  package private(set) var quantiles: [Float]

  /// The window is the 2nd to 98th percentile of what is not background.
  package init(name: String, volume: Volume) {
    self.name = name
    self.volume = volume
    let sorted = volume.values.filter { $0.isFinite && $0 != 0 }.sorted()
    quantiles =
      sorted.isEmpty
      ? []
      : (0...100).map { percent in
        let place = Double(percent) / 100 * Double(sorted.count - 1)
        let low = Int(place.rounded(.down))
        let weight = place - Double(low)
        return Float(
          Double(sorted[low]) * (1 - weight)
            + Double(sorted[min(low + 1, sorted.count - 1)]) * weight)
      }
    window = 0...1
    window = window(UnderlayWindow())
  }

  /// The value at a percentile, between whole ones on a straight line.
  func quantile(_ percent: Double) -> Float? {
    guard quantiles.count == 101 else { return nil }
    let place = max(0, min(100, percent))
    let low = Int(place)
    let weight = Float(place - Double(low))
    return quantiles[low] * (1 - weight) + quantiles[min(100, low + 1)] * weight
  }

  /// Values shown as black and as the brightest grey.
  func window(_ chosen: UnderlayWindow) -> ClosedRange<Float> {
    let low = quantile(chosen.low) ?? 0
    let high = quantile(chosen.high) ?? 1
    // Black stays a little below the darkest tissue, so that ventricles do not vanish.
    let floor = high > low ? min(low, max(0, low - 0.15 * (high - low))) : min(0, low)
    return floor...max(high, floor + Float.leastNormalMagnitude)
  }

  /// How large its values are, but for the largest hundredth.
  var magnitude: Double {
    max(abs(Double(quantile(1) ?? 0)), abs(Double(quantile(99) ?? 0)))
  }
}

/// A measured SPECT and its stored values on the displayed grid.
package struct NamedSPECT: Sendable {
  package var name: String
  package var measured: MeasuredSPECT
  package var stored: Volume
  /// Whether the file says of itself that it is no measurement.
  package var isSimulated: Bool
  /// Whether it is the synthetic person's, which no camera was simulated for.
  package var isSyntheticPerson = false
  /// From the file's own world to that of the scene.
  package var sceneFromFile: Affine
  /// z against normals on the displayed grid, where they were given and the image lies as then.
  package var z: Volume?
  /// How many people the normals are; nil where it was not stated.
  package var normalsCount: Int?
  /// Its brain and that of what it lies over; nil until they were looked for.
  package var outlines: BrainOutlines?
  /// ictal, interictal, baseline or challenge, where its name says it.
  package var role: String?
  /// Whether its own reference is still being measured: its per cent are not final, and not told.
  package var awaitsReference = false

  package init(
    name: String, measured: MeasuredSPECT, stored: Volume, isSimulated: Bool,
    sceneFromFile: Affine = .identity
  ) {
    self.name = name
    self.measured = measured
    self.stored = stored
    self.sceneFromFile = sceneFromFile
    self.isSimulated = isSimulated
  }

  /// What the image is, first of all.
  var kindWord: String { unmeasuredWord ?? "measured" }

  /// The word that no picture made of it is shown without; nil for a measurement.
  package var unmeasuredWord: String? {
    ImageOrigin(isSyntheticPerson: isSyntheticPerson, isSimulated: isSimulated).word
  }

  /// What is outlined, and of how many normals; nil without any.
  var outlineWords: String? {
    guard z != nil else { return nil }
    return "outlined: z ≥ 2 white/+, ≤ −2 blue/−, n \(normalsCount.map { "\($0)" } ?? "UNKNOWN")"
  }

  /// Which of a person's scans it is: above the picture at every width.
  package var roleTitle: String { "SPECT" + (role.map { " " + $0.uppercased() } ?? "") }

  /// Stands in the heading of all that is drawn of it, before the name of a file.
  package var unregisteredWords: String {
    measured.placement.isUnregistered ? " NOT REGISTERED" : ""
  }

  /// A number in per cent of the reference; while that is being measured no number.
  func percentText(_ number: String) -> String { awaitsReference ? "… %" : number + " %" }

  /// What it is in per cent of, in words.
  var referenceWords: String {
    awaitsReference ? "its reference, being measured" : measured.uptake.reference
  }
}

/// The brains of a SPECT and of the anatomy, for seeing whether they lie on each other.
package struct BrainOutlines: Sendable {
  /// In the scene's world.
  package var anatomy: Mask?
  /// In the world of the SPECT's own file.
  package var own: Mask?
  /// How far their surfaces are apart, in words.
  package var words: String
  /// What speaks against where the SPECT lies.
  package var warnings: [String]

  package init(anatomy: Mask?, own: Mask?, words: String, warnings: [String] = []) {
    self.anatomy = anatomy
    self.own = own
    self.words = words
    self.warnings = warnings
  }
}

/// A file or option that was refused or dropped, for the header and `:findings`.
package struct SceneProblem: Equatable, Sendable {
  package var file: String
  package var severity: Finding.Severity
  package var sentence: String

  package init(file: String, severity: Finding.Severity, sentence: String) {
    self.file = file
    self.severity = severity
    self.sentence = sentence
  }
}

/// Everything that was loaded; nothing of how it is shown.
package struct Scene: Sendable {
  /// The main file's own name.
  package var title = ""
  /// Whether the main file says of itself that it is no measurement.
  package var isSimulated = false
  /// Whether it is the synthetic sample person's.
  package var isSyntheticPerson = false
  package var space = Space.native
  /// The template's own name where the main file states it, and that file's SHA-256.
  package var template: String?
  package var imageSHA256: String?
  /// What that file's voxels are known by in whatever file, and the hashes of what it was made of.
  package var imageOrigin: [String] = []
  /// Whose the first image is by its name, "sub-01 ses-1".
  package var person: String?
  /// Whether a person named the SPECT images in the order in which they are meant, ictal first.
  package var spectOrderIsStated = true
  /// Why no SPECT can be taken from another; nil where it is known which is which.
  package var subtractionRefusal: String? {
    guard spects.count == 2 else {
      let here =
        spects.isEmpty ? "" : ", \(spects.count) \(spects.count == 1 ? "was" : "were") read"
      return "a subtraction needs two SPECT images\(here): --spect ICTAL --spect INTERICTAL"
    }
    guard
      spectOrderIsStated
        || spects[0].role == "ictal" && spects[1].role != "ictal" && spects[1].role != nil
    else {
      return "no name and no sidecar says which of the two SPECT is ictal and which interictal; "
        + "start with --spect ICTAL --spect INTERICTAL"
    }
    return nil
  }
  /// From the scene's MNI world to a native one, and the image that this is the world of.
  package var native: (affine: Affine, imageSHA256: String)?
  package var laterality = Laterality.unknown
  package var sideRule = SideRule.unknown
  /// The grid that both panes share.
  package var grid: Grid?
  package var mask: Mask? {
    didSet { maskBounds = mask?.bounds }
  }
  /// Kept, because every picture asks for it several times.
  private var maskBounds: (low: WorldPoint, high: WorldPoint)?
  package var run: Run?
  package var underlays: [NamedVolume] = []
  package var overlays: [NamedVolume] = []
  package var spects: [NamedSPECT] = []
  package var atlas: LabelMap?
  package var networks: LabelMap?
  package var findings: [Finding] = []
  /// What was refused or dropped while loading: it stays true for as long as the scene is shown.
  package var problems: [SceneProblem] = []
  /// What the header counts: problems, and files that may be another person's.
  var problemCount: Int { problems.count + findings.count(where: \.isOfUnsurePerson) }
  /// What is known of the sides of its images against each other.
  package var sideNotes: [SideNote] = []
  /// Whether a run was given and could not be read.
  package var lacksRun = false
  /// What a person chose to remove, and what that is for this run.
  package var choice = CleaningChoice()
  package var denoising = Denoising()
  package var quality: RunQuality?
  /// Projection without a band, for spectra and per cent change.
  package var broadband: Projection?
  /// How many runs of the person stand behind the maps.
  package var runCount = 1
  /// The name of the second session's run; nil without one.
  package var secondTitle: String?
  /// What may stand for perfusion with the files that were given, the most honest first.
  package var proxies = [ProxyChoice.mean]
  /// What stands for perfusion when nobody says it: the most honest that can be had.
  package var usualProxy = ProxyChoice.mean
  /// Whether networks were given, so that their table can be asked for.
  package var hasNetworks = false
  /// Whether grey matter, confounds and space allow a target search; else why not.
  package var targetsRefusal: String? = "no BOLD run is loaded"
  /// The files that all of it was read from, by their hashes.
  package var readFiles: [(path: String, sha256: String)] = []
  /// A seed that was asked for on the command line.
  package var initialSeed: Seed?
  package var initialCursor: WorldPoint?

  package init() {}

  /// World box that the pictures must hold.
  var field: (low: WorldPoint, high: WorldPoint)? {
    if let maskBounds { return maskBounds }
    guard let corners = grid?.corners, let first = corners.first else { return nil }
    var low = first
    var high = first
    for c in corners {
      for axis in 0..<3 {
        low[axis] = min(low[axis], c[axis])
        high[axis] = max(high[axis], c[axis])
      }
    }
    return (low, high)
  }

  /// Distance in mm that the cursor moves along a world axis.
  func step(along axis: Int) -> Double {
    guard let grid else { return 1 }
    // The spacing of the voxel axis that runs closest to this world axis.
    let rows = grid.worldFromVoxel.rows
    let spacing = [grid.spacing.0, grid.spacing.1, grid.spacing.2]
    let best =
      (0..<3).max { abs(rows[axis][$0]) / spacing[$0] < abs(rows[axis][$1]) / spacing[$1] } ?? 0
    return spacing[best]
  }
}

extension Scene {
  /// The word that no picture of something unmeasured is shown without; nil for a measurement.
  package var unmeasuredWord: String? {
    ImageOrigin(isSyntheticPerson: isSyntheticPerson, isSimulated: isSimulated).word
  }
}

extension Scene {
  /// The atlas's region at a place; in the midline without the side that its name says.
  package func regionName(at place: WorldPoint) -> String? {
    guard let name = atlas?.name(at: place) else { return nil }
    guard sideRule.side(of: place) == .midline else { return name }
    return namedSide(name)?.stem ?? name
  }
}
