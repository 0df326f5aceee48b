import Basics
import Foundation
import Study
import TestSupport
import Testing

/// Nobody's files are joined with anybody else's, and nothing is taken for what it is not.
@Suite struct StrangerTests {
  @Test func plainFoldersNameEachPerson() throws {
    // Flat: two scans of one kind under two names are two people's, and so is all else.
    try withTree([
      "Mueller_rest.nii", "Mueller_T1.nii", "Schmidt_SPECT_ictal.nii", "Schmidt_rest.nii",
    ]) { _, listing in
      #expect(listing.people.map(\.subject) == ["Mueller", "Schmidt"])
      #expect(listing.people.map { $0.visits[0].spect.count } == [0, 1])
      #expect(listing.people.map { $0.visits[0].bold.count } == [1, 1])
    }
    // A run of one and a scan of another.
    try withTree(["Mueller_rest.nii", "Schmidt_SPECT.nii"]) { _, listing in
      #expect(listing.people.map(\.subject) == ["Mueller", "Schmidt"])
    }
    // One name, and kinds: one person.
    try withTree(["Mueller_rest.nii", "SPECT.nii", "T1.nii"], folder: "p") { _, listing in
      #expect(listing.people.map(\.subject) == ["p"])
      #expect(listing.people[0].visits[0].spect.count == 1)
    }
    // Whatever the names begin with: what is left without words of kinds tells people apart.
    for (names, people) in [
      (["Patient_01_rest.nii", "Patient_02_SPECT.nii"], ["01", "02"]),
      (["Hans_Mueller_rest.nii", "Hans_Schmidt_SPECT.nii"], ["Hans_Mueller", "Hans_Schmidt"]),
      (["2021-01-02_Mueller_rest.nii", "2021-01-02_Schmidt_SPECT.nii"], ["Mueller", "Schmidt"]),
      (["20210102_Mueller_rest.nii", "20210102_Schmidt_SPECT.nii"], ["Mueller", "Schmidt"]),
      (["rest_Mueller.nii", "SPECT_Schmidt.nii"], ["Mueller", "Schmidt"]),
      (["rs-fMRI_Mueller.nii", "SPECT-Schmidt.nii"], ["Mueller", "Schmidt"]),
      (["von_Berg_rest.nii", "von_Stein_SPECT.nii"], ["von_Berg", "von_Stein"]),
      (["Müller, Hans rest.nii", "Müller, Anna SPECT.nii"], ["Müller_Anna", "Müller_Hans"]),
      (["MuellerRest.nii", "SchmidtSPECT.nii"], ["Mueller", "Schmidt"]),
      (["12345_fmri_run1.nii", "12345_fmri_run2.nii", "777_SPECT.nii"], ["777", "12345"]),
    ] as [([String], [String])] {
      try withTree(names) { _, listing in
        #expect(listing.people.map(\.subject) == people, "\(names)")
        #expect(listing.people.allSatisfy { $0.visits.count == 1 })
      }
    }
    // In a person's folder a name that is another's is said.
    try withTree(["Mueller/rest.nii", "Mueller/Schmidt_SPECT.nii", "Mueller/HMPAO_recon.nii"]) {
      _, listing in
      let problems = try #require(listing.people.first?.visits.first?.problems)
      #expect(problems == ["Schmidt_SPECT.nii: its name may be somebody else's"])
    }
    // Kinds of images and dates between the root and the person.
    for (names, people) in [
      (["data/Mueller/rest.nii", "data/Schmidt/spect_ictal.nii"], ["Mueller", "Schmidt"]),
      (["2021-01-02/Mueller/rest.nii", "2021-01-02/Schmidt/spect.nii"], ["Mueller", "Schmidt"]),
      (["rest/Mueller/a_rest.nii", "spect/Schmidt/ictal.nii"], ["Mueller", "Schmidt"]),
      (["2001/rest.nii", "2002/rest.nii"], ["2001", "2002"]),
      (["20101234/rest.nii", "Scan2_Schmidt/rest.nii"], ["20101234", "Scan2_Schmidt"]),
    ] {
      try withTree(names) { _, listing in
        #expect(listing.people.map(\.subject) == people, "\(names)")
        #expect(listing.people.allSatisfy { $0.visits.count == 1 })
      }
    }
    // What no name says is listed, and its header asked once it is opened.
    try withTree(["a/4711.nii.gz", "H.Mueller_rest.nii.gz"], folder: "f") { tree, listing in
      try #require(listing.people.map(\.subject) == ["a", "f"])
      #expect(listing.people[0].visits[0].unknown == [tree.path("a/4711.nii.gz")])
      #expect(listing.people[1].visits[0].bold.count == 1)
    }
  }

