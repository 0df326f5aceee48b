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

/// `boldspect perfusion`.
struct PerfusionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perfusion",
    abstract: "Numbers of a measured SPECT: per cent of a reference, asymmetry, z, clusters.",
    discussion: """
      \(researchUse)

      The reference is always named. Without --reference it is all regions of the atlas in MNI space, \
      else the brain mask. The asymmetry index is 200 (L − R)/(L + R) per cent, negative where LEFT has \
      less; \(asymmetryCaution). z is (person − mean)/SD of the normals that you give, negative where the \
      person has less. --reference cluster takes the tissue that a comparison with normals finds \
      unaffected.
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
  @Option(help: ArgumentHelp("Write the map in per cent of the reference.", valueName: "file"))
  var percent: String?
  @Option(help: ArgumentHelp("Write the map of the asymmetry index.", valueName: "file"))
  var asymmetry: String?
  @Option(help: ArgumentHelp("Write the map of z.", valueName: "file"))
  var z: String?
  @Option(
    help: ArgumentHelp(
      "Carry the SPECT first: a transform whose MOVING it is.", valueName: "file.txt"))
  var transform: String?
  @Flag(help: "Replace what is already there.")
  var force = false
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    try normalOptions.check()
    let outputs = try checkedOutputs()
    let places = try at.map(sphere)
    let rule = try clusters.map {
      try ClusterRule(threshold: $0, leastVoxels: options.minVoxels)
    }
    let study = try options.study()
    try withStatus { progress in
      var loaded = try LoadedPerfusion(spect, role: "spect", into: study)
      if let transform { try loaded.carry(by: transform) }
      let brain = try loaded.brain(options.mask)
      var isSimulated = loaded.description.isSimulated
      let map = try labelMap(&loaded)
      if let atlas { loaded.inputs.append(try Provenance("atlas", file: atlas)) }
      var request = PerfusionRequest(
        image: loaded.volume, fileName: loaded.description.name, space: loaded.space, brain: brain,
        atlas: map)
      request.reference = reference.map { PerfusionReference($0) }
      request.mirror = mirror
      request.normals = try normalOptions.request.load(
        person: loaded.description, into: &loaded.study, inputs: &loaded.inputs,
        isSimulated: &isSimulated, progress: progress)
      loaded.gatherFindings()
      request.wantsAsymmetry = asymmetry != nil || !places.isEmpty
      request.wantsTable = table
      request.clusters = rule
      request.clusteredMap = rule == nil ? nil : of
      if z != nil, request.normals == nil {
        throw Problem(
          .usage, "--z", "z needs normals", expected: "--normals or --normals-folder")
      }
      let report = try quantify(request, progress: progress)
      var spheres: [PerfusionSphere] = []
      for (centre, radius) in places {
        spheres.append(try self.sphere(centre, radius, loaded, report))
      }
      let page = PerfusionPage(
        report: report, spheres: spheres, space: loaded.space, isSimulated: isSimulated, rule: rule,
        brainVoxels: brain.count, brainOrigin: brain.origin)
      for (output, value, volume) in outputs.compactMap({ $0.chosen(report) }) {
        let derived = Derived(
          command: "perfusion", inputs: loaded.inputs, space: loaded.space,
          parameters: [("value", .string(value))] + page.parameters, findings: loaded.findings,
          isSimulated: isSimulated)
        try derived.write(volume, formCode: loaded.description.formCode, to: output)
      }
      let derived = Derived(
        command: "perfusion", inputs: loaded.inputs, space: loaded.space,
        parameters: page.parameters, findings: loaded.findings, isSimulated: isSimulated)
      try answer.give(CommandAnswer(derived, page.numbers), text: page.text)
    }
  }

  /// A map that is to be written.
  private struct MapOutput {
    enum Kind { case percent, asymmetry, z }
    var kind: Kind
    var options: ImageOutput

    func chosen(_ report: PerfusionReport) -> (ImageOutput, String, Volume)? {
      switch kind {
      case .percent: (options, "per cent of the reference", report.percent)
      case .asymmetry:
        report.asymmetry.map {
          (
            options,
            "asymmetry index 200 (L - R)/(L + R) in per cent, the same on both sides; negative: LEFT has less",
            $0
          )
        }
      case .z:
        report.z.map {
          (options, "z = (person - mean)/SD of normals; negative: less than the normals", $0)
        }
      }
    }
  }

  private func checkedOutputs() throws(Problem) -> [MapOutput] {
    let wanted: [(String?, MapOutput.Kind)] = [
      (percent, .percent), (asymmetry, .asymmetry), (z, .z),
    ]
    let given = wanted.compactMap { path, kind in path.map { ($0, kind) } }
    guard Set(given.map { sidecarPath($0.0) }).count == given.count else {
      throw Problem(
        .usage, "--percent", "two maps have one name", expected: "a name for each map")
    }
    var out: [MapOutput] = []
    for (path, kind) in given {
      let options = ImageOutput(output: path, force: force)
      try options.check(
        inputs: [spect, atlas, labels, self.options.mask] + normalOptions.normals)
      out.append(MapOutput(kind: kind, options: options))
    }
    return out
  }

  private func labelMap(_ loaded: inout LoadedPerfusion) throws(Problem) -> LabelMap? {
    guard let atlas else {
      if labels != nil {
        throw Problem(.usage, "--labels", "there is no atlas to name", expected: "--atlas")
      }
      return loaded.space == .mni152 ? try AtlasFiles.standard() : nil
    }
    let names =
      if let labels { try AtlasFiles.labelNames(try readTextFile(labels)) } else {
        nil as [Int32: String]?
      }
    if let labels, names?.isEmpty == true {
      throw Problem(
        .data, fileName(labels), "it names no label", expected: "lines of a number and a name")
    }
    return try loaded.study.readAtlas(atlas, as: .atlas, names: names)
  }

  private func sphere(_ text: String) throws(Problem) -> (WorldPoint, Double) {
    guard let n = numberList(text), n.count == 3 || n.count == 4,
      n.count == 3 || n[3] >= 0 && n[3] <= 30
    else {
      throw Problem(
        .usage, "--at", "\(visibleText(text)) is no place",
        expected: "X,Y,Z[,R] in mm with decimal points, R up to 30")
    }
    return (WorldPoint(n[0], n[1], n[2]), n.count == 4 ? n[3] : 6)
  }

  private func sphere(
    _ centre: WorldPoint, _ radius: Double, _ loaded: LoadedPerfusion, _ report: PerfusionReport
  ) throws(Problem) -> PerfusionSphere {
    guard let plane = report.mirror,
      let found = Perfusion.asymmetry(
        of: loaded.volume, around: centre, radius: radius, at: plane)
    else {
      throw Problem(
        .data, "--at", "a place in the midline or outside of the image has no other side",
        expected: "a place more than 1 mm beside the mirror plane, with data on both sides")
    }
    return PerfusionSphere(
      centre: centre, radius: radius, mirrored: plane.mirrored(centre),
      side: plane.side(of: centre),
      asymmetry: found)
  }
}
