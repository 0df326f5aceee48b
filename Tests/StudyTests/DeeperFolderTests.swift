import Basics
import Foundation
import ImageFiles
import Study
import TestSupport
import Testing

/// The folder just above the visits is the person, at whatever depth, and nobody's files are joined with anybody else's.
@Suite struct DeeperFolderTests {
  private static let hospital = [
    "Neurology/Mueller_Anna/visit1/ictal_spect.nii.gz", "Neurology/Mueller_Anna/visit2/spect.nii",
    "Neurology/Schmidt_Bernd/visit1/interictal_spect.nii.gz",
    "Neurology/Schmidt_Bernd/visit2/spect.nii", "Psychiatry/Weber_Carl/rest_bold.nii.gz",
    "Psychiatry/Fischer Dora/pre/fMRI rest.nii.gz",
  ]

  @Test func aDepartmentIsNobody() throws {
    try withTree(Self.hospital) { tree, listing in
      #expect(
        listing.people.map(\.subject) == [
          "Fischer Dora", "Mueller_Anna", "Schmidt_Bernd", "Weber_Carl",
        ])
      #expect(listing.people[1].visits.map(\.session) == ["visit1", "visit2"])
      for person in listing.people[1...2] {
        for visit in person.visits {
          #expect(visit.spect.count == 1)
          #expect(visit.spect[0].path.contains("/\(person.subject)/"))
          #expect(visit.problems.isEmpty)
        }
      }
      // Whatever folder is opened, the person keeps name and visit.
      for (below, names) in [
        ("Neurology", ["Mueller_Anna", "Schmidt_Bernd"]),
        ("Neurology/Schmidt_Bernd", ["Schmidt_Bernd"]),
        ("Neurology/Schmidt_Bernd/visit1", ["Schmidt_Bernd"]),
        ("Psychiatry/Weber_Carl", ["Weber_Carl"]),
      ] {
        let own = try NameTree(tree.path(below), []).listing()
        #expect(own.people.map(\.subject) == names, "\(below)")
        let before = listing.people.first { $0.subject == names.last }?.visits.map(\.session)
        let isOneVisit = below.hasSuffix("visit1")
        #expect(own.people.last?.visits.map(\.session) == (isOneVisit ? ["visit1"] : before))
      }
    }
    // One level more, kinds of images on the way, and a day above the person.
    try withTree([
      "x/Neurology/spect/Mueller/visit1/spect.nii", "x/Neurology/mri/Mueller/visit1/T1.nii",
      "x/Neurology/spect/Schmidt/visit1/spect.nii",
    ]) { _, listing in
      #expect(listing.people.map(\.subject) == ["Mueller", "Schmidt"])
      #expect(listing.people[0].visits.map { $0.anatomies.count + $0.spect.count } == [2])
    }
    try withTree(["spect.nii"], folder: "Mueller/visit1/NM") { _, listing in
      #expect(listing.people.map(\.subject) == ["Mueller"])
      #expect(listing.people[0].visits.map(\.session) == ["visit1"])
    }
  }

  @Test func oneNameInTwoDepartmentsIsTwoPeople() throws {
    try withTree(["N/Mueller/visit1/spect.nii", "P/Mueller/visit1/T1.nii"]) { _, listing in
      #expect(listing.people.map(\.family) == ["N", "P"])
      #expect(listing.people.allSatisfy { $0.visits.count == 1 })
      #expect(listing.findings.map(\.code) == ["same-label"])
    }
  }

  @Test func whatCanBeReadInTwoWaysIsNotJoined() throws {
    for names in [
      // No visits: a department, or a person with two strange folders.
      ["Mueller/Export A/rest_bold.nii", "Mueller/Export B/spect.nii"],
      // Files in the upper folder, and folders in it.
      ["Neurology/rest_bold.nii", "Neurology/Schmidt_Bernd/spect.nii"],
      ["Neurology/visit1/rest_bold.nii", "Neurology/Schmidt_Bernd/visit1/spect.nii"],
      // One day of two people, or of one person with two folders.
      ["Neurology/2024-01-02/Mueller/rest_bold.nii", "Neurology/2024-01-02/Schmidt/spect.nii"],
    ] {
      try withTree(names) { _, listing in
        #expect(listing.people.count == 2, "\(names)")
        for visit in listing.people.flatMap(\.visits) {
          #expect(visit.bold.count + visit.spect.count == 1)
          let doubt = try #require(visit.doubt)
          #expect(visit.problems.contains(doubt) && doubt.contains("nothing of the two is joined"))
          let told = OpenedVisit(visit).request.told
          #expect(told.map(\.code) == ["person-unsure"] && told[0].severity == .warning)
        }
      }
    }
    // Folders that are named as nothing but kinds of images are the person's own.
    try withTree(["Mueller/T1 MPRAGE/x.nii", "Mueller/SPECT_HMPAO/a.nii", "Schmidt/NM/a.nii"]) {
      _, listing in
      #expect(listing.people.map(\.subject) == ["Mueller", "Schmidt"])
      #expect(listing.people.flatMap(\.visits).allSatisfy { $0.doubt == nil })
    }
    // A number behind a kind may be a patient's.
    try withTree(["EPI_01/spect.nii", "EPI_02/spect.nii"]) { _, listing in
      #expect(listing.people.map(\.subject) == ["EPI_01", "EPI_02"])
    }
  }

  @Test func aFileOfAnothersNameIsNotOpenedByItself() throws {
    try withTree([
      "Mueller_Anna/2024-09-01/Schmidt_Bernd_spect.nii.gz", "Mueller_Anna/2024-09-01/spect.nii.gz",
      "Mueller_Anna/2024-09-01/Schmidt_Bernd_T1.nii.gz",
      "Mueller_Anna/2025-01-01/Schmidt_Bernd_0001.nii",
      "Schmidt_Bernd/visit2/Schmidt_Bernd_spect.nii.gz",
      "Fischer/visit1/Schmidt_Bernd_spect.nii.gz",
    ]) { tree, listing in
      let anna = try #require(listing.people.first { $0.subject == "Mueller_Anna" }?.visits.first)
      let folder = "Mueller_Anna/2024-09-01/"
      #expect(
        anna.spect.map(\.path)
          == ["spect.nii.gz", "Schmidt_Bernd_spect.nii.gz"].map { tree.path(folder + $0) })
      #expect(anna.spect.map(\.isStrangers) == [false, true])
      // An image of no known kind that is named as another's is none of the visit's.
      let last = try #require(listing.people.first { $0.subject == "Mueller_Anna" }?.visits.last)
      #expect(last.session == "2025-01-01" && last.unknown.isEmpty && last.problems.count == 1)
      #expect(anna.problems.count == 2)
      #expect(
        anna.problems.allSatisfy {
          $0.contains("its name is that of Schmidt_Bernd, another person of this list")
        })
      let opened = OpenedVisit(anna).request
      #expect(opened.spect == [tree.path(folder + "spect.nii.gz")] && opened.anat == nil)
      // That two more lie there goes to every page of the visit.
      #expect(opened.told.map(\.code) == ["not-opened", "not-opened"])
      #expect(
        opened.told.map(\.file) == ["Schmidt_Bernd_spect.nii.gz", "Schmidt_Bernd_T1.nii.gz"])
      // By its own name it is opened, and alone.
      let alone = OpenedVisit(anna, asked: tree.path(folder + "Schmidt_Bernd_spect.nii.gz")).request
      #expect(alone.imagePaths == [tree.path(folder + "Schmidt_Bernd_spect.nii.gz")])
      let head = OpenedVisit(anna, asked: tree.path(folder + "Schmidt_Bernd_T1.nii.gz")).request
      #expect(head.imagePaths == [tree.path(folder + "Schmidt_Bernd_T1.nii.gz")])
      // Where it is the only one nothing is opened, but by its own name; then it is told.
      let only = try #require(listing.people.first { $0.subject == "Fischer" }?.visits.first)
      #expect(OpenedVisit(only).request.imagePaths.isEmpty)
      let chosen = OpenedVisit(only, asked: only.spect[0].path).request
      #expect(chosen.spect == [only.spect[0].path])
      #expect(chosen.told.map(\.code) == ["named-as-another"])
      #expect(chosen.told.first?.severity == .warning)
      let own = try #require(listing.people.first { $0.subject == "Schmidt_Bernd" }?.visits.first)
      #expect(own.problems.isEmpty && OpenedVisit(own).request.spect.count == 1)
    }
    // Of an anatomy and of a run with its mask the same holds.
    try withTree([
      "Ole/visit1/Pia_T1.nii.gz", "Ole/visit1/T1.nii.gz", "Ole/visit1/Pia_rest.nii",
      "Ole/visit1/rest.nii", "Ole/visit1/Pia_mask.nii", "Ole/visit1/mask.nii",
    ]) { tree, listing in
      let visit = try #require(listing.people.first?.visits.first)
      let opened = OpenedVisit(visit).request
      #expect(opened.bold == [tree.path("Ole/visit1/rest.nii")])
      #expect(opened.run.mask == tree.path("Ole/visit1/mask.nii"))
      #expect(opened.anat == tree.path("Ole/visit1/T1.nii.gz"))
      #expect(visit.bold.map(\.isStrangers) == [false, true])
    }
  }

  @Test func wordsOfSpacesAndProgramsAreNoNames() throws {
    let names = [
      "rest_space-MNI152_bold.nii.gz", "rest_space-MNI152_brainmask.nii.gz", "wspect.nii",
      "swrest.nii",
      "T1_MNI152NLin2009cAsym.nii", "HMPAO (2) final.nii.gz", "spect_OSEM_3D_smoothed.nii",
      "spect_export.nii.gz", "Mueller_Anna_T1.nii", "Anna_spect.nii", "mueller T1.nii",
    ]
    try withTree(names.map { "Mueller_Anna/visit1/" + $0 } + ["Schmidt/visit1/spect.nii"]) {
      _, listing in
      #expect(listing.people.first?.visits.first?.problems == [])
    }
  }

  @Test func aFileInAnothersFolderIsToldWithoutAList() throws {
    try withTemporaryFolder { outer in
      let files = SmallStudy(outer)
      for folder in ["Mueller_Anna/visit1", "Schmidt_Bernd/visit1"] {
        try FileManager.default.createDirectory(
          atPath: files.folder + "/" + folder, withIntermediateDirectories: true)
      }
      var study = LoadedStudy()
      _ = try study.read(try files.image("Mueller_Anna/visit1/T1.nii"), as: .anatomy)
      #expect(study.findings.isEmpty)
      _ = try study.read(try files.image("Mueller_Anna/visit1/Schmidt_Bernd_T1.nii"), as: .overlay)
      let told = study.findings.filter { $0.code == "named-as-another" }
      #expect(told.count == 1 && told[0].severity == .warning)
      #expect(
        told.first?.text.contains("Schmidt_Bernd, and it lies in the folder of Mueller_Anna")
          == true)
    }
  }

  @Test func whatNoNameSaysIsNamedAndNotGuessed() throws {
    try withTemporaryFolder { outer in
      let tree = try NameTree(outer + "/study", ["Ole/visit1/spect.nii", "Pia/visit1/a.tsv"])
      let files = SmallStudy(tree.root)
      for name in ["Ole", "Pia"] { _ = try files.image("\(name)/visit1/IMG_0003.nii") }
      let people = try tree.listing().people
      #expect(people.map { $0.visits[0].unknown.count } == [1, 1])
      let beside = OpenedVisit(people[0].visits[0])
      #expect(beside.request.spect.count == 1)
      #expect(beside.request.overlay.isEmpty && beside.request.anat == nil)
      #expect(
        beside.notes.contains { $0.contains("1 image of unknown kind: IMG_0003.nii; not opened") })
      // Alone it is seen, and called neither.
      let alone = OpenedVisit(people[1].visits[0])
      #expect(alone.request.imagePaths.isEmpty)
      #expect(alone.request.overlay == people[1].visits[0].unknown)
      #expect(alone.request.told.map(\.code) == ["unknown-kind"])
      #expect(alone.request.told[0].text.hasPrefix("1 image of unknown kind: IMG_0003.nii"))
    }
  }

  /// What is left of the names of one visit's run and scan is a doubt, and nobody's name.
  @Test func aVisitsRunAndScanAreOnePersons() throws {
    try withTree([
      "Schulz, Eva/2024-01-01/BOLD Grundlinie.nii.gz",
      "Schulz, Eva/2024-01-01/ECD SPECT Ende.nii.gz",
      "Braun, Ute/2024-01-01/rest.nii.gz", "Braun, Ute/2024-01-01/SPECT Ende.nii.gz",
    ]) { _, listing in
      #expect(Set(listing.people.map(\.subject)) == ["Schulz, Eva", "Braun, Ute"])
    }
  }
}
