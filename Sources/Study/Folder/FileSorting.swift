import Basics
import ImageFiles

/// A file of a person as the sorting sees it.
struct SortedFile {
  var path: String
  var name: EntityName
  /// The folders between the dataset's root and the file.
  var folders: [String]
  var dataset: String
  var layout: FolderLayout
  var isAbsent: Bool
  /// Whose its name says that it is, where that is not the person whose folder it lies in.
  var stranger: Stranger?

  /// Lower-case words of the name and of the folders that it lies in below its person.
  var words: [Substring] {
    (folders.suffix(2) + [name.stem]).flatMap { part in
      part.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map { $0 }
    }
  }

  /// The words of its own name.
  var ownWords: [Substring] {
    name.stem.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber })
  }
}

/// What a file is, by its name and where it lies; never by what it holds.
enum FileKind {
  case bold(isCleaned: Bool)
  case spect(reason: String)
  case mask, confounds, boldref, anatomy, tissue(Companion.Kind), transform, target
  /// Named, and not opened.
  case other(String)
  /// An image whose name says nothing: its header says what it is once it is opened.
  case unknown
  case nothing

  init(_ f: SortedFile) {
    switch f.name.ending {
    case ".nii", ".nii.gz", ".2.nii.gz": self = Self.ofImage(f)
    case ".tsv", ".csv": self = Self.ofTable(f)
    case ".txt", ".h5", ".mat", ".lta":
      self = f.name.suffix == "xfm" || f.name[.from] != nil ? .transform : .nothing
    case ".dtseries.nii", ".ptseries.nii": self = .other("CIFTI series")
    case ".func.gii": self = .other("surface series")
    default: self = .nothing
    }
  }

  private static func ofTable(_ f: SortedFile) -> FileKind {
    let description = f.name[.description]
    if ["timeseries", "regressors"].contains(f.name.suffix),
      description == nil || ["confounds", "preproc"].contains(description)
    {
      // Series of an atlas are no confounds.
      return f.name.stem.contains("_atlas-") || f.name.stem.contains("_seg-")
        ? .nothing : .confounds
    }
    if f.layout == .plain, f.ownWords.contains("confounds") { return .confounds }
    return f.name.ending == ".tsv" ? .target : .nothing
  }

  private static func ofImage(_ f: SortedFile) -> FileKind {
    if f.layout == .hcp { return ofHCP(f) }
    guard f.name.isImage else { return .nothing }
    switch f.name.suffix {
    case "bold":
      if f.name[.hemisphere] != nil { return .other("surface series") }
      if f.name[.part] == "phase" { return .other("phase images") }
      let description = f.name[.description] ?? ""
      return .bold(
        isCleaned: cleaningWord(ofFileNamed: f.name.stem) != nil || description == "interpolated")
    case "boldref", "sbref": return .boldref
    case "mask":
      return f.layout == .plain || f.name[.description] == "brain" ? .mask : .nothing
    case "brainmask": return .mask
    case "T1w": return .anatomy
    case "T2w", "FLAIR", "dseg", "epi", "magnitude", "magnitude1", "magnitude2", "phasediff", "dwi",
      "fieldmap", "asl", "cbf", "m0scan", "alff", "reho":
      return .nothing
    case "probseg":
      switch f.name[.label] {
      case "GM": return .tissue(.gm)
      case "WM": return .tissue(.wm)
      case "CSF": return .tissue(.csf)
      default: return .nothing
      }
    default: return byWords(f)
    }
  }

  /// HCP: MNINonLinear/Results/RUN/RUN.nii.gz beside its cleaned versions.
  /// Source: WU-Minn HCP reference manual, appendix III, "File names and directory structure".
  private static func ofHCP(_ f: SortedFile) -> FileKind {
    let folder = f.folders.last ?? ""
    if folder.contains("fMRI_"), f.folders.dropLast().last == "Results" {
      let stem = f.name.stem
      if stem == "brainmask_fs" || stem == folder + "_finalmask" { return .mask }
      guard stem == folder || stem.hasPrefix(folder + "_hp") else {
        return stem == folder + "_SBRef" ? .boldref : .nothing
      }
      guard !stem.hasSuffix("_vn"), !stem.hasSuffix("_bias"), !stem.hasSuffix("_mean") else {
        return .nothing
      }
      return .bold(isCleaned: cleaningWord(ofFileNamed: stem) != nil)
    }
    guard folder == "MNINonLinear" else { return f.name.isImage ? byWords(f) : .nothing }
    // The brain's full picture, not its smaller copies.
    return f.name.stem == "T1w_restore" && f.name.isImage ? .anatomy : .nothing
  }

