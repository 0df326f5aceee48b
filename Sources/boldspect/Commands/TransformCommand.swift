import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

extension ForeignTransform: ExpressibleByArgument {}
extension ForeignTransform.Direction: ExpressibleByArgument {}

/// `boldspect transform`.
struct TransformCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transform",
    abstract:
      "Transforms between two images' worlds: bring one in, show it, turn it round, join two, move a point.",
    discussion: """
      A transform is a 4×4 matrix from MOVING to FIXED (RAS+ mm, column vectors) in a .txt, and a .json \
      beside it with the hashes and spaces of both images; a warp is a .json that names the fields it is made of, \
      with their hashes. It is used for those images only.
      """,
    subcommands: [
      ImportTransform.self, ShowTransform.self, AcceptTransform.self, LookAtTransform.self,
      InvertTransform.self, ComposeTransforms.self, MovePoint.self,
    ])
}

struct ImportTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take over another program's matrix or warp.",
    discussion: """
      --direction moving-to-fixed is FLIRT's and fnirt's `-in MOVING -ref FIXED`, ANTs' `antsApplyTransforms -i \
      MOVING -r FIXED -t FILE`, AFNI's `3dAllineate -base FIXED -source MOVING -1Dmatrix_save FILE`, an .lta whose \
      src is MOVING, or a matrix that takes points of MOVING to FIXED. Where the file's own geometry proves the \
      direction it may be left out, and one that it contradicts is refused. Formats: matrix (4×4 text between RAS+ \
      worlds), fsl (FLIRT's .mat, fields in NIfTI), itk (.txt, .tfm, .mat, composite .h5, fields in NIfTI; several \
      in the order of antsApplyTransforms' -t), lta (FreeSurfer), afni (.aff12.1D).
      """)

  @Argument(help: "The file of the other program; of itk several.")
  var files: [String]
  @Option(help: "matrix, fsl, itk, lta or afni.")
  var format: ForeignTransform
  @Option(help: "moving-to-fixed or fixed-to-moving.")
  var direction: ForeignTransform.Direction?
  @Option(help: ArgumentHelp("The image that is carried.", valueName: "file"))
  var moving: String
  @Option(help: ArgumentHelp("The image that it is carried to.", valueName: "file"))
  var fixed: String
  @Option(help: ArgumentHelp("MNI152 or native, when MOVING does not say it.", valueName: "name"))
  var movingSpace: String?
  @Option(help: ArgumentHelp("MNI152 or native, when FIXED does not say it.", valueName: "name"))
  var fixedSpace: String?
  @OptionGroup var people: PeopleOptions
  @OptionGroup var output: TransformOutput
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    try output.check(inputs: files + [moving, fixed])
    let found = try TransformImport(
      files: files, format: format, direction: direction, moving: moving, fixed: fixed,
      movingSpace: movingSpace, fixedSpace: fixedSpace, allowsMixedPeople: people.mixedPeople
    ).write(to: output.output, version: boldspectVersion, overwrite: output.force)
    var inputs: [Provenance] = []
    for file in files { inputs.append(try Provenance("matrix", file: file)) }
    try answer.give(
      CommandAnswer(
        "transform import",
        inputs: inputs + [Provenance("moving", found.moving), Provenance("fixed", found.fixed)],
        findings: found.findings, result: importedTransform(found)),
      text: importedTransformText(found))
  }
}

struct ShowTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Say what a transform is.")

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let t = try TransformFile.readEither(file)
    try answer.give(
      CommandAnswer(
        "transform show", inputs: [try Provenance("transform", file: file)],
        result: TransformFile.json(t, version: boldspectVersion).members ?? []),
      text: transformText(t))
  }
}

struct AcceptTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Say that a person looked at a transform and found it right, or with --reject not.",
    discussion: """
      Nothing is accepted unseen: --looked names the picture in three planes that `register` or `transform look` made \
      of this very matrix. Whether it was looked at is the person's word. What was warned of, and sides that were not \
      compared or not told, need a typed reason (--because), which stays with the transform and all that uses it.
      """)

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @Flag(help: "It is wrong.")
  var reject = false
  @Option(help: ArgumentHelp("The picture that was looked at.", valueName: "file.png"))
  var looked: String?
  @Option(
    help: ArgumentHelp(
      "Why it is right although something speaks against it, or sides were not compared.",
      valueName: "reason"))
  var because: String?
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let text: String
    if reject {
      let kept = TransformFile.accepted(try TransformFile.readEither(file), false)
      try TransformFile.write(file, kept, version: boldspectVersion, overwrite: true)
      text = "\(fileName(file)): REJECTED"
    } else {
      text = try acceptTransform(file, looked: looked, because: because)
    }
    try answer.give(
      CommandAnswer(
        "transform accept", inputs: [try Provenance("transform", file: file)],
        result: [("accepted", .bool(!reject))]),
      text: text)
  }
}

