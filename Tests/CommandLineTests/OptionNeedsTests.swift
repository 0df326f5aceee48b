import Foundation
import TestSupport
import Testing

/// An option that would have no effect is refused, and so is one that is given two values.
@Suite struct OptionNeedsTests {
  @Test(arguments: [
    (["simulate", "b.nii", "-o", "o.nii", "--proxy", "mean", "--asl", "a.nii"], "--asl"),
    (["simulate", "b.nii", "-o", "o.nii", "--proxy", "mean", "--gsr"], "--gsr"),
    (["simulate", "b.nii", "-o", "o.nii", "--proxy", "gm", "--window", "60"], "--window"),
    (["simulate", "b.nii", "-o", "o.nii", "--views", "60"], "--views"),
    (["simulate", "b.nii", "-o", "o.nii", "--counts", "1000"], "--counts"),
    (["simulate", "b.nii", "-o", "o.nii", "--proxy", "mean", "--drop", "10"], "--drop"),
    (["simulate", "b.nii", "-o", "o.nii", "--proxy", "gm", "--dvars", "1.5"], "--dvars"),
    (["compare", "a.nii", "b.nii", "--seed", "PCC", "--names", "yeo7"], "--names"),
    (["compare", "a.nii", "b.nii", "--seed", "PCC", "--write", "delta"], "--write"),
    (["lesson", "--export", "x", "--speak"], "--speak"), (["lesson", "--size", "80x24"], "--size"),
    (["losses", "b.nii", "--proxy", "mean", "--seed", "PCC"], "--seed"),
    (["targets", "b.nii", "--method", "peak", "--percentile", "20"], "--percentile"),
    (["perfusion", "s.nii", "--sort", "lowest"], "--sort"),
    (["perfusion", "s.nii", "--min-voxels", "3"], "--min-voxels"),
    (["perfusion", "s.nii", "--at=-30,-70,50", "--rim", "30"], "--rim"),
    (["networks", "b.nii", "--networks", "n.nii", "--covariates", "age=40"], "--covariates"),
    (["windows", "b.nii", "--seed", "PCC", "--surrogates", "99"], "--surrogates"),
    (["seedmap", "b.nii", "--seed", "PCC", "-o", "o.nii", "--min-run", "3"], "--min-run"),
  ])
  func whatHasNoEffectIsRefused(_ arguments: [String], _ option: String) throws {
    let told = try Program.run(arguments)
    #expect(told.status == 64, "\(told.errors)")
    #expect(
      told.errors.contains("'\(option)'") && told.errors.contains("no effect"), "\(told.errors)")
  }

  @Test(arguments: [
    (
      ["seedmap", "b.nii", "--seed", "PCC", "-o", "o.nii", "--tr", "2", "--tr", "3"],
      "--tr 2 and --tr 3"
    ),
    (
      ["seedmap", "b.nii", "--seed", "PCC", "-o", "o.nii", "--smooth", "6", "--smooth", "3"],
      "two values"
    ),
    (["clean", "b.nii", "-o", "o.nii", "--gsr", "--no-gsr"], "says the opposite"),
    (
      [
        "networks", "b.nii", "--norms", "n.tsv", "--covariates", "age=40", "--covariates", "age=60",
      ], "two values"
    ),
  ])
  func whatIsGivenTwiceIsRefused(_ arguments: [String], _ words: String) throws {
    let told = try Program.run(arguments)
    #expect(told.status == 64 && told.errors.contains(words), "\(told.errors)")
  }

  /// What does count is taken, and goes on to the files.
  @Test(arguments: [
    ["camera", "simulate", "f.nii", "-o", "o.nii", "--views", "60", "--counts", "1e5"],
    ["targets", "b.nii", "--method", "cluster", "--percentile", "5"],
    ["seedmap", "b.nii", "--seed", "PCC", "-o", "o.nii", "--censoring", "joint"],
  ])
  func whatCountsIsTaken(_ arguments: [String]) throws {
    let told = try Program.run(arguments)
    #expect(told.status == 66, "\(told.errors)")
  }

  /// What may come several times, and the same value again, go on to the files, which are not there.
  @Test(arguments: [
    ["seedmap", "b.nii", "--seed", "PCC", "-o", "o.nii", "--tr", "2", "--tr", "2"],
    ["perfusion", "s.nii", "--at", "1,2,3", "--at", "30,2,3"],
  ])
  func whatMayComeAgainDoes(_ arguments: [String]) throws {
    let told = try Program.run(arguments)
    #expect(told.status == 66, "\(told.errors)")
  }
}
