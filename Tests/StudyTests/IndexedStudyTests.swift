import Basics
import Foundation
import ImageFiles
import Study
import TestSupport
import Testing

/// All that a listing says, by its bytes: two texts that look alike are not the same.
private func digest(_ listing: StudyListing) -> String {
  var people: [String] = []
  for person in listing.people {
    let visits = person.visits.map { visit in
      var plain = visit
      plain.others = [:]
      return "\(plain) \(visit.others.sorted { $0.key < $1.key })"
    }
    people.append("\(person.subject) \(person.family ?? "-") \(visits)")
  }
  return sha256(
    of: Array("\(listing.root) \(people) \(listing.findings) \(listing.fileCount)".utf8))
}

/// Lists a folder by its index: as it was before, then as it is kept now.
func expectTheSame(
  _ fresh: StudyListing, _ root: String, index path: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var walk = StudyFolder.walk()
  walk.settledAfterSeconds = 0
  let first = try IndexedStudy(root, index: path, walk: walk)
  #expect(digest(first.listing) == digest(fresh), sourceLocation: sourceLocation)
  try first.keep(in: path)
  let second = try IndexedStudy(root, index: path, walk: walk)
  #expect(!second.isNew, sourceLocation: sourceLocation)
  #expect(digest(second.listing) == digest(fresh), sourceLocation: sourceLocation)
  for person in fresh.people.prefix(3) {
    let one = try IndexedStudy(root, index: path, only: person.subject, walk: walk).listing
    let alone = try StudyFolder.listing(of: walk.tree(root), only: person.subject)
    #expect(digest(one) == digest(alone), sourceLocation: sourceLocation)
  }
}

/// A study by its index: the same as by a walk, whatever happens in its folders.
@Suite struct IndexedStudyTests {
  private static let names =
    FolderTests.fmriprep + [
      "sub-02/ses-1/func/sub-02_ses-1_task-rest_bold.nii.gz", "sub-02/ses-1/spect/ictal_ECD.nii",
      "sub-02/ses-2/func/sub-02_ses-2_task-rest_bold.nii.gz", "sub-02/sub-09_T1w.nii",
      "other/sub-02/anat/sub-02_T1w.nii.gz", "flat/mueller_rest.nii", "flat/schmidt_rest.nii",
      "flat/sub-77_T1w.nii", "100307/MNINonLinear/T1w_restore.nii.gz",
      "100307/MNINonLinear/Results/rfMRI_REST1_LR/rfMRI_REST1_LR.nii.gz",
      "derivatives/boldspect/sub-01/sub-01_targets.tsv", "sub-03/func/sub-03_task-rest_bold.nii",
    ]

  @Test func changesAreFollowedAndTheRestIsAsItWas() throws {
    try withTemporaryFolder { outer in
      let tree = try NameTree(outer + "/study", Self.names)
      let manager = FileManager.default
      let path = outer + "/index"
      func check(_ sourceLocation: SourceLocation = #_sourceLocation) throws {
        // A tick of the clock must pass before what follows changes anything.
        usleep(20_000)
        let fresh = try StudyFolder.listing(of: StudyFolder.walk().tree(tree.root))
        try expectTheSame(fresh, tree.root, index: path, sourceLocation: sourceLocation)
        usleep(20_000)
      }
      try check()
      try tree.add("sub-02/ses-1/func/sub-02_ses-1_task-rest_desc-confounds_timeseries.tsv")
      try check()
      try tree.add("sub-04/func/sub-04_task-rest_bold.nii")
      try check()
      try manager.removeItem(atPath: tree.path("sub-03/func/sub-03_task-rest_bold.nii"))
      try check()
      try manager.removeItem(atPath: tree.path("sub-03"))
      try check()
      try manager.moveItem(
        atPath: tree.path("sub-02/ses-1/spect/ictal_ECD.nii"),
        toPath: tree.path("sub-02/ses-1/spect/interictal_ECD.nii"))
      try check()
      try manager.moveItem(atPath: tree.path("sub-02/ses-2"), toPath: tree.path("sub-02/ses-3"))
      try check()
      try manager.moveItem(atPath: tree.path("sub-04"), toPath: tree.path("sub-05"))
      try check()
      let run = tree.path("sub-05/func/sub-04_task-rest_bold.nii")
      try manager.removeItem(atPath: run)
      try manager.createSymbolicLink(atPath: run, withDestinationPath: outer + "/content")
      try check()
      try Data().write(to: URL(filePath: outer + "/content"))
      try check()
      try manager.removeItem(atPath: outer + "/content")
      try check()
      // Whose the HCP's folders are is said by a folder that lies beside them.
      try tree.add("100307/MNINonLinear/x/MNINonLinear/y.nii")
      try check()
      try manager.removeItem(atPath: tree.path("100307/MNINonLinear"))
      try check()
    }
  }

  @Test func oneWhoIsAskedForLeavesTheIndexOfAll() throws {
    try withTemporaryFolder { outer in
      let tree = try NameTree(outer + "/study", Self.names)
      let path = outer + "/index"
      var walk = StudyFolder.walk()
      walk.settledAfterSeconds = 0
      usleep(20_000)
      let one = try IndexedStudy(tree.root, index: path, only: "sub-03", walk: walk)
      #expect(one.listing.people.map(\.subject) == ["sub-03"])
      try one.keep(in: path)
      // Of all the others nothing was put together yet.
      let all = try IndexedStudy(tree.root, index: path, walk: walk)
      #expect(all.isNew && all.listing.people.count > 3)
      try all.keep(in: path)
      #expect(try !IndexedStudy(tree.root, index: path, only: "sub-03", walk: walk).isNew)
      #expect(try !IndexedStudy(tree.root, index: path, walk: walk).isNew)
    }
  }

  @Test func aDamagedIndexIsWalkedAgain() throws {
    try withTemporaryFolder { outer in
      let tree = try NameTree(outer + "/study", Self.names)
      let path = outer + "/index"
      usleep(20_000)
      let fresh = try StudyFolder.listing(of: StudyFolder.walk().tree(tree.root))
      try expectTheSame(fresh, tree.root, index: path)
      let good = Array(try Data(contentsOf: URL(filePath: path)))
      var walk = StudyFolder.walk()
      walk.settledAfterSeconds = 0
      var random = SeededGenerator(seed: 9)
      for n in 0..<300 {
        var bad = good
        if n % 3 == 0 {
          bad = Array(good.prefix(Int.random(in: 0..<good.count, using: &random)))
        } else {
          bad[Int.random(in: 0..<bad.count, using: &random)] ^= 1 << UInt8(n % 8)
        }
        try Data(bad).write(to: URL(filePath: path))
        let again = try IndexedStudy(tree.root, index: path, walk: walk).listing
        #expect(digest(again) == digest(fresh))
        // Whatever it says with sums that are right, nothing of it is taken beyond its ends.
        try Data(FolderIndex.sealed(bad)).write(to: URL(filePath: path))
        _ = try IndexedStudy(tree.root, index: path, walk: walk).listing
      }
    }
  }
}
