import Basics
import Connectivity
import Foundation
import ImageFiles
import Study
import TestSupport
import Testing

/// Trees of empty files: names are all that sorting looks at.
struct NameTree {
  let root: String

  init(_ root: String, _ names: [String]) throws {
    self.root = root
    for name in names { try add(name) }
  }

  func add(_ name: String, _ text: String = "") throws {
    let path = root + "/" + name
    try FileManager.default.createDirectory(
      atPath: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]),
      withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  /// What a fresh walk lists, which is what an index lists too.
  func listing(known: FolderTree? = nil) throws -> StudyListing {
    let listing = try StudyFolder.listing(of: StudyFolder.walk().tree(root, known: known))
    try withTemporaryFolder { try expectTheSame(listing, root, index: $0 + "/index") }
    return listing
  }

  /// A file's path as it is listed.
  func path(_ name: String) -> String { root + "/" + name }
}

/// A folder of its own with these files, and what is listed of it.
func withTree<R>(
  _ names: [String], folder: String = "study", _ body: (NameTree, StudyListing) throws -> R
) throws -> R {
  try withTemporaryFolder { outer in
    let tree = try NameTree(outer + "/" + folder, names)
    return try body(tree, tree.listing())
  }
}

/// What belongs together in each layout, and in those that deviate from it.
@Suite struct FolderTests {
  private func names(_ files: [Companion], _ tree: NameTree) -> [String: String] {
    Dictionary(
      files.map { ($0.kind.rawValue, String($0.path.dropFirst(tree.root.count + 1))) },
      uniquingKeysWith: { first, _ in first })
  }

  static let fmriprep = [
    "dataset_description.json", "sub-01.html", "logs/CITATION.md",
    "sub-01/figures/sub-01_task-rest_desc-carpet_bold.svg",
    "sub-01/anat/sub-01_desc-preproc_T1w.nii.gz", "sub-01/anat/sub-01_desc-brain_mask.nii.gz",
    "sub-01/anat/sub-01_label-GM_probseg.nii.gz",
    "sub-01/anat/sub-01_space-MNI152NLin2009cAsym_res-2_desc-preproc_T1w.nii.gz",
    "sub-01/anat/sub-01_space-MNI152NLin2009cAsym_res-2_desc-brain_mask.nii.gz",
    "sub-01/anat/sub-01_space-MNI152NLin2009cAsym_res-2_label-GM_probseg.nii.gz",
    "sub-01/anat/sub-01_space-MNI152NLin2009cAsym_res-2_label-WM_probseg.nii.gz",
    "sub-01/anat/sub-01_from-T1w_to-MNI152NLin2009cAsym_mode-image_xfm.h5",
    "sub-01/func/sub-01_task-rest_run-01_desc-confounds_timeseries.tsv",
    "sub-01/func/sub-01_task-rest_run-01_desc-confounds_timeseries.json",
    "sub-01/func/sub-01_task-rest_run-01_desc-brain_mask.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_desc-preproc_bold.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_desc-coreg_boldref.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_space-T1w_desc-preproc_bold.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_space-T1w_desc-brain_mask.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_space-MNI152NLin2009cAsym_res-2_desc-preproc_bold.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_space-MNI152NLin2009cAsym_res-2_desc-brain_mask.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_space-MNI152NLin2009cAsym_res-2_boldref.nii.gz",
    "sub-01/func/sub-01_task-rest_run-02_desc-confounds_timeseries.tsv",
    "sub-01/func/sub-01_task-rest_run-02_space-MNI152NLin2009cAsym_res-2_desc-preproc_bold.nii.gz",
    "sub-01/func/sub-01_task-rest_run-02_space-MNI152NLin2009cAsym_res-2_desc-brain_mask.nii.gz",
    "sub-01/func/sub-01_task-rest_run-01_hemi-L_space-fsnative_bold.func.gii",
  ]

