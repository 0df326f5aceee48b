import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Study
import Targeting
import ViewerRuntime

/// The files of one person, what is to be read with them and how the runs are cleaned.
struct StudyFileOptions: ParsableArguments {
  @Argument(
    help:
      "A folder of people, one of their files, or a sub- label; several files are opened together.")
  var files: [String] = []
  @Option(
    help: ArgumentHelp(
      "A 4-D BOLD run; repeated, the runs of one person, of which the first is shown.",
      valueName: "file"))
  var bold: [String] = []
  @Option(
    help: ArgumentHelp("A run of a second session, to see what changed.", valueName: "file"))
  var second: String?
  @Option(help: ArgumentHelp("Confounds of the second session.", valueName: "file"))
  var secondConfounds: String?
  @Option(help: ArgumentHelp("A SPECT volume; may be repeated.", valueName: "file"))
  var spect: [String] = []
  @Option(help: ArgumentHelp("Anatomy for the background.", valueName: "file"))
  var anat: String?
  @Option(help: ArgumentHelp("A map over the background; may be repeated.", valueName: "file"))
  var overlay: [String] = []
  @Option(
    help: ArgumentHelp("Grey matter probability, for targets and proxies.", valueName: "file"))
  var gm: String?
  @Option(
    help: ArgumentHelp("White matter probability, for a proxy of perfusion.", valueName: "file"))
  var white: String?
  @Option(
    help: ArgumentHelp("Cerebral blood flow by ASL, as a proxy of perfusion.", valueName: "file"))
  var asl: String?
  @Option(
    help: ArgumentHelp(
      "Reference of the SPECT: a mask file or an atlas region such as Cerebelum.",
      valueName: "region"))
  var reference: String?
  @OptionGroup var normals: NormalOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var norms: NormOptions
  @OptionGroup var run: RunOptions
  @OptionGroup var cleaning: DenoisingOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "X,Y,Z[,R] in RAS+ mm, a name such as PCC, or a mask file.", valueName: "seed"))
  var seed: String?
  @OptionGroup var series: SeriesOption
  @OptionGroup var trust: TrustOption
  /// The files that are asked for.
  var request: StudyRequest {
    StudyRequest(
      bold: bold, second: second, secondConfounds: secondConfounds, spect: spect, anat: anat,
      overlay: overlay, gm: gm, white: white, asl: asl, reference: reference,
      normals: normals.request, transforms: run.ways.request, network: network.request,
      norms: norms.request, run: run.request, cleaning: cleaning.request, seed: seed)
  }

  /// Whether one folder, file or person was given; a DICOM file is opened by itself.
  var opensFolder: Bool { files.count == 1 && !isDICOMFile(files[0]) }

  /// The request with the files that were given without saying what each is.
  func opened() throws(Problem) -> StudyRequest {
    guard !files.isEmpty else {
      try request.requireImage()
      try request.run.requireColumnsNamed()
      return request
    }
    guard bold.isEmpty, spect.isEmpty, anat == nil, overlay.isEmpty else {
      throw Problem(
        .usage, fileName(files[0]), "files are given by options too",
        expected: "files alone, or --bold, --spect, --anat and --overlay alone")
    }
    guard !opensFolder else { return request }
    try request.run.requireColumnsNamed()
    return try request.opening(files)
  }
}

/// What `view` and `snapshot` are asked to show.
struct ViewOptions: ParsableArguments {
  @OptionGroup var study: StudyFileOptions
  @Flag(help: "Ratings, marks and the like are kept in the study, under derivatives/boldspect.")
  var keepInStudy = false
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Cursor, in RAS+ mm.", valueName: "x,y,z"))
  var at: PointArgument?
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var state: ViewStateOptions
  @Option(
    name: [.customLong("workspace"), .customLong("session")],
    help: ArgumentHelp(
      "What `:workspace save` has written, its files and views.", valueName: "file"))
  var workspace: String?
  @Option(
    help: ArgumentHelp(
      "A config file; `view` takes the usual one without it, `snapshot` none.", valueName: "file"))
  var config: String?

  var bold: [String] { study.bold }

  /// The files that are asked for.
  var request: StudyRequest {
    var request = study.request
    request.at = at?.point
    return request
  }

  /// What is asked for and the workspace that it opens: of a workspace's files nothing is repeated by hand.
  func opened() throws(Problem) -> (request: StudyRequest, workspace: Workspace?) {
    guard let path = workspace else {
      var request = try study.opened()
      request.at = at?.point
      if study.opensFolder { try request.requireForEverybody(in: study.files[0]) }
      return (request, nil)
    }
    guard study.files.isEmpty, (try? study.request.requireImage()) == nil else {
      throw Problem(
        .usage, "--workspace", "files are given beside it", expected: "the workspace's own files")
    }
    try study.request.requireNothingBesideWorkspace()
    let opened = try Workspace(path)
    var request = opened.request
    request.at = at?.point
    try request.requireImage()
    return (request, opened)
  }

  var library: StudyLibrary { StudyLibrary(keepsInStudy: keepInStudy) }

  /// What the viewer begins with beside its files.
  func start(
    _ request: StudyRequest, config: Config?, workspace: Workspace? = nil,
    startsLesson: Bool = false
  ) throws(Problem) -> ViewerStart {
    var start = try ViewerStart(
      request, palette: screen.palette, views: state.given, config: config, workspace: workspace,
      startsLesson: startsLesson)
    if study.opensFolder {
      // What is not there is refused before the terminal is taken.
      _ = try StudyPlace(study.files[0], mayBeCommand: true)
      start.folder = study.files[0]
    }
    return start
  }
}
