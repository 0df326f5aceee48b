package import Basics
package import Imaging

/// How the header's free text of every file of the synthetic sample person begins.
package let syntheticPersonMark = "SIMULATED sample person"

/// What rules on images ask for, whether or not the voxels were read.
package protocol ImageDescribing: Sendable {
  var header: ImageHeader { get }
  /// SHA-256 of the whole file, where it was read to its end.
  var knownSHA256: String? { get }
  /// What its values are known by in whatever file; nil where they were not read.
  var knownVoxelsSHA256: String? { get }
}

/// What an image file's header says, after the gate has checked it. It is known without the voxels, so it
/// has no hash: only who read the whole file can have that.
package struct ImageHeader: ImageDescribing {
  package var path: String
  /// The file's own name, for the screen.
  package var name: String
  /// Voxels along x, y, z and the number of frames (1 for a 3-D image).
  package var shape: [Int]
  /// 1…7 as stored; 3 for a volume, 4 for a series.
  package var dimensionCount: Int
  package var spacing: (Double, Double, Double)
  package var type: SampleType
  package var slope: Double
  package var intercept: Double
  /// Which form of the header gives the affine.
  package var form: Form
  /// The NIfTI code of that form (1 scanner, 2 aligned, 3 Talairach, 4 MNI-152, 5 other), as the header states it.
  package var statedFormCode: Int
  /// How far sform and qform put a corner voxel from each other, in mm; nil unless both are set.
  package var formsApartMillimetres: Double?
  /// The code of the qform where the sform is used and both are set; `formsApartMillimetres` says whether they agree.
  package var qformCode: Int?
  /// Voxel to RAS+ mm by that form; nil without one.
  package var affine: Affine?
  /// The grid; without a form it is the spacing alone, centred, and laterality is unknown.
  package var grid: Grid
  package var laterality: Laterality
  /// Whether the header carries boldspect's mark of an image that is no measurement.
  package var isSimulated: Bool
  /// Whether that mark is the one of the synthetic sample person, of whom nothing was measured at all.
  package var isSyntheticPerson: Bool
  /// Seconds per frame as the header states it, in seconds, when plausible.
  package var headerRepetitionTimeSeconds: Double?
  /// Whose it is, where the format says it in a way that can be compared.
  package var patient: DICOMPatient?
  /// The statistic that the header says its values are, such as "p values"; nil for other values.
  package var statistic: String?
  /// What its values are, where that is a statistic: what is made of it voxel by voxel is one too.
  package var meaning: ValueMeaning?
  /// Whether a person's decision and not the file says where it lies.
  package var hasTrustedForm = false
  /// What stands beside it of how it was made.
  package var lineage = Lineage()
  /// Geometries that stand in a header whose sides are unknown.
  package var unusedForms: [UnusedForm] = []
  /// What the gate noticed; asked for as `findings`, which name the file.
  var noticed: [Finding]

  package var findings: [Finding] {
    get { noticed.map { $0.of(name) } }
    set { noticed = newValue }
  }

  package enum Form: String, Sendable {
    case sform, qform, none
    /// The one matrix of a format other than NIfTI.
    case format
  }

  /// The code of the form as far as it may be believed: none where nothing says which side is left, so that what is made
  /// of an image of two forms that mirror each other does not come out with a side.
  package var formCode: Int {
    get { laterality == .known ? statedFormCode : 0 }
    set { statedFormCode = newValue }
  }

  package var origin: ImageOrigin {
    ImageOrigin(isSyntheticPerson: isSyntheticPerson, isSimulated: isSimulated)
  }

  /// The word that nothing of an image that was not measured is shown without; nil for a measurement.
  package var unmeasuredWord: String? { origin.word }

  package var header: ImageHeader { self }
  package var knownSHA256: String? { nil }
  package var knownVoxelsSHA256: String? { nil }

  package var frameCount: Int { shape[3] }
  package var isSeries: Bool { dimensionCount >= 4 && shape[3] > 1 }
  package var orientation: String? { affine == nil ? nil : grid.orientationCode }

  /// The finding that stops what needs a repetition time, if there is one.
  package var blockingTime: Finding? { findings.first { $0.code == "tr-conflict" } }
}

/// A whole file that was read: what its header says, and its hash.
@dynamicMemberLookup
package struct ImageDescription: ImageDescribing {
  package var header: ImageHeader
  /// SHA-256 of the file as it lies on disk; for a pair of the voxel file.
  package let sha256: String
  /// What its values are known by in whatever file they lie (`VoxelKey`); nil where they say nothing.
  package let voxelsSHA256: String?

  package var knownSHA256: String? { sha256 }
  package var knownVoxelsSHA256: String? { voxelsSHA256 }
  /// All that it is known by.
  package var hashes: [String] { [sha256, voxelsSHA256].compactMap { $0 } }
  /// Whether both are one image, under whatever name and packing.
  package func isSameImage(as other: ImageDescription) -> Bool {
    !Set(hashes).isDisjoint(with: other.hashes)
  }
  /// All that it is known by beside its file's hash: its voxels, and what it was made of.
  package var origin: [String] {
    [voxelsSHA256].compactMap { $0 } + header.lineage.ancestors
  }

  package subscript<Value>(dynamicMember member: KeyPath<ImageHeader, Value>) -> Value {
    header[keyPath: member]
  }

  package subscript<Value>(dynamicMember member: WritableKeyPath<ImageHeader, Value>) -> Value {
    get { header[keyPath: member] }
    set { header[keyPath: member] = newValue }
  }
}
