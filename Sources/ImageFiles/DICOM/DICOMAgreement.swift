import Basics
import Imaging

/// What the files of one series must have in common, and what shows that some of them are missing.
extension DICOMSeriesFiles {
  static func check(_ file: DICOMInstance, against first: DICOMInstance) throws(Problem) {
    func differ(_ what: String) -> Problem {
      Problem(
        .data, file.name, "its \(what) is not that of \(first.name)",
        expected: "files of one series that agree")
    }
    guard file.kind == first.kind else { throw differ("SOP class") }
    guard file.pixels == first.pixels else { throw differ("size or number type") }
    guard !file.person.isAnother(than: first.person) else { throw differ("patient") }
    guard file.studyUID == first.studyUID else { throw differ("study") }
    guard file.frameOfReference == first.frameOfReference else {
      throw differ("frame of reference")
    }
    let meanings: [(DICOMTag, String)] = [
      (.modality, "modality"), (.units, "unit"), (.decayCorrection, "correction of decay"),
      (.countsSource, "sort of counts"), (.suvType, "sort of SUV"),
    ]
    for (tag, name) in meanings where file.meaning[tag] != first.meaning[tag] { throw differ(name) }
  }

  /// Slope and intercept: CT and PET state them (PS3.3, C.8.2.1 and C.8.9.4), and a series states them of every
  /// frame or of none.
  static func checkScaling(_ files: [DICOMInstance]) throws(Problem) {
    guard let first = files.first, let usual = first.planes.first else { return }
    for file in files {
      for plane in file.planes where file.nuclear == nil {
        let place = file.frameCount > 1 ? "its frame \(plane.frame + 1)" : "it"
        let isComplete = plane.hasSlope && plane.hasIntercept
        let mustState = !file.kind.isMagneticResonance
        if mustState && !isComplete || plane.hasSlope != plane.hasIntercept {
          throw Problem(
            .data, file.name, "\(place) lacks a rescale slope or intercept",
            expected: "both numbers, without which values mean nothing")
        }
        guard isComplete == (usual.hasSlope && usual.hasIntercept) else {
          throw Problem(
            .data, isComplete ? first.name : file.name,
            "\(isComplete ? "its first frame" : place) has no rescale slope, others of its series have one",
            expected: "a slope and an intercept of all slices, or of none")
        }
        guard plane.rescaleType == usual.rescaleType else {
          throw Problem(
            .data, file.name, "the rescale type of \(place) is not that of \(first.name)",
            expected: "numbers of one meaning in a series")
        }
      }
    }
  }

  /// A file that says how many there are must have them about it.
  static func checkCount(_ files: [DICOMInstance], _ stack: DICOMStack) throws(Problem) {
    let isWholeBody = files[0].seriesType.first == "WHOLE BODY"
    for file in files {
      if let stated = file.statedSlices, stated > 0,
        isWholeBody ? stated > stack.slices : stated != stack.slices
      {
        throw Problem(
          .data, file.name, "it says \(stated) slices, and \(stack.slices) are here",
          expected: "a complete series", remedy: "Copy or export it again")
      }
      if let stated = file.statedImages, stated > files.count, file.nuclear == nil {
        throw Problem(
          .data, file.name, "it says \(stated) images, and \(files.count) are here",
          expected: "a complete series", remedy: "Copy or export it again")
      }
    }
  }

  /// Gaps that the positions alone cannot show, since every second slice would still lie regularly.
  static func gapFindings(_ files: [DICOMInstance], _ stack: DICOMStack) -> [Finding] {
    guard !files[0].kind.isMagneticResonance, files[0].nuclear == nil,
      let thickness = files[0].sliceThickness, thickness > 0
    else { return [] }
    let step = stack.sliceStep
    guard thickness < 0.75 * step else { return [] }
    return [
      Finding(
        "slice-gap", .warning,
        "Its slices are \(plainNumber(thickness)) mm thick and lie \(plainNumber(step)) mm apart; slices may be "
          + "missing.")
    ]
  }

