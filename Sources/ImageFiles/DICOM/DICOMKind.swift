import Basics

/// What an object is, by its SOP class (PS3.4, B.5), never by its Modality.
package enum DICOMKind: Equatable, Sendable {
  case nuclear
  /// Magnetic resonance, one slice or one mosaic a file.
  case magneticResonance
  /// Magnetic resonance, many frames a file.
  case enhancedMagneticResonance
  case positron
  case enhancedPositron
  case tomography
  case enhancedTomography
  /// Something that is no scan, by its name.
  case other(String)

  /// For lists.
  package var name: String {
    switch self {
    case .nuclear: "NM"
    case .magneticResonance: "MR"
    case .enhancedMagneticResonance: "enhanced MR"
    case .positron: "PET"
    case .enhancedPositron: "enhanced PET"
    case .tomography: "CT"
    case .enhancedTomography: "enhanced CT"
    case .other(let name): name
    }
  }

  /// The same in a word or two, for columns.
  package var brief: String {
    var words = name.split(separator: " ")[...]
    if words.first == "a" || words.first == "an" { words = words.dropFirst() }
    return words.prefix { !$0.hasPrefix("(") && $0 != "that" && $0 != "of" }.joined(separator: " ")
  }

  /// Whether geometry and scaling stand in functional groups.
  var isEnhanced: Bool {
    switch self {
    case .enhancedMagneticResonance, .enhancedPositron, .enhancedTomography: true
    default: false
    }
  }

  var isMagneticResonance: Bool { self == .magneticResonance || self == .enhancedMagneticResonance }

  init(sopClass: String) {
    let storage = "1.2.840.10008.5.1.4.1.1."
    guard sopClass.hasPrefix(storage) else {
      self = .other(sopClass == Self.directory ? "a DICOM directory" : "an object that is no scan")
      return
    }
    let tail = String(sopClass.dropFirst(storage.count))
    switch tail {
    case "20": self = .nuclear
    case "4": self = .magneticResonance
    case "4.1", "4.4": self = .enhancedMagneticResonance
    case "128": self = .positron
    case "130", "128.1": self = .enhancedPositron
    case "2": self = .tomography
    case "2.1", "2.2": self = .enhancedTomography
    default: self = .other(Self.name(of: tail))
    }
  }

  static let directory = "1.2.840.10008.1.3.10"

  /// The families that hospitals send beside scans.
  private static func name(of tail: String) -> String {
    for (prefix, name) in [
      ("7", "a screen capture (Secondary Capture)"), ("88.59", "a list of key images"),
      ("88", "a structured report"), ("66.4", "a segmentation"), ("66.5", "a surface"),
      ("66", "raw or registration data"), ("11", "a presentation state"),
      ("104", "an enclosed document"), ("481", "radiotherapy data"), ("9", "a waveform"),
      ("4.2", "MR spectroscopy"), ("4.3", "a colour MR image"), ("30", "a parametric map"),
      ("5", "an NM image of the retired class"), ("1", "a projection radiograph"),
      ("6", "ultrasound"), ("3", "ultrasound"), ("12", "an angiogram"), ("77", "a photograph"),
      ("67", "a mapping of values"),
    ] where tail == prefix || tail.hasPrefix(prefix + ".") {
      return name
    }
    return "an object that is no scan"
  }
}

/// How a file's values are encoded (PS3.5, annex A), as far as it is read.
enum DICOMEncoding {
  /// Refuses what is not unpacked, by its name.
  static func check(_ uid: String, _ name: String) throws(Problem) {
    let readable: Set<String> = [
      "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99",
      "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
      "1.2.840.10008.1.2.4.80",
    ]
    if readable.contains(uid) { return }
    let expected = "uncompressed, RLE, JPEG lossless or JPEG-LS lossless"
    let remedy = "Export it uncompressed (Explicit VR Little Endian)"
    let jpeg2000 = ["90", "91", "92", "93", "201", "202", "203"]
    if jpeg2000.contains(where: { uid == "1.2.840.10008.1.2.4.\($0)" }) {
      throw Problem(
        .data, name, "its pixels are compressed with JPEG 2000, which Debian's DCMTK cannot unpack",
        expected: expected, remedy: remedy)
    }
    if ["50", "51", "81"].contains(where: { uid == "1.2.840.10008.1.2.4.\($0)" }) {
      throw Problem(
        .data, name, "its pixels are compressed with loss, so its numbers are not the scanner's",
        expected: expected, remedy: remedy)
    }
    throw Problem(
      .data, name, "its transfer syntax \(DICOMTerms.uid(uid) ?? "is no UID and") is not read",
      expected: expected, remedy: remedy)
  }
}
