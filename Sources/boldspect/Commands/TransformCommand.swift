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
      "Transforms between two images' worlds: bring one in, show it, turn it round, move a point.",
    discussion: """
      A transform is a 4×4 matrix from MOVING to FIXED (RAS+ mm, column vectors) in a .txt, and a .json \
      beside it with the hashes and spaces of both images. It is used for those images only.
      """,
    subcommands: [
      ImportTransform.self, ShowTransform.self, AcceptTransform.self, LookAtTransform.self,
      InvertTransform.self,
      MovePoint.self,
    ])
}

struct ImportTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take over another program's rigid or affine matrix.",
    discussion: """
      What the file does must be stated: --direction moving-to-fixed is FLIRT's `-in MOVING -ref FIXED`, \
      ANTs' `antsApplyTransforms -i MOVING -r FIXED`, or a matrix that takes points of MOVING to FIXED. \
      Formats: matrix (4×4 text between RAS+ worlds), fsl (FLIRT .mat), itk (.txt, .tfm or .mat).
      """)

  @Argument(help: "The file of the other program.")
  var file: String
  @Option(help: "matrix, fsl or itk.")
  var format: ForeignTransform
  @Option(help: "moving-to-fixed or fixed-to-moving.")
  var direction: ForeignTransform.Direction
  @Option(help: ArgumentHelp("The image that is carried.", valueName: "file"))
  var moving: String
  @Option(help: ArgumentHelp("The image that it is carried to.", valueName: "file"))
  var fixed: String
  @Option(help: ArgumentHelp("MNI152 or native, when MOVING does not say it.", valueName: "name"))
  var movingSpace: String?
  @Option(help: ArgumentHelp("MNI152 or native, when FIXED does not say it.", valueName: "name"))
  var fixedSpace: String?
  @OptionGroup var people: PeopleOptions
  @Option(name: .shortAndLong, help: ArgumentHelp("The transform.", valueName: "file.txt"))
  var output: String
  @OptionGroup var answer: AnswerOptions
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    try TransformFile.check(output, overwrite: force)
    try checkTransform(output, inputs: [file, moving, fixed])
    try checkFolder(of: output)
    let m = try ImageReader.identify(moving)
    let f = try ImageReader.identify(fixed)
    for d in [m, f] { try requireKnownSides(d, for: "a transform") }
    var study = LoadedStudy(allowsMixedPeople: people.mixedPeople)
    try study.admit(m, moving, as: .moving)
    try study.admit(f, fixed, as: .fixed)
    let affine = try format.fixedFromMoving(
      file, direction: direction, moving: m.grid, fixed: f.grid)
    let transform = try Transform(
      fixedFromMoving: affine,
      moving: transformEnd(m, stated: try Study.stated(movingSpace, by: "--moving-space")),
      fixed: transformEnd(f, stated: try Study.stated(fixedSpace, by: "--fixed-space")),
      origin: "imported from \(format.rawValue), \(direction.rawValue)", file: fileName(file))
    try TransformFile.write(output, transform, version: boldspectVersion, overwrite: force)
    // Whether it makes sense is a person's judgement; where the head ends up is said at once.
    let middle = m.grid.middle
    let there = affine.applied(to: middle)
    let inside = f.grid.nearestVoxel(there) != nil
    try answer.give(
      CommandAnswer(
        "transform import",
        inputs: [
          try Provenance("matrix", file: file), Provenance("moving", m), Provenance("fixed", f),
        ], findings: m.findings + f.findings + study.findings,
        result: [
          ("middle_of_moving_mm", .point(middle)), ("in_fixed_mm", .point(there)),
          ("inside_fixed", .bool(inside)),
          ("transform", TransformFile.json(transform, version: boldspectVersion)),
        ]),
      text:
        "the middle of MOVING (\(millimetres(middle))) goes to (\(millimetres(there))) mm of FIXED, "
        + (inside ? "inside it" : "OUTSIDE of it: look at format and direction"))
  }
}

struct ShowTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Say what a transform is.")

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let t = try TransformFile.read(file)
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
      Nothing is accepted unseen: --looked names the picture in three planes that `register` or `transform \
      look` made of this very matrix. Whether it was looked at is the person's word.
      """)

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @Flag(help: "It is wrong.")
  var reject = false
  @Option(help: ArgumentHelp("The picture that was looked at.", valueName: "file.png"))
  var looked: String?
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    var t = try TransformFile.read(file)
    if !reject { try requireLooked(t) }
    t.isAccepted = !reject
    try TransformFile.write(file, t, version: boldspectVersion, overwrite: true)
    try answer.give(
      CommandAnswer(
        "transform accept", inputs: [try Provenance("transform", file: file)],
        result: [("accepted", .bool(!reject))]),
      text: "\(fileName(file)): \(reject ? "REJECTED" : "ACCEPTED")")
  }

  private func requireLooked(_ t: Transform) throws(Problem) {
    guard let looked else {
      throw Problem(
        .usage, fileName(file), "nothing is accepted unseen",
        expected: "--looked \(fileName(contourPicturePath(file)))",
        remedy:
          "Look at the picture in three planes; `boldspect transform look` makes it where there is none"
      )
    }
    try ContourPicture.require(
      looked, ofMatrix: sha256(of: Array(TransformFile.text(t.fixedFromMoving).utf8)))
  }
}

struct LookAtTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "look",
    abstract: "Picture FIXED in three planes with both brains' outlines, to be looked at.",
    discussion:
      "Says too how far the brains' surfaces are apart, and refuses what no human head needs.")

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
    try AtomicFile.checkFree(output, overwrite: force)
    let t = try TransformFile.read(file)
    try withStatus { progress in
      let look = try lookedAt(t, moving: moving, fixed: fixed, name: fileName(file), progress)
      try AtomicFile.write(
        output,
        try ContourPicture.png(
          fixed: look.fixed, moving: look.moving, brains: look.brains, t.fixedFromMoving,
          matrixSHA256: sha256(of: Array(TransformFile.text(t.fixedFromMoving).utf8))),
        overwrite: force)
      try answer.give(
        CommandAnswer(
          "transform look", inputs: [try Provenance("transform", file: file)] + look.inputs,
          result: look.members + [("picture", .string(output))]), text: look.text)
    }
  }
}

struct InvertTransform: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invert", abstract: "Write a transform the other way round.")

  @Argument(help: ArgumentHelp("A transform.", valueName: "file.txt"))
  var file: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The other way.", valueName: "file.txt"))
  var output: String
  @OptionGroup var answer: AnswerOptions
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    try checkTransform(output, inputs: [file])
    let t = try TransformFile.read(file)
    let back = try Transform(
      fixedFromMoving: t.movingFromFixed, moving: t.fixed, fixed: t.moving,
      origin: "inverse of: " + t.origin, isAccepted: t.isAccepted, figures: t.figures,
      file: fileName(file))
    try TransformFile.write(output, back, version: boldspectVersion, overwrite: force)
    try answer.give(
      CommandAnswer(
        "transform invert", inputs: [try Provenance("transform", file: file)],
        result: [("transform", TransformFile.json(back, version: boldspectVersion))]))
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
    let t = try TransformFile.read(file)
    let isForward = from == .moving
    let end = isForward ? t.fixed : t.moving
    let there = (isForward ? t.fixedFromMoving : t.movingFromFixed).applied(to: at.point)
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
