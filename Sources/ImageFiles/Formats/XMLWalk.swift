import Basics
internal import CExpat

/// Reads XML from front to back through expat: elements and their text, nothing else.
///
/// A document that declares entities or is nested deeper than 64 is refused.
final class XMLWalk {
  /// An element begins, with its attributes.
  var begins: (_ name: String, _ attributes: [String: String]) -> Void = { (_, _) in }
  /// An element ends, with the text that stood in it; the text of `skipped` elements is not kept.
  var ends: (_ name: String, _ text: String) -> Void = { (_, _) in }
  /// Elements whose text is not wanted, such as data.
  var skipped: Set<String> = []

  private let parser: XML_Parser
  private let file: String
  private var text: [UInt8] = []
  private var open: [String] = []
  private(set) var refusal: Problem?
  /// Free text beyond this in one element is no header of an image.
  private let mostText = 256 << 20

  init(file: String) throws(Problem) {
    guard let parser = XML_ParserCreate("UTF-8") else {
      throw Problem(.inputOutput, file, "there is no memory to read its XML")
    }
    self.parser = parser
    self.file = file
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { (data, name, attributes) in XMLWalk.of(data)?.began(name, attributes) },
      { (data, name) in XMLWalk.of(data)?.ended(name) })
    XML_SetCharacterDataHandler(parser) { (data, bytes, count) in
      XMLWalk.of(data)?.characters(bytes, Int(count))
    }
    XML_SetEntityDeclHandler(parser) { (data, _, _, _, _, _, _, _, _) in
      XMLWalk.of(data)?.stop("its XML declares entities", "plain XML")
    }
  }

  deinit { XML_ParserFree(parser) }

  /// Reads a part; the last one ends the document.
  func read(_ bytes: [UInt8], last: Bool) throws(Problem) {
    var at = 0
    repeat {
      let part = min(bytes.count - at, 1 << 20)
      let isLast = last && at + part == bytes.count
      let status = bytes.withUnsafeBufferPointer { buffer in
        XML_Parse(
          parser,
          buffer.baseAddress.map {
            UnsafeRawPointer($0 + at).assumingMemoryBound(to: CChar.self)
          }, Int32(part), isLast ? 1 : 0)
      }
      at += part
      if let refusal { throw refusal }
      guard status == XML_STATUS_OK else {
        throw Problem(
          .data, file, "its XML is damaged at line \(XML_GetCurrentLineNumber(parser))",
          expected: "a complete file")
      }
    } while at < bytes.count
  }

  private static func of(_ data: UnsafeMutableRawPointer?) -> XMLWalk? {
    data.map { Unmanaged<XMLWalk>.fromOpaque($0).takeUnretainedValue() }
  }

  private func stop(_ found: String, _ expected: String) {
    refusal = refusal ?? Problem(.data, file, found, expected: expected)
    XML_StopParser(parser, 0)
  }

  private func began(
    _ name: UnsafePointer<CChar>?, _ pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  ) {
    guard let name, refusal == nil else { return }
    guard open.count < 64 else { return stop("its XML is nested deeper than 64", "an image's XML") }
    var attributes: [String: String] = [:]
    var at = 0
    while let pairs, let key = pairs[at], let value = pairs[at + 1] {
      attributes[String(cString: key)] = String(cString: value)
      at += 2
    }
    let element = String(cString: name)
    open.append(element)
    text.removeAll()
    begins(element, attributes)
  }

  private func ended(_ name: UnsafePointer<CChar>?) {
    guard let name, refusal == nil else { return }
    ends(String(cString: name), String(decoding: text, as: UTF8.self))
    text.removeAll()
    open.removeLast()
  }

  private func characters(_ bytes: UnsafePointer<CChar>?, _ count: Int) {
    guard let bytes, let element = open.last, !skipped.contains(element) else { return }
    guard text.count + count <= mostText else {
      return stop("an element of its XML holds more than 256 MiB", "an image's XML")
    }
    let raw = UnsafeRawBufferPointer(start: bytes, count: count)
    text.append(contentsOf: raw)
  }

  /// For those who read an element's meaning: refuses the document.
  func refuse(_ found: String, expected: String) { stop(found, expected) }
}
