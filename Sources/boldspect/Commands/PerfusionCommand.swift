import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Perfusion
import Records
import Reports
import Study
import Workflows

extension MirrorChoice: ExpressibleByArgument {}
extension ClusteredMap: ExpressibleByArgument {}
extension AsymmetrySide: ExpressibleByArgument {}
extension RegionOrder: ExpressibleByArgument {}

/// `boldspect perfusion`.
struct PerfusionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perfusion",
    abstract: "Numbers of a measured SPECT: per cent of a reference, asymmetry, z, clusters.",
    discussion: """
      \(researchUse)

      The reference is always named. Without --reference it is all regions of the atlas in MNI space, \
      else the brain mask. The asymmetry index is 200 (L − R)/(L + R) per cent, negative where LEFT has \
      less; the brain's rim is left out, and clusters are told on the side that is lower (--side higher: \
      the other), the most in all first; \(asymmetryCaution). z is that of Crawford and Howell's t of the person against the normals \
      that you give (with an unknown number plainly (person − mean)/SD), negative where the person has less; \
      cluster sizes stand beside the largest ones of each normal against the others. --reference cluster \
      takes the tissue that a comparison with normals finds unaffected, and is refused where too much of \
      the brain has more than it.
      """)

  @Argument(help: "A perfusion image.")
  var spect: String
  @Option(
    help: ArgumentHelp(
      "brain, atlas, cerebellum, pons, thalamus, contralateral, cluster, or a region's name "
        + "(NAME* for all that begin so).", valueName: "name"))
  var reference: String?
  @Option(
    help: ArgumentHelp(
      "Regions: a label map in MNI space; without it the standard atlas.", valueName: "file"))
  var atlas: String?
  @Option(
    help: ArgumentHelp("Names of its labels, when no table lies beside it.", valueName: "file"))
  var labels: String?
  @Option(help: "Mirror plane: automatic (x = 0 in MNI space, else estimated), mni or estimated.")
  var mirror = MirrorChoice.automatic
  @OptionGroup var normalOptions: NormalOptions
  @OptionGroup var options: PerfusionOptions
  @Flag(help: "Left and right of every region of the atlas.")
  var table = false
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Left and right of a sphere (6 mm) here and at the mirrored place; may be repeated.",
      valueName: "x,y,z[,r]"))
  var at: [String] = []
  @Option(help: ArgumentHelp("Clusters beyond ± this value.", valueName: "x"))
  var clusters: Double?
  @Option(help: "What --clusters looks at: z or asymmetry.")
  var of = ClusteredMap.z
  @Option(help: "Which of two unequal sides clusters of asymmetry are on: lower or higher.")
  var side = AsymmetrySide.lower
  @Option(help: ArgumentHelp("Rim of the brain that asymmetry leaves out.", valueName: "mm"))
  var rim = asymmetryRim
  @Option(help: "Order of --table: lowest, highest, asymmetry or atlas.")
  var sort = RegionOrder.lowest
  @Option(help: ArgumentHelp("Write the map in per cent of the reference.", valueName: "file"))
  var percent: String?
  @Option(help: ArgumentHelp("Write the map of the asymmetry index.", valueName: "file"))
  var asymmetry: String?
  @Option(help: ArgumentHelp("Write the map of z.", valueName: "file"))
  var z: String?
  @Option(
    help: ArgumentHelp(
      "Carry the SPECT first: a transform whose MOVING it is, and what goes on from there.",
      valueName: "file.txt"))
  var transform: [String] = []
  @Flag(help: "Replace what is already there.")
  var force = false
  @OptionGroup var answer: AnswerOptions

  func validate() throws {
    guard rim >= 0, rim <= 50 else { throw ValidationError("--rim takes 0 to 50 mm.") }
  }

  func run() throws {
    try normalOptions.check()
    let outputs = PerfusionOutputs(percent: percent, asymmetry: asymmetry, z: z, force: force)
    try outputs.check(
      inputs: [spect, atlas, labels, options.mask] + transform + normalOptions.normals)
    let places = try at.map(SpherePlace.init(typed:))
    let rule = try clusters.map {
      try ClusterRule(threshold: $0, leastVoxels: options.minVoxels)
    }
    let study = try options.study()
    try withStatus { progress in
      var loaded = try LoadedPerfusion(spect, role: "spect", by: transform, into: study)
      let brain = try loaded.brain(options.mask)
      var isSimulated = loaded.description.isSimulated
      let map = try loaded.labelMap(atlas, labels: labels)
      loaded.study.making = ValueMaking(measure: perfusionMeasure)
      var request = PerfusionRequest(
        image: loaded.volume, fileName: loaded.description.name, space: loaded.space, brain: brain,
        atlas: map)
      request.reference = reference.map { PerfusionReference($0) }
      request.mirror = mirror
      request.normals = try normalOptions.request.load(
        person: loaded.description, image: loaded.volume, into: &loaded.study,
        inputs: &loaded.inputs, isSimulated: &isSimulated, progress: progress)
      loaded.gatherFindings()
      request.wantsAsymmetry = asymmetry != nil || !places.isEmpty
      request.wantsTable = table
      (request.regionOrder, request.asymmetrySide, request.rim) = (sort, side, rim)
      request.clusters = rule
      request.clusteredMap = rule == nil ? nil : of
      if z != nil, request.normals == nil {
        throw Problem(
          .usage, "--z", "z needs normals", expected: "--normals or --normals-folder")
      }
      let report = try quantify(request, progress: progress)
      let spheres = try places.map { (place) throws(Problem) in
        try PerfusionSphere(
          of: loaded.volume, around: place.centre, radius: place.radius, at: report.mirror)
      }
      let page = PerfusionPage(
        report: report, spheres: spheres, space: loaded.space, isSimulated: isSimulated, rule: rule,
        brainVoxels: brain.count, brainOrigin: brain.origin)
      try outputs.write(page, of: loaded, isSimulated: isSimulated)
      let derived = Derived(
        command: "perfusion", inputs: loaded.inputs, space: loaded.space,
        parameters: page.parameters, findings: loaded.findings, isSimulated: isSimulated)
      try answer.give(CommandAnswer(derived, page.numbers), text: page.text)
    }
  }
}
