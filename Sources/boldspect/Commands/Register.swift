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
      same answer twice. Of a series the mean is taken. Look at the result (`view --transform`) and \
      accept it with `boldspect transform accept`; until then every use of it says NOT ACCEPTED.
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
  @Option(help: ArgumentHelp("Seconds after which elastix is stopped.", valueName: "s"))
  var timeLimit = 120.0
  @OptionGroup var people: PeopleOptions
  @OptionGroup var answer: AnswerOptions
  @Option(name: .shortAndLong, help: ArgumentHelp("The transform.", valueName: "file.txt"))
  var output: String
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    try TransformFile.check(output, overwrite: force)
    try checkTransform(output, inputs: [moving, to])
    try checkFolder(of: output)
    guard timeLimit.isFinite, timeLimit >= 1, timeLimit <= 86_400 else {
      throw Problem(
        .usage, "--time-limit", "\(plainNumber(timeLimit)) s is no useful limit",
        expected: "1 to 86400")
    }
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
      let found = try register(
        moving: movingImage, fixed: fixedImage, kind, secondsAllowed: timeLimit, progress: progress)
      let centre = movingImage.grid.middle
      let moved = movement(found.fixedFromMoving, about: centre)
      let figures: [(name: String, value: Double)] = [
        ("nmi_before", found.before.nmi), ("nmi_after", found.after.nmi),
        ("overlap_before", found.before.overlap), ("overlap_after", found.after.overlap),
        ("moved_mm", moved.millimetres), ("turned_degrees", moved.degrees),
      ]
      let transform = try Transform(
        fixedFromMoving: found.fixedFromMoving, moving: transformEnd(m, stated: spaces.0),
        fixed: transformEnd(f, stated: spaces.1),
        origin:
          "elastix, \(kind.rawValue), Mattes mutual information, seed \(ElastixParameters.seed)",
        figures: figures.sorted { $0.name < $1.name }, file: fileName(output))
      try TransformFile.write(output, transform, version: boldspectVersion, overwrite: force)
      for warning in found.warnings { complain(warning) }
      try answer.give(
        CommandAnswer(
          "register", inputs: [Provenance("moving", m), Provenance("fixed", f)],
          findings: m.findings + f.findings + study.findings,
          result: figures.map { ($0.name, JSON.number($0.value)) } + [
            ("seconds", .number(found.seconds)),
            ("warnings", .array(found.warnings.map(JSON.string))),
            ("transform", TransformFile.json(transform, version: boldspectVersion)),
          ]),
        text:
          "likeness \(fixed(found.before.nmi, 4)) before, \(fixed(found.after.nmi, 4)) after; moved "
          + "\(fixed(moved.millimetres, 1)) mm, turned \(fixed(moved.degrees, 1))°; overlap "
          + "\(fixed(100 * found.after.overlap, 0)) %; \(fixed(found.seconds, 1)) s\n"
          + "NOT ACCEPTED yet: look at it, then `boldspect transform accept`")
    }
  }
}