  @Test func oneLabelInTwoStudiesIsTwoPeople() throws {
    let stem = "sub-01/func/sub-01_task-rest"
    try withTree([
      "ds1/\(stem)_bold.nii.gz", "ds2/sub-01/pet/sub-01_trc-HMPAO_pet.nii.gz",
      "ds2/derivatives/fmriprep/\(stem)_desc-brain_mask.nii.gz",
      "ds2/derivatives/fmriprep/\(stem)_desc-preproc_bold.nii.gz",
    ]) { tree, listing in
      #expect(listing.people.map(\.subject) == ["sub-01", "sub-01"])
      #expect(listing.people.map(\.family) == ["ds1", "ds2"])
      #expect(listing.people[0].visits[0].bold[0].companion(.mask) == nil)
      #expect(listing.people[0].visits[0].spect.isEmpty)
      #expect(listing.people[1].visits[0].spect.count == 1)
      #expect(listing.findings.map(\.code) == ["same-label"])
    }
  }

  @Test func sitesAreTwoStudiesAndVisitsOnePersons() throws {
    let bold = "sub-01/func/sub-01_task-rest_bold.nii.gz"
    for folders in [
      ["bids_siteA", "bids_siteB"], ["outpatients", "inpatients"],
      ["fmriprep_siteA", "fmriprep_siteB"], ["bids1", "bids2"], ["rawdata1", "rawdata2"],
    ] {
      try withTree(folders.map { $0 + "/" + bold }) { _, listing in
        #expect(Set(listing.people.map(\.family)) == Set(folders))
      }
    }
    for folders in [["rawdata", "fmriprep-23.1.3"], ["bids", "xcp_d"], ["raw", "derivatives/x"]] {
      try withTree(folders.map { $0 + "/" + bold }) { _, listing in
        #expect(listing.people.count == 1, "\(folders)")
      }
    }
    func hcp(_ session: String) -> String {
      "sub-01/\(session)/MNINonLinear/Results/rfMRI_REST1_LR/rfMRI_REST1_LR.nii.gz"
    }
    for (names, visits) in [
      ([hcp("ses-1"), hcp("ses-2")], 2), (["rest/Mueller/rest.nii", "spect/Mueller/spect.nii"], 1),
      (["2021-01-02/Mueller/rest.nii", "2022-01-02/Mueller/rest.nii"], 2),
    ] {
      try withTree(names) { _, listing in
        #expect(listing.people.map(\.visits.count) == [visits], "\(names)")
      }
    }
  }

