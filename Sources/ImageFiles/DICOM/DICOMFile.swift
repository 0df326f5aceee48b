import Basics
internal import CDICOM

/// An open DICOM file, parsed by DCMTK after a walk that bounds what it may claim.
final class DICOMFile {
  /// How much of a file is read.
  enum Extent { case header, whole }

  let path: String
  /// The last part of the path, for messages.
  let name: String
  private let handle: OpaquePointer

  init(
    _ path: String, _ extent: Extent = .header, bounds: DICOMBounds = DICOMBounds()
  ) throws(Problem) {
    self.path = path
    name = fileName(path)
    var error = boldspect_dicom_error()
    let limits = boldspect_dicom_limits(
      whole: extent == .whole ? 1 : 0, most_elements: Int64(bounds.elements),
      most_inflated: Int64(bounds.inflatedBytes))
    guard let opened = boldspect_dicom_open(path, limits, &error) else {
      throw Self.problem(error, fileName(path))
    }
    handle = opened
  }

  deinit { boldspect_dicom_close(handle) }

  var dataset: DICOMItem { DICOMItem(file: self, pointer: boldspect_dicom_dataset(handle)) }

  /// The UID of its encoding.
  var transferSyntax: String { String(cString: boldspect_dicom_transfer_syntax(handle)) }

  /// Bytes of its pixel data; nil when they are compressed, or there are none.
  var pixelBytes: Int? {
    let bytes = boldspect_dicom_pixel_bytes(handle)
    return bytes < 0 ? nil : Int(bytes)
  }

  /// Items of its encapsulated pixel data, the table of offsets among them; nil when they are not encapsulated.
  var pixelPieces: Int? {
    let pieces = boldspect_dicom_pixel_pieces(handle)
    return pieces < 0 ? nil : Int(pieces)
  }

  /// Unpacks one frame, counted from 0, in host byte order.
  func readFrame(_ frame: Int, into bytes: inout [UInt8]) throws(Problem) {
    var error = boldspect_dicom_error()
    guard let number = UInt32(exactly: frame) else { preconditionFailure("frames are counted") }
    let isRead = bytes.withUnsafeMutableBufferPointer {
      boldspect_dicom_frame(handle, number, $0.baseAddress, Int64($0.count), &error)
    }
    guard isRead != 0 else { throw Self.problem(error, name, frame: frame) }
  }

  fileprivate func text(_ item: OpaquePointer?, _ tag: DICOMTag) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    func read() -> Int {
      bytes.withUnsafeMutableBufferPointer {
        Int(
          boldspect_dicom_text(
            handle, item, tag.group, tag.element, $0.baseAddress, Int64($0.count)))
      }
    }
    var count = read()
    if count > bytes.count {
      bytes = [CChar](repeating: 0, count: count)
      count = read()
    }
    guard count >= 0 else { return nil }
    return String(
      decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func problem(
    _ error: boldspect_dicom_error, _ name: String, frame: Int? = nil
  ) -> Problem {
    let place = error.number
    let whole = "a complete, undamaged DICOM file"
    let again = "Copy or export it again"
    func data(_ found: String) -> Problem {
      Problem(.data, name, found, expected: whole, remedy: again)
    }
    switch error.status {
    case BOLDSPECT_DICOM_CANNOT_OPEN:
      return Problem(.missingInput, name, "cannot be opened: \(reason(Int32(clamping: place)))")
    case BOLDSPECT_DICOM_NO_FILE:
      return Problem(.missingInput, name, "is not a regular file", expected: "a DICOM file")
    case BOLDSPECT_DICOM_NO_MARK:
      return Problem(.data, name, "it has no DICOM mark", expected: "\"DICM\" at byte 128")
    case BOLDSPECT_DICOM_TRUNCATED:
      return data("the element at byte \(place) claims more than the file holds")
    case BOLDSPECT_DICOM_MALFORMED:
      return data("its elements cannot be followed beyond byte \(place)")
    case BOLDSPECT_DICOM_OUT_OF_ORDER:
      let tag = DICOMTag(UInt16(place >> 16 & 0xffff), UInt16(place & 0xffff))
      return data("its element \(tag) stands twice or out of order")
    case BOLDSPECT_DICOM_TRAILING:
      return data("behind its pixels lie \(place) bytes that are no elements")
    case BOLDSPECT_DICOM_TOO_DEEP: return data("its sequences are nested beyond reason")
    case BOLDSPECT_DICOM_TOO_MANY:
      return data("it has more elements than memory can hold")
    case BOLDSPECT_DICOM_NO_SYNTAX: return data("it does not say how it is encoded")
    case BOLDSPECT_DICOM_TOO_LARGE: return data("it inflates to more than memory can hold")
    case BOLDSPECT_DICOM_NO_DICTIONARY:
      return Problem(
        .unavailable, name, "DCMTK's data dictionary is not installed",
        expected: "dicom.dic of the package libdcmtk")
    case BOLDSPECT_DICOM_NO_READER:
      return Problem(
        .unavailable, name, "the library that reads DICOM is not beside the program",
        expected: "libboldspect-dicom.so", remedy: "Build it with `swift build -c release`")
    case BOLDSPECT_DICOM_NO_PIXELS: return data("it has no pixel data")
    case BOLDSPECT_DICOM_WRONG_SIZE:
      return data("a frame has \(place) bytes, which rows, columns and bits do not give")
    case BOLDSPECT_DICOM_UNSOUND:
      return data(
        "its compressed frame \(place + 1) is damaged, of another size, or in several pieces")
    default:
      return data(
        frame.map { "its compressed frame \($0 + 1) cannot be unpacked" } ?? "it cannot be parsed")
    }
  }
}

/// What parsing may take of memory. DCMTK keeps some 250 bytes for an element.
struct DICOMBounds: Sendable {
  var elements: Int
  var inflatedBytes: Int

