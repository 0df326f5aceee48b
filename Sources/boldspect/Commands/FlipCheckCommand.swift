import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect flipcheck`.
struct FlipCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flipcheck",
    abstract: "Whether two images of one head agree about left and right.",
    discussion: """
      \(researchUse)

      B is registered to A as it is stored and mirrored about its own mid-plane, with the same effort. The \
      verdict is same, mirrored or unknown; the margin is in standard errors over blocks of the brain. It is \
      kept by the hashes of both and told wherever both images are used; a mirrored pair blocks targets and \
      exports until a person decides, with a reason, that the sides are right as they are.
      """)

  @Argument(help: "An image of the head, such as a T1.")
  var a: String
  @Argument(help: "Another image of the same head: EPI or SPECT.")
  var b: String
  @Option(
    help: ArgumentHelp("Decide that the sides are right as stored, and why.", valueName: "reason"))
  var decide: String?
  @Option(help: ArgumentHelp("Take the decision about the two back, and why.", valueName: "reason"))
  var withdraw: String?
  @Flag(help: "Compare again, although the result is known; a decision stays.")
  var again = false
  @OptionGroup var people: PeopleOptions
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let kept = KeptSides()
    let isAsked = again
    try withStatus { progress in
      var (judged, first, second, isNew) = try checkSides(
        a, b, allowsMixedPeople: people.mixedPeople,
        known: { isAsked ? nil : kept.judged($0, $1) }, progress: progress)
      let unkept = try KeptSides.problemOfKeeping("what is known of the two images") {
        () throws(Problem) in
        try kept.keep(&judged, isNew: isNew, of: [first, second])
        if let withdraw {
          judged = try kept.withdraw(judged.first, judged.second, reason: withdraw)
        }
        if let decide {
          judged = try kept.decide(judged.first, judged.second, reason: decide)
        }
      }
      let found = judged.agreement
      try answer.give(
        CommandAnswer(
          "flipcheck", inputs: [Provenance("a", first), Provenance("b", second)],
          findings: first.findings + second.findings,
          result: [
            ("verdict", .string(found.verdict.rawValue)), ("margin", .number(found.margin)),
            ("least_margin", .number(SideAgreement.leastMargin)),
            ("nmi_stored", .number(found.stored)), ("nmi_mirrored", .number(found.mirrored)),
            ("blocks", .bool(judged.isBlocking)), ("decision", judged.json["decision"] ?? .null),
            ("withdrawal", judged.json["withdrawal"] ?? .null),
            ("was_known", .bool(!isNew)),
          ]),
        text: ([found.words] + [judged.decisionWords].compactMap { $0 }
          + (judged.isBlocking
            ? ["targets and exports of both are BLOCKED until a person decides"] : []))
          .joined(separator: "\n"))
      if let unkept { throw unkept }
    }
  }
}