  /// A number behind the name of a study's own folder is another study's; a pipeline's version is not.
  @Test func oneLabelInTwoNumberedDataSetsIsTwoPeople() throws {
    let (bold, pet) = ("sub-01/func/sub-01_task-rest_bold.nii.gz", "sub-01/pet/sub-01_pet.nii.gz")
    for (names, count) in [
      (["bids/\(bold)", "bids2/\(pet)"], 2), (["rawdata/\(bold)", "rawdata2/\(pet)"], 2),
      (["ds1/sub-01_task-rest_bold.nii.gz", "ds2/sub-01_pet.nii.gz"], 2),
      (["rawdata/\(bold)", "fmriprep_23.1/\(bold)"], 1), (["raw/\(bold)", "spect/\(pet)"], 1),
    ] {
      try withTree(names) { _, listing in
        #expect(listing.people.count == count, "\(names)")
        if count == 2 {
          #expect(
            listing.people.allSatisfy { $0.visits[0].spect.isEmpty || $0.visits[0].bold.isEmpty })
        }
      }
    }
  }

  /// A person's folder of BIDS may hold a stray file, too: what is not named as the person's may be somebody else's.
  @Test(arguments: [
    "sub02_spect.nii.gz", "Huber_spect.nii.gz", "patient02_spect.nii.gz",
    "sub-01_to_sub-02_spect.nii.gz",
    "sub-01_sub-02_spect.nii.gz",
  ])
  func aStrayFileInAPersonsFolderIsNotTaken(_ name: String) throws {
    try withTree([
      "sub-01/func/sub-01_task-rest_bold.nii.gz", "sub-01/pet/\(name)",
      "sub-02/func/sub-02_task-rest_bold.nii.gz",
    ]) { _, listing in
      let visit = listing.people[0].visits[0]
      #expect(!visit.problems.isEmpty)
      #expect(OpenedVisit(visit).request.spect.isEmpty)
    }
  }

  @Test(arguments: [
    "hmpao.nii.gz", "spect_mni.nii.gz", "rsub-01_spect.nii.gz", "nm_tomo_ac.nii.gz",
  ])
  func aFileOfNoNameInAPersonsFolderIsThePersons(_ name: String) throws {
    try withTree(["sub-01/func/sub-01_task-rest_bold.nii.gz", "sub-01/spect/\(name)"]) {
      _, listing in
      #expect(OpenedVisit(listing.people[0].visits[0]).request.spect.count == 1, "\(listing)")
    }
  }

  /// What stands in a clinic's folders for a visit or for an image is nobody's name.
  @Test func wordsOfAVisitAreNobody() throws {
    for (names, people, visits) in [
      (
        [
          "Schmidt Karl/2023_11_05/Nuklearmedizin/ECD nicht-iktal.nii",
          "Schmidt Karl/2023_11_05/Nuklearmedizin/ECD postiktal.nii",
        ], ["Schmidt Karl"], 1
      ),
      (["Fischer/vor Therapie/rest.nii", "Fischer/nach Therapie/rest.nii"], ["Fischer"], 2),
      (["Huber/14.03.24/rest.nii", "Huber/2.4.2024/rest.nii"], ["Huber"], 2),
      (["rest_1234.nii", "spect_1235.nii"], ["1234", "1235"], 1),
    ] {
      try withTree(names) { _, listing in
        #expect(listing.people.map(\.subject) == people, "\(names)")
        #expect(listing.people.allSatisfy { $0.visits.count == visits }, "\(names)")
      }
    }
  }

  /// What lies where AC and PC are is in nobody's MNI space.
  @Test func anHCPAnatomyOutsideOfMNINonLinearIsNotInMNISpace() throws {
    let run = "100307/MNINonLinear/Results/rfMRI_REST1_LR/rfMRI_REST1_LR.nii.gz"
    try withTree([run, "100307/T1w/T1w_acpc_dc.nii.gz"]) { _, listing in
      #expect(listing.people[0].visits[0].bold[0].companion(.anat) == nil)
    }
    try withTree([run, "100307/100408/MNINonLinear/Results/rfMRI_REST1_LR/rfMRI_REST1_LR.nii.gz"]) {
      #expect($1.people.map(\.subject) == ["100307", "100408"])
    }
  }

  @Test func foldersOfTheHCPOfTwoPeopleStayTwo() throws {
    func names(_ sub: String) -> [String] {
      let run = "\(sub)/ses-1/MNINonLinear/Results/rfMRI_REST1_LR/"
      return [
        run + "rfMRI_REST1_LR.nii.gz", run + "brainmask_fs.2.nii.gz",
        "\(sub)/ses-1/MNINonLinear/T1w_restore.nii.gz",
      ]
    }
    try withTree(names("sub-01") + names("sub-02")) { tree, listing in
      #expect(listing.people.map(\.subject) == ["sub-01", "sub-02"])
      for (n, sub) in ["sub-01", "sub-02"].enumerated() {
        let visit = listing.people[n].visits[0]
        #expect(visit.session == "ses-1")
        for kind in [Companion.Kind.mask, .anat] {
          #expect(visit.bold[0].companion(kind)?.path.hasPrefix(tree.path(sub)) == true)
        }
      }
    }
  }

  @Test func rolesAreWhatTheNameSays() {
    for (name, role) in [
      ("spect_inter-ictal.nii", "interictal"), ("sub-1_acq-interictal_spect.nii", "interictal"),
      ("spect_ictal.nii", "ictal"), ("spect_post-ictal.nii", nil), ("SPECT_non_ictal.nii", nil),
      ("ictal_vs_interictal.nii", nil), ("baseline_diamox.nii", "challenge"),
      ("iktal.nii", "ictal"), ("spect.nii", nil), ("SPECT_postiktal.nii", nil),
      ("SPECT_post-iktal.nii", nil), ("interiktal.nii", "interictal"), ("periiktal.nii", nil),
      ("SPECT_nicht_iktal.nii", nil), ("SPECT_kein_iktal.nii", nil), ("vor_iktal.nii", nil),
      ("SPECT iktales.nii", "ictal"), ("interiktale Aufnahme.nii", "interictal"),
      ("Anfall_SPECT.nii", "ictal"), ("SPECT_seizure-free.nii", "interictal"),
      ("ictal_free-breathing.nii", "ictal"), ("SPECT_anfallsfrei.nii", "interictal"),
      // What is said of the image counts for more than what is said of the visit.
      ("sub-02_ses-baseline_acq-ictal_spect.nii", "ictal"),
      ("sub-02_ses-baseline_acq-interictal_spect.nii", "interictal"),
      ("sub-02_ses-baseline_spect.nii", "baseline"),
      ("sub-02_ses-ictal_acq-baseline_spect.nii", "baseline"),
    ] as [(String, String?)] {
      #expect(perfusionRole(ofFileNamed: name) == role, "\(name)")
    }
  }

  @Test func aRunTakesNothingOfAnother() throws {
    try withTree([
      "A/rest_1.nii", "A/rest_10.nii", "A/rest_10_mask.nii", "A/rest_10_confounds.tsv",
    ]) { tree, listing in
      let runs = listing.people[0].visits[0].bold
      #expect(runs.map { $0.companion(.mask)?.path } == [nil, tree.path("A/rest_10_mask.nii")])
      #expect(runs[0].companion(.confounds) == nil)
    }
    let stem = "sub-1/func/sub-1_task-rest"
    for (bold, other) in [
      ("_desc-preproc_bold", "_run-2_desc-confounds_timeseries.tsv"),
      ("_desc-preproc_bold", "_echo-1_desc-confounds_timeseries.tsv"),
      ("_ce-b_desc-preproc_bold", "_ce-a_desc-brain_mask.nii.gz"),
      ("_ce-b_desc-preproc_bold", "_ce-a_desc-confounds_timeseries.tsv"),
    ] {
      try withTree([stem + bold + ".nii.gz", stem + other]) { _, listing in
        let run = listing.people[0].visits[0].bold[0]
        #expect(run.companions.isEmpty, "\(bold) \(other)")
      }
    }
    // Of two pipelines' masks none is guessed; the plain anatomy comes before a special one.
    try withTree([
      "xcp_d/\(stem)_space-MNI152NLin6Asym_desc-denoised_bold.nii.gz",
      "fmriprep-20/\(stem)_space-MNI152NLin6Asym_desc-brain_mask.nii.gz",
      "fmriprep-23/\(stem)_space-MNI152NLin6Asym_desc-brain_mask.nii.gz",
      "xcp_d/sub-1/anat/sub-1_acq-lesion_space-MNI152NLin6Asym_desc-skullstripped_T1w.nii.gz",
      "xcp_d/sub-1/anat/sub-1_space-MNI152NLin6Asym_desc-preproc_T1w.nii.gz",
    ]) { tree, listing in
      let run = listing.people[0].visits[0].bold[0]
      #expect(run.companion(.mask) == nil)
      #expect(run.problems.contains { $0.contains("2 pipelines") })
      #expect(run.companion(.anat)?.path.hasSuffix("_desc-preproc_T1w.nii.gz") == true)
    }
  }

  @Test func otherTracersAreNoPerfusion() throws {
    try withTree([
      "sub-1/pet/sub-1_trc-18FFDG_pet.nii.gz", "sub-1/pet/sub-1_trc-99mTcECD_pet.nii.gz",
      "sub-1/pet/sub-1_siscom_spect.nii.gz",
    ]) { _, listing in
      let visit = listing.people[0].visits[0]
      #expect(visit.spect.map { $0.name[.tracer] } == ["99mTcECD"])
      #expect(visit.others.keys.sorted() == ["PET 18FFDG", "difference image"])
    }
  }

  @Test func whoeverIsPointedAtHasTheSameFiles() throws {
    let pet = "sub-02/ses-2/pet/sub-02_ses-2_trc-HMPAO_pet.nii.gz"
    let bold = "derivatives/fmriprep/sub-02/ses-2/func/sub-02_ses-2_task-rest_bold.nii.gz"
    try withTree([pet, bold]) { tree, _ in
      for typed in [pet, bold, "sub-02", "sub-02/ses-2", "derivatives/fmriprep/sub-02"] {
        let place = try StudyPlace(tree.path(typed))
        #expect(place.root.hasSuffix("/study"), "\(typed): \(place.root)")
        #expect(place.subject == "sub-02")
      }
      #expect(throws: Problem.self) { _ = try StudyPlace(tree.path("nothing")) }
    }
  }
}
