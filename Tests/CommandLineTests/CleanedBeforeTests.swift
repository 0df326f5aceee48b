import Foundation
import TestSupport
import Testing

/// What was removed from a series before is in no header: whatever is made of it says so.
@Suite struct CleanedBeforeTests {
  private static let sample = RealData.project.appending(path: "SampleData").path
  private static let run = sample + "/sample_space-MNI152_bold.nii.gz"
  private static let mask = ["--mask", sample + "/sample_space-MNI152_brainmask.nii.gz"]

  @Test func whatWasCleanedIsNotFilteredAgainInSilence() throws {
    try withTemporaryFolder { folder in
      let cleaned = folder + "/a_space-MNI152_bold.nii.gz"
      let made = try Program.run(["clean", Self.run] + Self.mask + ["-o", cleaned])
      #expect(made.status == 0 && !made.errors.contains("cleaned before"), "\(made.errors)")
      // Parted from what stands beside it.
      try FileManager.default.removeItem(atPath: folder + "/a_space-MNI152_bold.json")
      let map = folder + "/m_space-MNI152_map.nii.gz"
      let again = try Program.run(
        ["seedmap", cleaned, "--seed", "PCC", "-o", map, "--json"] + Self.mask)
      #expect(
        again.status == 0 && again.errors.contains("it was cleaned before"), "\(again.errors)")
      #expect(again.output.contains("\"cleaned-before\""))
      let seen = try Program.run(["info", map])
      #expect(seen.output.contains("it was cleaned before"), "\(seen.output)")
      let first = try Program.run(
        ["seedmap", Self.run, "--seed", "PCC", "-o", folder + "/n.nii.gz"] + Self.mask)
      #expect(first.status == 0 && !first.errors.contains("cleaned before"))
    }
  }

  @Test func whatNeedsTheRunAsItWasSaysSo() throws {
    try withTemporaryFolder { folder in
      let cleaned = folder + "/a_space-MNI152_bold.nii.gz"
      let made = try Program.run(["clean", Self.run, "--gsr", "-o", cleaned] + Self.mask)
      #expect(made.status == 0, "\(made.errors)")
      func refused(_ arguments: [String], _ words: String) throws {
        let told = try Program.run(arguments + Self.mask)
        #expect(told.status == 65 && told.errors.contains(words), "\(told.errors)")
      }
      try refused(
        [
          "networks", cleaned, "--networks",
          Self.sample + "/sample_space-MNI152_desc-networks_dseg.nii.gz",
          "--norms", Self.sample + "/models/normals_networks.tsv",
        ], "it was cleaned before")
      try refused(["compare", Self.run, cleaned, "--seed", "PCC"], "was cleaned before and sample")
      try refused(
        ["seedmap", Self.run, cleaned, "--seed", "PCC", "-o", folder + "/m.nii.gz"],
        "was made of the other")
      // What would be without a signal that is gone cannot be told, and a sign that does not flip says nothing.
      let found = try Program.run(["targets", cleaned, "--bootstrap", "0"] + Self.mask)
      #expect(found.status == 0, "\(found.errors)")
      #expect(found.output.contains("the global signal was removed before"))
      #expect(!found.output.contains("without global-signal removal"), "\(found.output)")
      #expect(!found.output.contains("sign flips"))
    }
  }
}
