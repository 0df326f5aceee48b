import Basics
import ImageFiles
import Imaging
import Study
import Testing
import Workflows

/// A transform that something speaks against is taken for a reason only.
@Suite struct AcceptanceTests {
  private func transform(_ warnings: [String]) throws -> Transform {
    func end(_ c: Character) -> Transform.End {
      Transform.End(sha256: String(repeating: c, count: 64), space: .native, template: nil)
    }
    return try Transform(
      fixedFromMoving: .identity, moving: end("d"), fixed: end("e"), origin: "elastix, rigid",
      warnings: warnings, file: "m.txt")
  }

  @Test func warningsAreAnsweredAndStay() throws {
    let warned = TransformFile.Either.matrix(try transform(["other starts end 9 mm elsewhere"]))
    #expect(throws: Problem.self) {
      try TransformAcceptance.accepted(warned, because: nil, name: "m.txt")
    }
    #expect(throws: Problem.self) {
      try TransformAcceptance.accepted(warned, because: " fine ", name: "m.txt")
    }
    let taken = try TransformAcceptance.accepted(
      warned, because: "outlines meet in three planes", name: "m.txt")
    let t = try TransformFile.matrix(of: taken, file: "m.txt")
    #expect(t.isAccepted == true && t.warnings.count == 2)
    let words = try #require(t.warning)
    #expect(
      words.contains("other starts end 9 mm") && words.contains("sides not compared")
        && words.contains("outlines meet in three planes"))
    // A chain and the way back know it too.
    let back = try TransformFile.matrix(
      of: try TransformFile.inverted(taken, file: "b"), file: "b")
    #expect(back.warnings == t.warnings && back.acceptedBecause == t.acceptedBecause)
    let chain = try back.followed(by: t, file: "c")
    #expect(chain.isAccepted == true && chain.warnings == t.warnings)
    #expect(chain.warning?.contains("outlines meet") == true)
  }
}
