import Foundation
import TestSupport
import Testing

/// The documentation's Slurm array, as it stands there, on one machine.
@Suite struct SlurmTests {
  /// The first block of a language on the page.
  static func block(_ language: String) throws -> String {
    let page = RealData.project.appending(
      path: "Sources/boldspect/Documentation.docc/Cohort.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let parts = text.components(separatedBy: "```" + language + "\n")
    return parts.count > 1 ? parts[1].components(separatedBy: "```")[0] : ""
  }

  @Test(
    // Daemons of a cluster are no part of a machine's test run unless somebody wants them there.
    .enabled(
      if: OneMachineSlurm.isInstalled
        && ProcessInfo.processInfo.environment["BOLDSPECT_TRY_SLURM"] != nil,
      "BOLDSPECT_TRY_SLURM is not set, or Debian's slurm-wlm and munge are not installed"),
    .timeLimit(.minutes(3)))
  func theArrayWorksOnEverybodyAndThenOnTheGroup() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 3, broken: 2)
      guard let slurm = try OneMachineSlurm(folder + "/slurm") else {
        print("skipped: slurm-wlm does not come up on this machine")
        return
      }
      // The page's own text with a quicker request: what is tried is the array.
      let script = try Self.block("sh").replacing(
        "--group-files\")", with: "--group-files --parts motion maps --seed sgACC\")")
      #expect(script.contains("sbatch --parsable --array") && script.contains("--parts motion"))
      try script.write(toFile: folder + "/cohort.sh", atomically: true, encoding: .utf8)
      let out = folder + "/out"
      let sent = try slurm.run(
        "sh cohort.sh '\(cohort.study)' '\(out)'",
        path: Program.url.deletingLastPathComponent().path, in: folder)
      #expect(sent.status == 0, "\(sent.output)")
      var waiting = "?"
      for _ in 0..<240 where !waiting.isEmpty {
        usleep(500_000)
        waiting = try slurm.run("squeue -h").output
      }
      let rows = try CohortCommandTests.outcomes(out)
      let logs = try logs(folder)
      #expect(rows.count == 4, "\(rows) \(logs)")
      #expect(rows.filter { $0.contains("\tdone\t") }.count == 2)
      #expect(rows.contains { $0.hasPrefix("sub-02\tn/a\tfailed\t") })
      #expect(FileManager.default.fileExists(atPath: out + "/group/group_qc.html"), "\(logs)")
    }
  }

  private func logs(_ folder: String) throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".log") }
      .map { try String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }.joined()
  }
}