  /// Words that people write into names where nothing else is agreed.
  private static func byWords(_ f: SortedFile) -> FileKind {
    let (own, all) = (f.ownWords, f.words)
    func says(_ words: [Substring], _ wanted: Set<Substring>) -> Substring? {
      words.first { wanted.contains($0) }
    }
    if says(own, ["mask", "brainmask", "dseg", "labels", "aseg", "probseg", "xfm"]) != nil {
      return f.layout == .plain && says(own, ["mask", "brainmask"]) != nil ? .mask : .nothing
    }
    // A difference of two scans is none of them.
    if says(own, ["siscom", "minus", "difference", "diff", "subtraction"]) != nil {
      return .other("difference image")
    }
    if let tracer = f.name[.tracer], !isPerfusionTracer(tracer) { return .other("PET \(tracer)") }
    if let word = own.first(where: isOtherTracer) { return .other("\(word), no perfusion") }
    // A folder is named for what was given that day; of an anatomy beside it that says nothing.
    let given = f.folders.suffix(2).flatMap { lowerWords($0) }.first(where: isOtherTracer)
    func scan(_ reason: String) -> FileKind {
      given.map { .other("\($0), no perfusion") } ?? .spect(reason: reason)
    }
    if f.name.suffix == "pet" || f.name.suffix == "spect" || f.name.suffix == "nm" {
      return scan("its suffix is _\(f.name.suffix)")
    }
    if let word = says(own, spectWords) ?? own.first(where: isCompoundOfSPECT) {
      return scan("its name says \(word)")
    }
    if let word = says(Array(all.dropLast(own.count)), ["spect", "nm"]) {
      guard says(own, anatomyWords) == nil else { return .anatomy }
      return scan("it lies in the folder \(word)")
    }
    if says(own, anatomyWords) != nil { return .anatomy }
    guard f.layout == .plain else { return .nothing }
    if says(own, boldWords) != nil {
      return .bold(isCleaned: cleaningWord(ofFileNamed: f.name.stem) != nil)
    }
    return .unknown
  }
}

/// Hirnperfusion, BrainSPECT: words that end so mean it.
private func isCompoundOfSPECT(_ word: Substring) -> Bool {
  word.hasSuffix("perfusion") || word.hasSuffix("spect") || word.hasPrefix("hmpao")
}

/// Tracers of blood flow; FDG, DaT and amyloid show something else.
/// Source: EANM procedure guideline for brain perfusion SPECT, Kapucu 2009, doi 10.1007/s00259-009-1266-y.
private func isPerfusionTracer(_ tracer: String) -> Bool {
  let low = tracer.lowercased()
  return [
    "hmpao", "ecd", "exametazime", "bicisate", "imp", "xenon", "xe133", "h2o", "water", "15o",
  ]
  .contains { low.contains($0) }
}

/// Words for scans of a brain that do not show its blood flow.
private func isOtherTracer(_ word: Substring) -> Bool {
  let words = [
    "datscan", "ioflupane", "fpcit", "trodat", "ibzm", "fdg", "florbetapir", "florbetaben",
    "flutemetamol", "amyloid", "dopa", "flortaucipir", "thallium",
  ]
  return words.contains { word.hasPrefix($0) || word.hasSuffix($0) }
}

let boldWords: Set<Substring> = [
  "bold", "fmri", "rsfmri", "rest", "resting", "restingstate", "func", "epi", "rsbold", "fmrt",
  "rsfmrt",
]

/// Words of kinds of images and of their making, which are nobody's name.
let kindWords: Set<Substring> = boldWords.union(spectWords).union(anatomyWords).union([
  "mask", "brain", "brainmask", "run", "task", "state", "confounds", "ap", "pa", "ax", "axial",
  "cor", "coronal", "sag", "sagittal", "tra", "pre", "post", "baseline", "challenge", "nm", "tc99m",
  "t2", "t2w", "flair", "mri", "image", "scan", "series", "iktal", "interiktal", "diamox", "rs",
  "recon", "reconstruction", "datscan", "dat", "hirn", "gehirn", "kopf", "corrected", "ac", "nc",
  "registered", "coreg", "filtered", "smooth",
  "smoothed", "raw", "final", "mni", "native", "iso", "hires", "clean", "cleaned", "denoised",
  "inter", "head", "whole", "mean", "avg", "tc", "nii", "dicom", "dcm", "patient", "pat", "subject",
  "pet", "osem", "fbp", "study", "visit", "ses", "session", "volume", "vol", "nifti", "cerebral",
])

/// Whether a word says what kind of image something is.
func isWordOfImages(_ word: Substring) -> Bool {
  boldWords.contains(word) || spectWords.contains(word) || anatomyWords.contains(word)
    || inEnglish(word).hasSuffix("ictal")
}

private let spectWords: Set<Substring> = [
  "spect", "hmpao", "ecd", "neurolite", "ceretec", "ictal", "interictal", "perfusion", "iktal",
  "interiktal", "preictal", "postictal", "periictal", "nonictal",
]
private let anatomyWords: Set<Substring> = [
  "t1", "t1w", "mprage", "mp2rage", "spgr", "anat", "anatomy",
]
