import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Registration
import Reports
import Study
import Workflows

extension RegistrationKind: ExpressibleByArgument {}

/// `boldspect register`.
struct Register: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find how one image lies over another: a transform for a person to accept.",
    discussion: """
      \(researchUse)

      Rigid for images of one head, affine for a head and a template; by elastix, with a fixed seed: the \
      same answer twice. Of a series the mean is taken. The brains of both are found, or given as masks; \
      where one image shows a skull and the other none, the skull is left out. What no human head needs, \
      and a skull laid on a brain, is refused. Beside the transform a picture in three planes (.png) shows \
      both brains' outlines: look at it, then accept with `boldspect transform accept`; until then every \
      use of it says NOT ACCEPTED.
      """)

  @Argument(help: "The image that is carried (MOVING).")
  var moving: String
  @Option(help: ArgumentHelp("The image that it is carried to (FIXED).", valueName: "file"))
  var to: String
  @Option(help: "rigid or affine.")
  var kind = RegistrationKind.rigid
  @Option(help: ArgumentHelp("MNI152 or native, when MOVING does not say it.", valueName: "name"))
  var movingSpace: String?
  @Option(help: ArgumentHelp("MNI152 or native, when FIXED does not say it.", valueName: "name"))
  var fixedSpace: String?
  @Option(
    help: ArgumentHelp(
      "MOVING's brain (above 0); without it the brain is found.", valueName: "file"))
  var movingMask: String?
  @Option(
    help: ArgumentHelp("FIXED's brain (above 0); without it the brain is found.", valueName: "file")
  )
  var fixedMask: String?
  @Option(help: ArgumentHelp("Other starts that are tried (0 to 5).", valueName: "n"))
  var restarts = 2
  @Option(help: ArgumentHelp("Seconds after which elastix is stopped.", valueName: "s"))
  var timeLimit = 120.0
  @OptionGroup var people: PeopleOptions
  @OptionGroup var answer: AnswerOptions
  @Option(name: .shortAndLong, help: ArgumentHelp("The transform.", valueName: "file.txt"))
  var output: String
  @Flag(help: "Replace what is already there.")
  var force = false

  /// Refuses before the work what would be refused after it.
  private func check() throws(Problem) {
    try TransformFile.check(output, overwrite: force)
    try checkTransform(output, inputs: [moving, to])
    try checkFolder(of: output)
    guard timeLimit.isFinite, timeLimit >= 1, timeLimit <= 86_400 else {
      throw Problem(
        .usage, "--time-limit", "\(plainNumber(timeLimit)) s is no useful limit",
        expected: "1 to 86400")
    }
    guard (0...5).contains(restarts) else {
      throw Problem(.usage, "--restarts", "\(restarts) is no useful number", expected: "0 to 5")
    }
  }

  func run() throws {
    try check()
    let picture = contourPicturePath(output)
    try AtomicFile.checkFree(picture, overwrite: force)
    _ = try Elastix.executable()
    let spaces = (
      try Study.stated(movingSpace, by: "--moving-space"),
      try Study.stated(fixedSpace, by: "--fixed-space")
    )
    try withStatus { progress in
      let (m, movingImage) = try meanVolume(moving, progress)
      let (f, fixedImage) = try meanVolume(to, progress)
      for d in [m, f] { try requireKnownSides(d, for: "a registration") }
      var study = LoadedStudy(allowsMixedPeople: people.mixedPeople)
      try study.admit(m, moving, as: .moving)
      try study.admit(f, to, as: .fixed)
      let ends = (transformEnd(m, stated: spaces.0), transformEnd(f, stated: spaces.1))
      let a = try registrationInput(m, movingImage, brain: movingMask, ends.0)
      let b = try registrationInput(f, fixedImage, brain: fixedMask, ends.1)
      let found = try register(
        moving: a, fixed: b, kind, restarts: restarts, secondsAllowed: timeLimit,
        progress: progress)
      let answered = RegistrationAnswer(found, kind, moving: movingImage, toTemplate: ends.1)
      let sides = try judgedSides(
        fixed: (f, fixedImage, found.fixed?.mask), moving: (m, movingImage, found.moving?.mask),
        progress: progress)
      let transform = try Transform(
        fixedFromMoving: found.fixedFromMoving, moving: ends.0, fixed: ends.1,
        origin:
          "elastix, \(kind.rawValue), Mattes mutual information, seed \(ElastixParameters.seed)",
        figures: answered.figures, warnings: answered.warnings, file: fileName(output))
      try TransformFile.write(output, transform, version: boldspectVersion, overwrite: force)
      try AtomicFile.write(
        picture,
        try ContourPicture.png(
          fixed: fixedImage, moving: movingImage, names: (f.name, m.name),
          brains: (found.moving?.mask, found.fixed?.mask), found.fixedFromMoving,
          matrixSHA256: TransformFile.matrixSHA256(found.fixedFromMoving)),
        overwrite: force)
      for warning in answered.warnings { complain(warning) }
      // What was worked out stands before what may be in the way of remembering it.
      let unkept = try KeptSides.problemOfKeeping("what is known of the two images") {
        () throws(Problem) in try KeptSides().keep(sides, of: [f, m])
      }
      try answer.give(
        CommandAnswer(
          "register", inputs: [Provenance("moving", m), Provenance("fixed", f)],
          findings: m.findings + f.findings + study.findings,
          result: answered.members + [
            ("sides", .string(sidesLine(sides))), ("picture", .string(picture)),
            ("transform", TransformFile.json(transform, version: boldspectVersion)),
          ]),
        text: answered.text + "\n" + sidesLine(sides)
          + "\nNOT ACCEPTED yet: look at \(fileName(picture)), then `boldspect transform accept \(fileName(output)) --looked \(fileName(picture))`"
      )
      if let unkept { throw unkept }
    }
  }
}
