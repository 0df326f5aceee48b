package import Basics
package import Connectivity
import Foundation
package import Imaging
package import Perfusion
package import Study
package import Targeting

/// A file that a report is made of, as a reader of the page would look for it.
package struct ReportFile: Sendable {
  package var role: String
  package var name: String
  package var sha256: String
  /// Where it was read; never on the page.
  package var path: String?
  /// When its content was changed last, in UTC; nil where the system does not say it.
  package var changed: String?
  /// In which space it lies and how it came there.
  package var place: String
  /// Whom it names; nil where it is of the person and names nobody.
  package var person: String?

  /// - Parameter isOfPerson: whether it is the person's own, so that its name or folder should say so.
  package init(
    role: String, name: String, sha256: String, path: String?, place: String = "",
    isOfPerson: Bool = true
  ) {
    (self.role, self.name, self.sha256, self.place) = (role, name, sha256, place)
    person = isOfPerson ? BIDSWords(path ?? name).subject : "–"
    self.path = path
    changed = path.flatMap { path in
      // Of a link it is what it leads to.
      let facts = try? FileManager.default.attributesOfItem(
        atPath: URL(filePath: path).resolvingSymlinksInPath().path)
      return (facts?[.modificationDate] as? Date)?.formatted(
        .iso8601.year().month().day().dateTimeSeparator(.space).time(
          includingFractionalSeconds: false))
    }
  }

  package init(_ file: StudyFile) {
    let space = file.template ?? file.space.rawValue
    self.init(
      role: file.role.rawValue, name: file.name, sha256: file.sha256, path: file.path,
      place: "\(space), \(file.alignment.words)", isOfPerson: file.role.isOfPerson)
    if file.role.isOfPerson {
      person = file.subject ?? file.patient.map { _ in "named by its header" }
    } else if file.role.isOfNormals {
      person = "other people"
    }
  }
}

/// A measured perfusion image of a report, and what the command `perfusion` would be asked of it.
package struct ReportScan: Sendable {
  package var name: String
  package var sha256: String
  package var request: PerfusionRequest
  package var isSimulated: Bool
  /// How it came to lie where it lies.
  package var placement: String
  /// Whether its millimetres are those of the run.
  package var isInWorld: Bool
  /// ictal, interictal and the like, where its name says it.
  package var role: String?
  /// In whose world its millimetres are.
  package var laid: LaidImage

  package init(
    name: String, sha256: String, request: PerfusionRequest, isSimulated: Bool, placement: String,
    isInWorld: Bool, role: String?, laid: LaidImage? = nil
  ) {
    self.name = name
    self.sha256 = sha256
    self.request = request
    self.isSimulated = isSimulated
    self.placement = placement
    self.isInWorld = isInWorld
    self.role = role
    self.laid = laid ?? LaidImage(world: sha256)
  }

  /// As a subtraction takes it.
  var subtractionInput: SubtractionInput {
    SubtractionInput(volume: request.image, fileName: request.fileName, space: request.space)
  }
}

/// The files of one visit, read once and laid together: what a report is made of.
package struct ReportSource: Sendable {
  /// The name of the image that decides on space and sides.
  package var title = ""
  package var subject: String?
  package var session: String?
  package var space = Space.native
  /// The template's own name, where the image states it.
  package var template: String?
  package var laterality = Laterality.unknown
  /// Why nothing may rest on left and right; nil where no images are mirrored against each other.
  package var sidesBlock: String?
  /// Who decided about sides, when and why.
  package var sideDecisions: [String] = []
  /// By which preset or columns confounds were chosen, and by whom.
  package var confoundsChosen = ""
  package var sideRule = SideRule.mni
  /// SIMULATED or the like, where what decides was not measured.
  package var unmeasured: String?
  package var files: [ReportFile] = []
  package var findings: [Finding] = []
  /// Files that were refused, and what the rules say of the files together, in whole sentences.
  package var problems: [String] = []
  package var run: LoadedRun?
  package var prepared: [PreparedRun] = []
  package var proxy = PerfusionProxy.meanBOLD
  /// A run of another visit, cleaned as the first, and whether it is the earlier one.
  package var other: (name: String, run: LoadedRun, prepared: PreparedRun, isEarlier: Bool)?
  package var scans: [ReportScan] = []
  /// What slices are drawn on; nil takes the mean of the run.
  package var anatomy: Volume?
  package var brain: Mask?
  /// Regions that carry their networks; empty without a map of networks.
  package var parcels: [Parcel] = []
  package var norms: ReferenceTable?
  /// Why the norms cannot be held against the person; and what is not known of them.
  package var normsRefusal: String?
  package var normsDoubt: String?
  package var covariates: [String: Double] = [:]
  package var seed: Seed?
  package var surroundings: TargetSurroundings?
  /// Why targets cannot be looked for.
  package var targetsRefusal: String?
  package var transforms = GivenTransforms()
  package var transformWarnings: [String] = []
  /// Cleaned for a target search already.
  package var targetSeries: TargetSeries?
  package var cleaned: ReducedSeries?
  /// The run's own resolution, where it was measured already.
  package var native: NativeBlur?
  package var normalsImages: [NormalImages?] = []
  package var known = ReportKnown()
  /// Places that a person marked.
  package var marks: [TargetRecord] = []
  /// Whom a list of people names, where the files themselves name nobody.
  package var listed: ListedPerson?
  /// Images of the person whose sides were compared with no other's.
  package var uncompared: [String] = []

  package init() {}

  package var isEmpty: Bool { run == nil && scans.isEmpty }
}

/// Results that were made of the same files, by the same cleaning and settings, before a page was asked for.
package struct ReportKnown: Sendable {
  package var networks: NetworkReport?
  package var targets: TargetReport?
  /// Of each scan; empty where none was quantified.
  package var scans: [PerfusionReport] = []

  package init() {}
}

/// What is wanted in a report.
package struct ReportWish: Sendable {
  package var settings: TargetProtocol
  /// Whether targets are looked for; a search takes most of the time.
  package var wantsTargets: Bool
  package var cameraFWHM = CameraPreset.usual.fwhm
  package var eventSeconds = 60.0

  /// - Parameter bootstrap: redrawn maps behind the radius; nil as the protocol has it.
  package init(
    _ settings: TargetProtocol, bootstrap: Int? = nil, wantsTargets: Bool = true
  ) throws(Problem) {
    self.settings = settings
    self.wantsTargets = wantsTargets
    guard let bootstrap else { return }
    try TargetRadius.require(maps: bootstrap, kind: .usage, subject: "--bootstrap")
    self.settings.bootstrapCount = bootstrap
  }
}

extension CleaningChoice {
  /// By which preset or columns confounds were chosen.
  package var confoundWords: String {
    let named = preset == .none ? [] : ["preset \(preset.rawValue) (\(preset.text))"]
    let listed = columns.isEmpty ? [] : ["columns " + columns.joined(separator: ", ")]
    return named.isEmpty && listed.isEmpty
      ? "none: no preset and no columns" : (named + listed).joined(separator: " and ")
  }
}
