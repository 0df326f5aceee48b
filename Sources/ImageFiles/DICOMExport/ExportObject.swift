import Basics
internal import CDICOM
import Glibc

/// A coded concept: a value of a coding scheme and its words.
struct CodedConcept: Sendable {
  var value: String
  var scheme: String
  var meaning: String

  init(_ value: String, _ scheme: String, _ meaning: String) {
    self.value = value
    self.scheme = scheme
    self.meaning = meaning
  }

  /// A concept that no standard scheme names.
  init(own value: String, _ meaning: String) { self.init(value, Self.ownScheme, meaning) }

  static let ownScheme = "99BOLDSPECT"
}

/// A DICOM object that is being built. What DICOM does not allow is found at the end, in `bytes`.
final class ExportObject {
  private let handle: OpaquePointer

  init() throws(Problem) {
    guard let made = boldspect_export_object_new() else {
      throw Problem(
        .unavailable, "DICOM", "DCMTK's data dictionary cannot be read",
        remedy: "Install Debian's libdcmtk17")
    }
    handle = made
  }

  deinit { boldspect_export_object_free(handle) }

  /// Patient and study of a source; with `inFrame` also its frame of reference.
  func inherit(_ source: ExportSource, inFrame: Bool) {
    boldspect_export_inherit(handle, source.handle, inFrame ? 1 : 0)
  }

  /// Text values; none makes an empty element.
  func put(_ tag: ExportTag, _ values: String...) { put(tag, values) }

  func put(_ tag: ExportTag, _ values: [String]) {
    let words = values.map { strdup($0) }
    defer { for word in words { free(word) } }
    let pointers = words.map { UnsafePointer($0) }
    pointers.withUnsafeBufferPointer {
      boldspect_export_put_text(handle, tag.group, tag.element, $0.baseAddress, Int32($0.count))
    }
  }

  /// Decimal strings.
  func put(_ tag: ExportTag, decimals: [Double]) { put(tag, decimals.map(ExportText.decimal)) }

  /// Binary numbers.
  func put(_ tag: ExportTag, numbers: [Double]) {
    boldspect_export_put_numbers(handle, tag.group, tag.element, numbers, Int32(numbers.count))
  }

  func put(_ tag: ExportTag, _ number: Int) { put(tag, numbers: [Double(number)]) }

  /// A tag as value.
  func put(_ tag: ExportTag, pointer: ExportTag) {
    boldspect_export_put_tag(handle, tag.group, tag.element, pointer.group, pointer.element)
  }

  func put(_ tag: ExportTag, bytes: [UInt8]) {
    boldspect_export_put_bytes(handle, tag.group, tag.element, bytes, bytes.count)
  }

  func put(_ tag: ExportTag, words: [Int16]) {
    boldspect_export_put_words(handle, tag.group, tag.element, words, words.count)
  }

  func put(_ tag: ExportTag, floats: [Float]) {
    boldspect_export_put_floats(handle, tag.group, tag.element, floats, floats.count)
  }

  /// One more item of a sequence.
  func item(_ tag: ExportTag, _ body: () -> Void) {
    boldspect_export_begin_item(handle, tag.group, tag.element)
    body()
    boldspect_export_end_item(handle)
  }

  /// One more item of a sequence of codes.
  func code(_ tag: ExportTag, _ concept: CodedConcept) {
    item(tag) {
      put(.codeValue, concept.value)
      put(.codingSchemeDesignator, concept.scheme)
      put(.codeMeaning, concept.meaning)
    }
  }

  /// A reference to an object, with its class.
  func reference(_ tag: ExportTag, to source: ExportSource, purpose: CodedConcept? = nil) {
    item(tag) {
      put(.referencedSOPClassUID, source.sopClassUID)
      put(.referencedSOPInstanceUID, source.sopInstanceUID)
      if let purpose { code(.purposeOfReferenceCodeSequence, purpose) }
    }
  }

  /// The whole file.
  ///
  /// - Parameter name: of the file that it will be, for the sentence that says what DICOM does not allow.
  func bytes(for name: String) throws(Problem) -> [UInt8] {
    var count = 0
    var why = [CChar](repeating: 0, count: 256)
    guard let made = boldspect_export_bytes(handle, &count, &why, why.count) else {
      throw Problem(.data, name, "it cannot be written as DICOM: \(wordsOf(why))")
    }
    defer { free(made) }
    return Array(UnsafeBufferPointer(start: made, count: count))
  }
}

/// A C string in a buffer.
func wordsOf(_ buffer: [CChar]) -> String {
  String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
