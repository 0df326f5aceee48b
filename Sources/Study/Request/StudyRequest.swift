package import Basics
package import Imaging

/// The files of one person that are asked for, and how they are to be read.
package struct StudyRequest: Sendable {
  /// Runs of one person, of which the first is shown.
  package var bold: [String] = []
  /// A run of a second session.
  package var second: String?
  package var secondConfounds: String?
  package var spect: [String] = []
  package var anat: String?
  package var overlay: [String] = []
  /// Grey matter probability, for targets and proxies.
  package var gm: String?
  /// White matter probability, for a proxy of perfusion.
  package var white: String?
  package var asl: String?
  /// What perfusion is in per cent of: a mask file or an atlas region.
  package var reference: String?
  package var normals = NormalsRequest()
  package var transforms = TransformRequest()
  package var network = NetworkRequest()
  package var norms = NormsRequest()
  package var run = RunRequest()
  package var cleaning = CleaningRequest()
  package var at: WorldPoint?
  package var seed: String?
  /// As a list of people names whom the files are of; nil where a person named the files. Then nobody said in which
  /// order they are meant.
  package var listedSubject: String?
  package var listedSession: String?
  /// What the list knows of the files that their headers do not say.
  package var told: [Finding] = []
  package var listed: ListedPerson? {
    get { listedSubject.map { ListedPerson(subject: $0, session: listedSession) } }
    set { (listedSubject, listedSession) = (newValue?.subject, newValue?.session) }
  }

  package init(
    bold: [String] = [], second: String? = nil, secondConfounds: String? = nil,
    spect: [String] = [], anat: String? = nil, overlay: [String] = [], gm: String? = nil,
    white: String? = nil, asl: String? = nil, reference: String? = nil,
    normals: NormalsRequest = NormalsRequest(), transforms: TransformRequest = TransformRequest(),
    network: NetworkRequest = NetworkRequest(), norms: NormsRequest = NormsRequest(),
    run: RunRequest = RunRequest(), cleaning: CleaningRequest = CleaningRequest(),
    at: WorldPoint? = nil, seed: String? = nil
  ) {
    self.bold = bold
    self.second = second
    self.secondConfounds = secondConfounds
    self.spect = spect
    self.anat = anat
    self.overlay = overlay
    self.gm = gm
    self.white = white
    self.asl = asl
    self.reference = reference
    self.normals = normals
    self.transforms = transforms
    self.network = network
    self.norms = norms
    self.run = run
    self.cleaning = cleaning
    self.at = at
    self.seed = seed
  }
}

/// Whose a file is: as its name or its folder says it after BIDS, else as a list of people names it.
package func personNamed(by path: String, listed: ListedPerson?) -> String? {
  BIDSWords(path).person ?? listed?.person
}

/// Whom a list of people says that a visit is of: by names after BIDS, else by a folder.
package struct ListedPerson: Sendable, Equatable {
  package var subject: String
  package var session: String?

  package init(subject: String, session: String?) {
    (self.subject, self.session) = (subject, session)
  }

  /// "patient 2 ses-1", as marks are kept of.
  package var person: String {
    visibleText([subject, session].compactMap { $0 }.joined(separator: " "), limit: 80)
  }
}

extension StudyRequest {
  /// Refuses a request without any image.
  package func requireImage() throws(Problem) {
    guard bold.isEmpty, spect.isEmpty, anat == nil, overlay.isEmpty else { return }
    throw Problem(
      .usage, "view", "no image is given",
      expected: "at least one of --bold, --spect, --anat and --overlay")
  }

  /// Every file that it names, which no result may replace.
  package var inputFiles: [String?] {
    imagePaths + overlay + run.inputFiles + transforms.transform + normals.normals
      + normals.folderImages + [
        second, secondConfounds, gm, white, asl, reference, network.atlas, network.networks,
        network.names, norms.norms,
      ]
  }

  /// The person's own images.
  package var imagePaths: [String] { bold + spect + [anat].compactMap { $0 } }
}
