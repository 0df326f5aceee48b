import ArgumentParser
import Basics
import Reports

extension ExportRequest.MapForm: ExpressibleByArgument {}

/// `boldspect export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Take results back to where the images came from.",
    discussion: researchUse, subcommands: [ExportDICOM.self])
}

struct ExportDICOM: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dicom",
    abstract: "Write maps, targets, a report and figures as DICOM objects.",
    discussion: """
      \(researchUse)

      Patient, study and frame of reference come from --source, a DICOM object of the person; nothing of \
      them is typed. A map or target goes out only where it is shown that it lies in that frame: it was made \
      of the source's series, or of an image (--imported) that has this series' values and places or names \
      the frame in its sidecar; else a person must say why (--same-frame). Images in the space of a template, of \
      unknown sides, or of another patient are refused. The folder is made whole or not at all.
      """)

  @Option(help: ArgumentHelp("A DICOM object of the person.", valueName: "file.dcm"))
  var source: String
  @Option(help: ArgumentHelp("A map in the person's own space; repeat.", valueName: "file"))
  var map: [String] = []
  @Option(
    name: .customLong("as"),
    help: "Maps as parametric (Parametric Map, float32) or mr (MR Image, 16 bits).")
  var form = ExportRequest.MapForm.parametric
  @Option(help: ArgumentHelp("What `targets -o` or the viewer saved.", valueName: "file.json"))
  var targets: String?
  @Option(help: ArgumentHelp("One of several targets; repeat.", valueName: "name"))
  var name: [String] = []
  @Flag(help: "Write targets that no person accepted, such as what `targets -o` saved.")
  var undecided = false
  @Option(help: ArgumentHelp("A report about this person.", valueName: "file.pdf"))
  var pdf: String?
  @Option(
    help: ArgumentHelp("How you know that the PDF is about this person.", valueName: "reason"))
  var ofThisPerson: String?
  @Option(
    help: ArgumentHelp("A PNG of `snapshot` of this person; repeat.", valueName: "file.png"))
  var figure: [String] = []
  @Option(
    help: ArgumentHelp(
      "What a map was made of, and the DICOM series that was made of; repeat.", valueName: "path"))
  var imported: [String] = []
  @Option(
    help: ArgumentHelp(
      "Maps and targets lie in the source's frame of reference, and how you know it.",
      valueName: "reason"))
  var sameFrame: String?
  @Option(
    help: ArgumentHelp(
      "Images of another person than the source go out, and why.", valueName: "reason"))
  var otherPerson: String?
  @OptionGroup var answer: AnswerOptions
  @Option(
    name: .shortAndLong, help: ArgumentHelp("A new folder for the files.", valueName: "folder"))
  var output: String

  func run() throws {
    let export = try withStatus { progress in
      try DICOMExport(
        ExportRequest(
          source: source, imported: imported, sameFrame: sameFrame, otherPerson: otherPerson,
          maps: map, form: form,
          targets: targets, targetNames: name, takesUndecided: undecided, pdf: pdf,
          ofThisPerson: ofThisPerson, figures: figure, output: output), progress: progress)
    }
    try answer.give(
      CommandAnswer(
        "export dicom", inputs: export.inputs, findings: export.findings, result: export.result),
      text: export.text)
  }
}
