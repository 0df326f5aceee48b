import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect networks`.
struct Networks: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Networks that are over-active, under-active or out of sync.",
    discussion: """
      \(researchUse)

      Global coupling first: against a reference, within and between are adjusted for it. Activity (ALFF by the brain's mean), homogeneity (ReHo), mean Fisher z within and between, left–right structure, \
      segregation, and the coupling of the default mode with the attention networks. Against other \
      people only with --norms: a table of network, measure (malff, reho, within, between), mean, \
      sd and n; or one row per person with participant_id, covariates and a column measure:network. \
      Without it each network is compared with the person's other networks, and the table says so.
      """)

  @Argument(help: ArgumentHelp("4-D BOLD runs of one person, in MNI space.", valueName: "bold"))
  var bold: [String]
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var norms: NormOptions
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    guard networkOptions.networks != nil else {
      throw Problem(
        .usage, "--networks", "no networks are given", expected: "a label map of networks")
    }
    let table = try norms.request.table()
    let own = try norms.request.own()
    try withStatus { progress in
      var runs = try CleanedRuns(
        bold, runOptions.request, denoisingOptions.request, bringsAtlas: true, progress: progress)
      try norms.request.require(
        table, toFit: runs.prepared, ofPersonAt: runs.first.description.path)
      let doubts = [norms.request.doubt].compactMap { $0 }
      var inputs = runs.inputs
      if let path = norms.norms { inputs.append(try Provenance("norms", file: path)) }
      let parcels = try networkOptions.request.parcels(&runs, inputs: &inputs)
      let report = try networkReport(
        of: runs.prepared, parcels: parcels, sides: runs.first.sideRule, reference: table,
        covariates: own, progress: progress)
      let derived = Derived(
        command: "networks", inputs: inputs, space: runs.space,
        parameters: denoisingJSON(runs.prepared), findings: runs.findings + doubts,
        isSimulated: runs.isSimulated)
      try answer.give(
        CommandAnswer(derived, networksResult(report)), text: networksText(report))
    }
  }
}