  /// When each volume began, by the clock; nil unless all say so and no two at once.
  static func volumeSeconds(_ files: [DICOMInstance], _ stack: DICOMStack) -> [Double]? {
    var seconds: [Double] = []
    for t in 0..<stack.frames {
      var least = Double.infinity
      for source in stack.sources[t * stack.slices..<(t + 1) * stack.slices] {
        let planes = files[source.file].planes
        guard source.frame < planes.count, let own = planes[source.frame].acquisitionSeconds else {
          return nil
        }
        least = min(least, own)
      }
      seconds.append(least)
    }
    return Set(seconds).count == seconds.count ? seconds : nil
  }

  /// What the clock says against a repetition time: on the whole, or where a volume is missing.
  static func clockConflict(
    _ files: [DICOMInstance], _ stack: DICOMStack, _ seconds: Double
  ) -> Finding? {
    guard let times = volumeSeconds(files, stack), let first = times.first, let last = times.last
    else { return nil }
    let measured = (last - first) / Double(stack.frames - 1)
    // Clocks of scanners step by some milliseconds, some by a second.
    let step = times.allSatisfy { $0 == $0.rounded() } ? 1.0 : 0.01
    if abs(measured - seconds) > 0.01 * seconds + step / Double(stack.frames - 1) {
      return Finding(
        "tr-conflict", .blocking,
        "The header says a repetition time of \(plainNumber(seconds)) s, the times of its volumes "
          + "\(plainNumber(measured, 4)) s. Decide with --tr.")
    }
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    guard let odd = gaps.firstIndex(where: { abs($0 - seconds) > 0.2 * seconds + step }) else {
      return nil
    }
    return Finding(
      "tr-conflict", .blocking,
      "Between volumes \(odd + 1) and \(odd + 2) lie \(plainNumber(gaps[odd], 4)) s, and the header says a repetition "
        + "time of \(plainNumber(seconds)) s; volumes may be missing. Decide with --tr.")
  }
}

extension DICOMStack {
  /// Millimetres from slice to slice.
  var sliceStep: Double {
    let a = affine.rows
    return (0..<3).reduce(0) { $0 + a[$1][2] * a[$1][2] }.squareRoot()
  }
}

/// Words of the standard that a message may quote: anything else in a header may be a name.
enum DICOMTerms {
  private static let words: Set<String> = [
    "ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY", "MIXED", "AXIAL", "LOCALIZER", "REFORMATTED",
    "TOMO", "GATED TOMO", "RECON TOMO", "RECON GATED TOMO", "STATIC", "DYNAMIC", "GATED",
    "WHOLE BODY", "EMISSION", "TRANSMISSION", "M", "P", "R", "I", "ND", "NORM", "MOSAIC", "OTHER",
    "MAGNITUDE", "PHASE", "REAL", "IMAGINARY", "VOLUME", "NONE", "DIFFUSION", "ADC", "FMRI",
    "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT",
    "YBR_RCT", "YBR_PARTIAL_420", "HFS", "HFP", "FFS", "FFP", "HFDR", "HFDL", "FFDR", "FFDL",
    "CNTS", "NONE", "CM2", "CM2ML", "PCNT", "CPS", "BQML", "MGMINML", "UMOLMINML", "MLMING", "MLG",
    "1CM", "UMOLML", "PROPCNTS", "PROPCPS", "MLMINML", "MLML", "GML", "STDDEV", "SUV",
  ]

  /// The word, when the standard defines it.
  static func known(_ word: String) -> String? { words.contains(word) ? word : nil }

  /// A list of words, those that are not the standard's left out.
  static func known(_ list: [String]) -> String {
    let known = list.map { Self.known($0) ?? "…" }
    return known.isEmpty ? "no image type" : known.joined(separator: " ")
  }

  /// A UID, when it is one.
  static func uid(_ text: String) -> String? {
    let digits = Array("0123456789.".utf8)
    return !text.isEmpty && text.utf8.count <= 64 && text.utf8.allSatisfy(digits.contains)
      ? text : nil
  }
}