struct LookAtTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "look",
    abstract: "Picture FIXED in three planes with both brains' outlines, to be looked at.",
    discussion:
      "Says too how far the brains' surfaces are apart and whether the sides agree, and refuses what no human head needs."
  )

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @Option(help: ArgumentHelp("The image that is carried.", valueName: "file"))
  var moving: String
  @Option(help: ArgumentHelp("The image that it is carried to.", valueName: "file"))
  var fixed: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The picture.", valueName: "file.png"))
  var output: String
  @OptionGroup var answer: AnswerOptions
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    try withStatus { progress in
      let look = try TransformLookPage(
        file, moving: moving, fixed: fixed, output: output, overwrite: force, progress: progress)
      try answer.give(
        CommandAnswer("transform look", inputs: look.inputs, result: look.result), text: look.text)
    }
  }
}

struct InvertTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invert", abstract: "Write a transform the other way round.")

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @OptionGroup var output: TransformOutput
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    try output.check(inputs: [file])
    let back = try TransformFile.inverted(
      try TransformFile.readEither(file), file: fileName(file))
    try TransformFile.write(
      output.output, back, version: boldspectVersion, overwrite: output.force)
    try answer.give(
      CommandAnswer(
        "transform invert", inputs: [try Provenance("transform", file: file)],
        result: [("transform", TransformFile.json(back, version: boldspectVersion))]))
  }
}

struct ComposeTransforms: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compose", abstract: "Write two or more matrices as one.",
    discussion: """
      In the order in which a point of the image travels; where the hashes of their ends prove the order they may be \
      given in any. A chain with a warp in it is not written: give its parts with --transform.
      """)

  @Argument(help: ArgumentHelp("Transforms.", valueName: "file.txt"))
  var files: [String]
  @Flag(help: "The native image that one leads to and that where the next begins lie in one world.")
  var sameWorld = false
  @OptionGroup var output: TransformOutput
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    try output.check(inputs: files)
    let whole = try composedTransform(files, isSameWorld: sameWorld)
    try TransformFile.write(
      output.output, whole.transform, version: boldspectVersion, overwrite: output.force)
    try answer.give(
      CommandAnswer(
        "transform compose", inputs: whole.inputs,
        result: [("transform", TransformFile.json(whole.transform, version: boldspectVersion))]))
  }
}

struct MovePoint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "point", abstract: "Carry X,Y,Z (RAS+ mm) from one of the two worlds to the other."
  )

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @Option(parsing: .unconditional, help: ArgumentHelp("A place.", valueName: "x,y,z"))
  var at: PointArgument
  @Option(help: "The world that the place is in: moving or fixed.")
  var from: TransformSide
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let (there, end) = try carriedPlace(
      at.point, by: try TransformFile.readEither(file), isForward: from == .moving,
      file: fileName(file))
    try answer.give(
      CommandAnswer(
        "transform point", inputs: [try Provenance("transform", file: file)],
        result: [
          ("mm", .point(there)), ("space", .string(end.space.rawValue)),
          ("template", .optional(end.template)), ("sha256", .string(end.sha256)),
        ]), text: "\(millimetres(there)) mm, \(end.template ?? end.space.rawValue)")
  }
}

enum TransformSide: String, ExpressibleByArgument, CaseIterable { case moving, fixed }

/// Where a transform goes.
struct TransformOutput: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The transform: .txt, or .json for a warp.", valueName: "file.txt"))
  var output: String
  @Flag(help: "Replace what is already there.")
  var force = false

  /// Refuses before the work what would be refused after it.
  func check(inputs: [String?]) throws(Problem) {
    if output.hasSuffix(".json") {
      try WarpFile.check(output, overwrite: force)
    } else {
      try TransformFile.check(output, overwrite: force)
    }
    try checkTransform(output, inputs: inputs)
    try checkFolder(of: output)
  }
}
