import Foundation
import ImageFiles
import TestSupport
import Testing

/// Maps are no scans, also when they were smoothed; labels and masks have no numbers between two of theirs.
@Suite struct MapsAsScansTests {
  private static let sample = SampleCommandTests.sample
  private static let mask = ["--mask", SampleCommandTests.mask]
  private static let labels = sample("desc-networks_dseg.nii.gz")

  private func refused(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let told = try Program.run(arguments)
    #expect(told.status == status && told.errors.contains(words), "\(told.errors)")
  }

  @Test(arguments: ["z", "q", "n"]) func aSeedMapIsNoScanAndNoMask(_ statistic: String) throws {
    try withTemporaryFolder { folder in
      let map = folder + "/map.nii.gz"
      let made = try Program.run(
        ["seedmap", SampleCommandTests.bold, "--seed", "PCC", "--statistic", statistic, "-o", map]
          + Self.mask)
      #expect(made.status == 0, "\(made.errors)")
      try refused(["perfusion", map], 65, "it is a map of")
      try refused(
        [
          "seedmap", SampleCommandTests.bold, "--seed", "PCC", "--mask", map, "-o",
          folder + "/m.nii",
        ],
        65, "it is a map of")
      let smooth = folder + "/smooth.nii.gz"
      #expect(try Program.run(["smooth", map, "--fwhm", "6", "-o", smooth]).status == 0)
      try refused(["perfusion", smooth], 65, "it is a map of")
      let moved = folder + "/moved.nii.gz"
      let onGrid = try Program.run(
        ["resample", map, "--like", Self.sample("T1w.nii.gz"), "-o", moved])
      #expect(onGrid.status == 0, "\(onGrid.errors)")
      try refused(["perfusion", moved], 65, "it is a map of")
    }
  }

  @Test func labelsAndMasksAreResampledByTheNearest() throws {
    try withTemporaryFolder { folder in
      for file in [Self.labels, SampleCommandTests.mask] {
        let out = folder + "/\(fileName(file))"
        let way = ["resample", file, "--like", Self.sample("T1w.nii.gz"), "-o", out]
        try refused(way, 64, "--interpolation nearest")
        let made = try Program.run(way + ["--interpolation", "nearest"])
        #expect(made.status == 0, "\(made.errors)")
      }
      try refused(
        ["smooth", Self.labels, "--fwhm", "6", "-o", folder + "/s.nii"], 65, "it is a label map")
      // A smoothed mask is weights.
      let mask = ["smooth", SampleCommandTests.mask, "--fwhm", "6", "-o", folder + "/w.nii"]
      #expect(try Program.run(mask).status == 0)
    }
  }

  /// Of an anatomy or a map of a tissue, all that is not black would be brain.
  @Test func anImageOfValuesIsNoMask() throws {
    try withTemporaryFolder { folder in
      for image in ["T1w.nii.gz", "spect.nii.gz"] {
        let given = ["--mask", Self.sample(image)]
        let words = "it is given as a mask and holds many values"
        try refused(
          ["seedmap", SampleCommandTests.bold, "--seed", "PCC", "-o", folder + "/m.nii"] + given,
          65, words)
        try refused(["perfusion", Self.sample("spect.nii.gz")] + given, 65, words)
        try refused(
          ["snapshot", "--bold", SampleCommandTests.bold, "--size", "80x24", "-o", "-"] + given, 65,
          words)
      }
    }
  }

  /// A person's word for the space is heard, also where both files agree on another one.
  @Test func aStatedSpaceIsWritten() throws {
    try withTemporaryFolder { folder in
      let way = ["resample", Self.sample("T1w.nii.gz"), "--like", Self.sample("spect.nii.gz")]
      let stated = try Program.run(way + ["--space", "native", "-o", folder + "/a.nii"])
      #expect(
        stated.status == 0 && stated.errors.contains("a person's statement"), "\(stated.errors)")
      #expect(try ImageReader.describe(folder + "/a.nii").formCode == 1)
      let plain = try Program.run(way + ["-o", folder + "/b.nii"])
      #expect(plain.status == 0 && !plain.errors.contains("a person's statement"))
      #expect(try ImageReader.describe(folder + "/b.nii").formCode == 4)
    }
  }

  @Test func anImageOfValuesIsNoAtlas() throws {
    try withTemporaryFolder { folder in
      let run = [SampleCommandTests.bold] + Self.mask
      let t1 = Self.sample("T1w.nii.gz")
      try refused(
        ["matrix"] + run + ["--atlas", t1], 65, "looks like an image of values: most neighbours")
      // Under a name that says nothing its numbers say it, also as the label of a seed.
      let other = folder + "/x_space-MNI152_regions.nii.gz"
      try FileManager.default.copyItem(atPath: t1, toPath: other)
      try refused(["matrix"] + run + ["--atlas", other], 65, "most neighbours in it differ")
      try refused(
        ["seedmap"] + run + ["--seed", other + "#100", "-o", folder + "/m.nii"], 65,
        "most neighbours in it differ")
    }
  }
}
