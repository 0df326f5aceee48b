import Basics
import Connectivity
import Foundation
import Imaging
import Study
import TestSupport
import Testing

/// A table's motion is what its columns say, or it is told.
@Suite struct MotionDoubtTests {
  private func codes(_ row: (Int) -> [Double]) throws -> [String] {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      let path = folder + "/sub-01_confounds.tsv"
      let head = "trans_x\ttrans_y\ttrans_z\trot_x\trot_y\trot_z\tframewise_displacement"
      let lines = (0..<60).map { t in row(t).map { "\($0)" }.joined(separator: "\t") }
      try ([head] + lines).joined(separator: "\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      var options = RunRequest()
      options.confounds = [path]
      options.preset = .sixMotion
      var study = LoadedStudy()
      var session = SessionRuns()
      try session.read(run, at: 0, options, into: &study, progress: .silent)
      try session.prepare(
        try options.choice(), options, given: 1, into: &study, progress: .silent)
      return session.findings.map(\.code)
    }
  }

  private func motion(_ t: Int, turn: Double) -> [Double] {
    let x = sin(Double(t))
    return [0.1 * x, 0.05 * x, 0, turn * x, 0, 0]
  }

  /// Framewise displacement of Power.
  private func displacement(_ t: Int, turn: Double) -> Double {
    guard t > 0 else { return 0 }
    let (a, b) = (motion(t - 1, turn: turn), motion(t, turn: turn))
    return (0..<6).reduce(0) { $0 + ($1 < 3 ? 1 : 50) * abs(b[$1] - a[$1]) }
  }

  @Test func motionThatAgreesIsNotSpokenOf() throws {
    let found = try codes { motion($0, turn: 0.002) + [displacement($0, turn: 0.002)] }
    #expect(!found.contains("fd-contradicts") && !found.contains("motion-units"), "\(found)")
  }

  @Test func motionThatContradictsItselfIsTold() throws {
    #expect(try codes { motion($0, turn: 0.002) + [0] }.contains("fd-contradicts"))
    let large = try codes { motion($0, turn: 0.002) + [20 * displacement($0, turn: 0.002)] }
    #expect(large.contains("fd-contradicts"))
    // Two degrees are no radians.
    let degrees = try codes { motion($0, turn: 2) + [displacement($0, turn: 2)] }
    #expect(degrees.contains("motion-units") && !degrees.contains("fd-contradicts"))
  }
}