  // Names after fMRIPrep's own document "Outputs of fMRIPrep".
  @Test func anFMRIPrepRunHasItsOwnCompanions() throws {
    try withTree(Self.fmriprep) { tree, listing in
      #expect(listing.people.map(\.subject) == ["sub-01"])
      let visit = try #require(listing.people.first?.visits.first)
      let first = try #require(visit.bold.first)
      #expect(
        first.path.hasSuffix("run-01_space-MNI152NLin2009cAsym_res-2_desc-preproc_bold.nii.gz"))
      let f = "sub-01/func/sub-01_task-rest_run-01_"
      let a = "sub-01/anat/sub-01_space-MNI152NLin2009cAsym_res-2_"
      #expect(
        names(first.companions, tree) == [
          "mask": f + "space-MNI152NLin2009cAsym_res-2_desc-brain_mask.nii.gz",
          "confounds": f + "desc-confounds_timeseries.tsv",
          "boldref": f + "space-MNI152NLin2009cAsym_res-2_boldref.nii.gz",
          "anat": a + "desc-preproc_T1w.nii.gz", "gm": a + "label-GM_probseg.nii.gz",
          "wm": a + "label-WM_probseg.nii.gz",
          "transform": "sub-01/anat/sub-01_from-T1w_to-MNI152NLin2009cAsym_mode-image_xfm.h5",
        ])
      let inT1w = try #require(visit.bold.first { $0.space == "T1w" })
      #expect(
        names(inT1w.companions, tree)["anat"] == "sub-01/anat/sub-01_desc-preproc_T1w.nii.gz")
      #expect(names(inT1w.companions, tree)["gm"] == "sub-01/anat/sub-01_label-GM_probseg.nii.gz")
      #expect(names(inT1w.companions, tree)["mask"] == f + "space-T1w_desc-brain_mask.nii.gz")
      // Where the scanner put it lies no anatomy of fMRIPrep's.
      let native = try #require(visit.bold.first { $0.space == nil })
      #expect(names(native.companions, tree)["anat"] == nil)
      #expect(names(native.companions, tree)["mask"] == f + "desc-brain_mask.nii.gz")
      let second = try #require(visit.bold.first { $0.run == "2" })
      #expect(
        names(second.companions, tree)["confounds"]
          == "sub-01/func/sub-01_task-rest_run-02_desc-confounds_timeseries.tsv")
      #expect(visit.others == ["surface series": 1])
    }
  }

  @Test func whatIsOpenedNeedsNoOption() throws {
    try withTree(Self.fmriprep) { tree, listing in
      let table = "sub-01/func/sub-01_task-rest_run-01_desc-confounds_timeseries.tsv"
      try tree.add(
        table,
        "trans_x\ttrans_y\ttrans_z\trot_x\trot_y\trot_z\twhite_matter\tcsf\n0\t0\t0\t0\t0\t0\t1\t1\n"
      )
      let visit = try #require(listing.people.first?.visits.first)
      let r = OpenedVisit(visit).request
      #expect(r.bold == [visit.bold[0].path])
      #expect(r.run.mask == visit.bold[0].companion(.mask)?.path)
      #expect(r.run.confounds == [tree.path(table)])
      #expect(r.run.preset == .tissues)
      #expect(r.anat == visit.bold[0].companion(.anat)?.path)
      #expect(r.gm == visit.bold[0].companion(.gm)?.path)
      #expect(r.seed == "PCC")
      let none: [Companion.Kind: String?] = [.mask: nil, .confounds: nil]
      let changed = OpenedVisit(visit, changed: none).request
      #expect(changed.run.confounds.isEmpty)
      #expect(changed.run.mask == nil)
      let native = OpenedVisit(visit, run: visit.bold.first { $0.space == nil }).request
      #expect(native.seed == nil)
      #expect(native.anat == nil)
    }
  }

  // Names after XCP-D's own document "Outputs" (docs/outputs.rst).
  @Test func anXCPDRunIsCleanedAndTakesNoConfounds() throws {
    let names = [
      "xcp_d/sub-01/anat/sub-01_space-MNI152NLin6Asym_desc-preproc_T1w.nii.gz",
      "xcp_d/sub-01/ses-1/func/sub-01_ses-1_task-rest_space-MNI152NLin6Asym_res-2_desc-denoised_bold.nii.gz",
      "xcp_d/sub-01/ses-1/func/sub-01_ses-1_task-rest_space-MNI152NLin6Asym_res-2_desc-denoisedSmoothed_bold.nii.gz",
      "xcp_d/sub-01/ses-1/func/sub-01_ses-1_task-rest_motion.tsv",
      "xcp_d/sub-01/ses-1/func/sub-01_ses-1_task-rest_outliers.tsv",
      "xcp_d/sub-01/ses-1/func/sub-01_ses-1_task-rest_space-MNI152NLin6Asym_seg-4S156Parcels_stat-mean_timeseries.tsv",
      "fmriprep/sub-01/ses-1/func/sub-01_ses-1_task-rest_space-MNI152NLin6Asym_res-2_desc-brain_mask.nii.gz",
      "fmriprep/sub-01/ses-1/func/sub-01_ses-1_task-rest_desc-confounds_timeseries.tsv",
    ]
    try withTree(names) { tree, listing in
      let visit = try #require(listing.people.first?.visits.first)
      #expect(visit.session == "ses-1")
      #expect(visit.bold.count == 2)
      for run in visit.bold {
        #expect(run.isCleaned)
        #expect(run.layout == .xcpD)
        #expect(run.companion(.confounds) == nil)
        #expect(run.companion(.mask)?.path == tree.path(names[6]))
        #expect(run.companion(.mask)?.reason.contains("fmriprep") == true)
        #expect(run.companion(.anat)?.path == tree.path(names[0]))
      }
    }
  }

  // Names after the HCP's reference manual, appendix III, "File names and directory structure".
  @Test func anHCPPersonIsNamedByTheirFolder() throws {
    let run = "MNINonLinear/Results/rfMRI_REST1_LR/"
    let names = [
      "100307/MNINonLinear/T1w_restore.nii.gz", "100307/MNINonLinear/T1w_restore.2.nii.gz",
      "100307/MNINonLinear/brainmask_fs.nii.gz", "100307/" + run + "rfMRI_REST1_LR.nii.gz",
      "100307/" + run + "rfMRI_REST1_LR_hp2000_clean.nii.gz",
      "100307/" + run + "rfMRI_REST1_LR_SBRef.nii.gz", "100307/" + run + "brainmask_fs.2.nii.gz",
      "100307/" + run + "Movement_Regressors.txt",
      "100307/" + run + "rfMRI_REST1_LR_Atlas.dtseries.nii",
      "100408/MNINonLinear/T1w_restore.nii.gz", "100408/" + run + "rfMRI_REST1_LR.nii.gz",
      "100408/T1w/T1w_acpc_dc.nii.gz",
    ]
    try withTree(names) { tree, listing in
      #expect(listing.people.map(\.subject) == ["100307", "100408"])
      let visit = try #require(listing.people.first?.visits.first)
      let first = try #require(visit.bold.first)
      #expect(first.path == tree.path(names[4]))
      #expect(first.isCleaned)
      #expect(first.task == "REST1")
      #expect(first.run == "LR")
      #expect(first.isMNI)
      #expect(first.companion(.mask)?.path == tree.path(names[6]))
      #expect(first.companion(.anat)?.path == tree.path(names[0]))
      #expect(visit.bold.map(\.isCleaned) == [true, false])
      #expect(visit.others == ["CIFTI series": 1])
      // One person's own folder, and one run's, say the same person.
      for below in ["100307", "100307/MNINonLinear", "100307/" + run.dropLast()] {
        let own = try NameTree(tree.path(below), []).listing()
        #expect(own.people.map(\.subject) == ["100307"], "\(below)")
        #expect(own.people.first?.visits.first?.bold.first?.path == tree.path(names[4]), "\(below)")
      }
    }
  }

  @Test func aPlainFolderJoinsNobody() throws {
    let names = [
      "miller/bold.nii.gz", "miller/spect.nii", "miller/t1.nii.gz", "miller/brainmask.nii.gz",
      "jones/2023-05-01/rest.nii.gz", "jones/2024-06-02/rest.nii.gz",
      "jones/2024-06-02/ECD_ictal.nii",
    ]
    try withTree(names) { tree, listing in
      #expect(listing.people.map(\.subject) == ["jones", "miller"])
      let miller = try #require(listing.people.last?.visits.first)
      #expect(miller.bold.map(\.path) == [tree.path("miller/bold.nii.gz")])
      #expect(miller.bold[0].companion(.mask)?.path == tree.path("miller/brainmask.nii.gz"))
      #expect(miller.bold[0].companion(.anat)?.path == tree.path("miller/t1.nii.gz"))
      #expect(miller.spect.map(\.path) == [tree.path("miller/spect.nii")])
      let jones = try #require(listing.people.first)
      #expect(jones.visits.map(\.session) == ["2023-05-01", "2024-06-02"])
      #expect(jones.visits[1].spect.first?.role == "ictal")
      #expect(jones.visits[1].spect.first?.tracer == "ECD")
      #expect(jones.visits[0].spect.isEmpty)
    }
    try withTree([
      "jones/02.06.2024/rest.nii", "jones/11.01.2025/rest.nii", "jones/03.05.2023/rest.nii",
    ]) {
      _, listing in
      #expect(
        listing.people.first?.visits.map(\.session) == ["03.05.2023", "02.06.2024", "11.01.2025"])
    }
    // Two runs in one folder: which of them a mask belongs to is said by names alone.
    try withTree(["rest_1.nii", "rest_2.nii", "mask.nii", "rest_2_mask.nii"]) { tree, listing in
      let runs = try #require(listing.people.first?.visits.first?.bold)
      #expect(runs.map { $0.companion(.mask)?.path } == [nil, tree.path("rest_2_mask.nii")])
    }
    // Names alone say whose each file of one folder is.
    try withTree(["sub-1_bold.nii", "sub-2_bold.nii", "sub-2_SPECT.nii"]) { _, listing in
      #expect(listing.people.map(\.subject) == ["sub-1", "sub-2"])
      #expect(listing.people.map { $0.visits[0].spect.count } == [0, 1])
    }
  }

  @Test func aFileInAnothersFolderIsNobodys() throws {
    let names = [
      "sub-01/func/sub-01_task-rest_bold.nii.gz", "sub-01/spect/sub-02_ictal_spect.nii.gz",
      "sub-01/func/sub-02_task-rest_bold.nii.gz",
    ]
    try withTree(names) { _, listing in
      let visit = try #require(listing.people.first?.visits.first)
      #expect(visit.bold.count == 1)
      #expect(visit.spect.isEmpty)
      #expect(visit.problems.count == 2)
      #expect(visit.problems.allSatisfy { $0.contains("is named as another's") })
      #expect(!listing.people.contains { $0.subject == "sub-02" })
    }
  }

  @Test func deviationsThatAreSeen() throws {
    let stem = "sub-1/func/sub-1_task-rest_"
    // `run-1` and `run-01`; `res-2` in one name only; another name of the confounds.
    try withTree([
      stem + "run-1_space-MNI152NLin6Asym_desc-preproc_bold.nii.gz",
      stem + "run-01_space-MNI152NLin6Asym_res-2_desc-brain_mask.nii.gz",
      stem + "run-01_desc-preproc_timeseries.tsv",
    ]) { tree, listing in
      let run = try #require(listing.people.first?.visits.first?.bold.first)
      #expect(run.companion(.mask)?.reason.contains("states a resolution") == true)
      #expect(
        run.companion(.confounds)?.path == tree.path(stem + "run-01_desc-preproc_timeseries.tsv"))
    }
    // Older names of the confounds, and none of an atlas.
    try withTree([
      stem + "desc-preproc_bold.nii.gz", stem + "desc-confounds_regressors.tsv",
      stem + "atlas-Schaefer_timeseries.tsv",
    ]) { tree, listing in
      let run = try #require(listing.people.first?.visits.first?.bold.first)
      #expect(run.companion(.confounds)?.path == tree.path(stem + "desc-confounds_regressors.tsv"))
    }
    // Runs were joined: which of two tables is meant is not guessed.
    try withTree([
      stem + "desc-preproc_bold.nii.gz", stem + "run-1_desc-confounds_timeseries.tsv",
      stem + "run-2_desc-confounds_timeseries.tsv",
    ]) { _, listing in
      let run = try #require(listing.people.first?.visits.first?.bold.first)
      #expect(run.companion(.confounds) == nil)
      #expect(run.problems.contains { $0.contains("none is taken") })
    }
    // `acq-` on some of the names only: one table for the one run there is.
    try withTree([
      "sub-1/func/sub-1_task-rest_acq-mb_space-T1w_desc-preproc_bold.nii.gz",
      stem + "desc-confounds_timeseries.tsv",
    ]) { _, listing in
      let run = try #require(listing.people.first?.visits.first?.bold.first)
      #expect(run.companion(.confounds)?.reason.contains("only table") == true)
    }
    // Single echoes stand behind the combined run; a cohort is part of a space.
    try withTree([
      stem + "echo-1_desc-preproc_bold.nii.gz", stem + "echo-2_desc-preproc_bold.nii.gz",
      stem + "desc-preproc_bold.nii.gz",
      "sub-2/func/sub-2_task-rest_space-MNIInfant_cohort-2_desc-preproc_bold.nii.gz",
      "sub-2/anat/sub-2_space-MNIInfant_cohort-1_desc-preproc_T1w.nii.gz",
    ]) { _, listing in
      #expect(listing.people[0].visits[0].bold.map { $0.name[.echo] } == [nil, "1", "2"])
      let infant = listing.people[1].visits[0].bold[0]
      #expect(infant.space == "MNIInfant+2")
      #expect(infant.companion(.anat) == nil)
      #expect(!infant.isMNI)
    }
  }

  @Test func whatIsNotAPersonsIsPassedOver() throws {
    try withTree([
      "sourcedata/sub-9/func/sub-9_task-rest_bold.nii.gz", "code/sub-9_bold.nii.gz",
      "models/sub-9_bold.nii.gz", "stimuli/x_bold.nii.gz", ".git/annex/sub-9_bold.nii.gz",
      ".hidden_bold.nii.gz", "sub-1/func/sub-1_task-rest_bold.nii.gz",
    ]) { _, listing in
      #expect(listing.people.map(\.subject) == ["sub-1"])
    }
  }

  @Test func aLinkWhoseContentIsAbsentIsListedAsThat() throws {
    try withTemporaryFolder { folder in
      let tree = try NameTree(
        folder + "/ds", ["sub-1/func/sub-1_task-rest_desc-brain_mask.nii.gz"])
      try FileManager.default.createSymbolicLink(
        atPath: tree.path("sub-1/func/sub-1_task-rest_bold.nii.gz"),
        withDestinationPath: "../../.git/annex/objects/MD5-x")
      let run = try #require(try tree.listing().people.first?.visits.first?.bold.first)
      #expect(run.isAbsent)
      #expect(run.problems.contains { $0.contains("content is absent") })
      #expect(OpenedVisit(try tree.listing().people[0].visits[0]).request.bold.isEmpty)
      // The content comes; the folder's own time does not change by that.
      let walked = try StudyFolder.walk().tree(tree.root)
      try tree.add(".git/annex/objects/MD5-x", "x")
      #expect(try tree.listing(known: walked).people[0].visits[0].bold[0].isAbsent == false)
    }
  }

  @Test func perfusionIsFoundWhereItIs() throws {
    try withTree([
      "sub-1/pet/sub-1_trc-HMPAO_pet.nii.gz", "sub-2/spect/sub-2_interictal.nii",
      "sub-3/nm/recon.nii.gz", "sub-4/func/sub-4_task-rest_bold.nii.gz", "sub-4/sub-4_SPECT.nii",
      "sub-5/ses-ictal/spect/sub-5_ses-ictal_ecd.nii", "sub-6/perf/sub-6_asl.nii.gz",
      "sub-7/nm/sub-7_T1w.nii.gz",
    ]) { _, listing in
      let found = listing.people.map { $0.visits[0].spect.first }
      #expect(found.map { $0?.role } == [nil, "interictal", nil, nil, "ictal", nil])
      #expect(found.map { $0?.tracer } == ["HMPAO", nil, nil, nil, "ECD", nil])
      #expect(listing.people.map(\.subject) == (1...5).map { "sub-\($0)" } + ["sub-7"])
    }
  }

  @Test func scansThatShowNoBloodFlowAreNotPerfusion() throws {
    for name in [
      "DaTSCAN_spect.nii", "brain_FDG_pet.nii", "spect_ioflupane.nii", "Hirn_SPECT_FPCIT.nii",
      "18F-florbetaben_nm.nii",
    ] {
      try withTree(["jones/t1.nii", "jones/" + name]) { _, listing in
        #expect(listing.people.first?.visits.first?.spect.isEmpty == true, "\(name)")
      }
    }
    try withTree([
      "jones/02.06.2024/spect.nii", "jones/03.06.2024 interiktal/spect.nii",
      "jones/14.11.2023 postiktal/spect.nii", "jones/DaTSCAN 01.01.2025/spect.nii",
      "jones/DaTSCAN 01.01.2025/t1.nii",
    ]) { _, listing in
      let visits = try #require(listing.people.first?.visits)
      #expect(
        visits.map(\.session).compactMap { $0 }.prefix(3) == [
          "14.11.2023 postiktal", "02.06.2024", "03.06.2024 interiktal",
        ])
      #expect(visits.flatMap(\.spect).map(\.role) == [nil, nil, "interictal"])
    }
    try withTree(["jones/t1.nii", "jones/spect/post-iktal/x.nii", "jones/spect/a_postiktal.nii"]) {
      _, listing in
      #expect(listing.people.first?.visits.first?.spect.compactMap(\.role) == [])
    }
  }

  @Test func peopleStandInTheOrderInWhichOneCounts() {
    let given = ["sub-10", "sub-2", "sub-02", "sub-1", "sub-A", "sub-1b"]
    #expect(
      given.sorted(by: comesBefore) == ["sub-1", "sub-1b", "sub-2", "sub-02", "sub-10", "sub-A"])
  }
}