  init() {
    let room = MemoryBudget.availableBytes
    elements = min(4_000_000, room / 1024)
    inflatedBytes = min(1 << 31, room / 4)
  }
}

/// A data set, or an item of one of its sequences; it keeps its file open.
struct DICOMItem {
  let file: DICOMFile
  fileprivate let pointer: OpaquePointer?

  /// A text, without the padding; nil when it is absent or empty.
  func text(_ tag: DICOMTag) -> String? {
    let text = file.text(pointer, tag).map(Self.trimmed)
    return text == "" ? nil : text
  }

  /// The values of a text.
  func values(_ tag: DICOMTag) -> [String] {
    guard let text = file.text(pointer, tag), !text.isEmpty else { return [] }
    return text.split(separator: "\\", omittingEmptySubsequences: false)
      .map { Self.trimmed(String($0)) }
  }

  /// The numbers of an element, binary or decimal text; nil when it is absent or one of them is no number.
  func numbers(_ tag: DICOMTag) -> [Double]? {
    var numbers = [Double](repeating: 0, count: 16)
    func read() -> Int {
      numbers.withUnsafeMutableBufferPointer {
        Int(
          boldspect_dicom_numbers(
            pointer, tag.group, tag.element, $0.baseAddress, Int64($0.count)))
      }
    }
    var count = read()
    if count > numbers.count {
      numbers = [Double](repeating: 0, count: count)
      count = read()
    }
    if count >= 0 { return count == 0 ? nil : Array(numbers.prefix(count)) }
    guard count == -2 else { return nil }
    let texts = values(tag)
    let parsed = texts.compactMap(Self.number)
    return parsed.isEmpty || parsed.count != texts.count ? nil : parsed
  }

  /// The one number of an element; of several, nobody says which is meant.
  func number(_ tag: DICOMTag) -> Double? {
    guard let numbers = numbers(tag), numbers.count == 1 else { return nil }
    return numbers[0]
  }

  func integer(_ tag: DICOMTag) -> Int? { number(tag).flatMap { Int(exactly: $0) } }

  func has(_ tag: DICOMTag) -> Bool { boldspect_dicom_has(pointer, tag.group, tag.element) != 0 }

  func bytes(_ tag: DICOMTag, most: Int) -> [UInt8]? {
    let count = Int(boldspect_dicom_bytes(pointer, tag.group, tag.element, nil, 0))
    guard count > 0, count <= most else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBufferPointer {
      boldspect_dicom_bytes(pointer, tag.group, tag.element, $0.baseAddress, Int64($0.count))
    }
    return Int(got) == count ? bytes : nil
  }

  func itemCount(_ tag: DICOMTag) -> Int {
    max(0, Int(boldspect_dicom_item_count(pointer, tag.group, tag.element)))
  }

  func item(_ tag: DICOMTag, _ index: Int = 0) -> DICOMItem? {
    boldspect_dicom_item_at(pointer, tag.group, tag.element, Int64(index))
      .map { DICOMItem(file: file, pointer: $0) }
  }

  /// The element of a block that a maker reserved for itself (PS3.5, 7.8).
  func privateTag(_ group: UInt16, _ creator: String, _ element: UInt16) -> DICOMTag? {
    for block in UInt16(0x10)...0x1f
    where text(DICOMTag(group, block)).map({ $0 == creator }) == true {
      return DICOMTag(group, block << 8 | element)
    }
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    var out = Substring(text)
    while let last = out.unicodeScalars.last, last == " " || last == "\0" {
      out.unicodeScalars.removeLast()
    }
    while let first = out.unicodeScalars.first, first == " " { out.unicodeScalars.removeFirst() }
    return String(out)
  }

  /// A decimal string (VR DS, IS): digits, sign, point and exponent, nothing else.
  static func number(_ text: String) -> Double? {
    guard !text.isEmpty, text.utf8.allSatisfy({ Array("0123456789+-.eE".utf8).contains($0) }),
      let value = Double(text.hasPrefix("+") ? String(text.dropFirst()) : text), value.isFinite
    else { return nil }
    return value
  }
}
