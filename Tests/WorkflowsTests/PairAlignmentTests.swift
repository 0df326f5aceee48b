import Basics
import Imaging
import Perfusion
import TestSupport
import Testing
import Workflows

/// Which two images are taken to lie on each other.
@Suite struct PairAlignmentTests {
  private func input(_ name: String) -> SubtractionInput {
    let grid = Small.grid(4, 4, 4)
    return SubtractionInput(
      volume: Small.volume(grid) { Float($0.i) }, fileName: name, space: .mni152)
  }

  private let one = "a_space-MNI152NLin6Asym_spect.nii"
  private let other = "b_space-MNI152NLin2009cAsym_spect.nii"

  /// Of one family, and millimetres apart.
  @Test func twoTemplatesAreNotOne() throws {
    do throws(Problem) {
      let found = try alignment(of: input(one), and: input(other), isStated: false)
      Issue.record("\(found)")
    } catch {
      #expect(error.sentence.contains("MNI152NLin2009cAsym"))
      #expect(error.sentence.contains("MNI152NLin6Asym"))
      #expect(error.sentence.contains("one template"))
    }
  }

  @Test func whatIsStatedOrCarriedMayBeOfTwo() throws {
    #expect(try alignment(of: input(one), and: input(other), isStated: true) == .stated)
    #expect(
      try alignment(of: input(one), and: input(other), isStated: false, registration: "by x")
        == .registered("by x"))
  }

  @Test func aNameThatNamesNoneIsNoOther() throws {
    for name in ["b_space-MNI152_spect.nii", "b_spect.nii", "b_space-MNI152NLin6Asym_spect.nii"] {
      #expect(try alignment(of: input(one), and: input(name), isStated: false) == .files)
    }
  }

  /// What nobody said to be right says so in the answer's own line.
  @Test func anAnswerSaysThatItsTransformIsNotAccepted() throws {
    func caution(_ registration: String?) throws -> String? {
      func input(_ n: UInt64) -> SubtractionInput {
        SubtractionInput(
          volume: PerfusionPhantom.person(n, decrease: 0), fileName: "\(n).nii", space: .mni152)
      }
      return try siscom(
        ictal: input(1), interictal: input(2), isStated: false, registration: registration,
        brain: nil, rule: .usualSubtraction, atlas: nil
      ).caution
    }
    #expect(try caution("REGISTERED by x, NOT ACCEPTED") == "the transform is NOT ACCEPTED")
    #expect(try caution("REGISTERED by x, accepted") == nil)
    #expect(try caution(nil) == nil)
  }
}
