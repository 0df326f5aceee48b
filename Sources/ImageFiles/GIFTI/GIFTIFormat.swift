import Basics
import Imaging

/// GIFTI files hold values on surfaces: they are read as far as they say what they hold, and named.
enum GIFTIFormat: ImageFormat {
  static let name = "GIFTI"

  static func recognises(_ path: String, head: [UInt8]) -> Bool {
    path.lowercased().hasSuffix(".gii") || mark(head)
  }

  private static func mark(_ head: [UInt8]) -> Bool {
    let mark = Array("<GIFTI".utf8)
    return head.count >= mark.count
      && (0...head.count - mark.count).contains {
        head[$0..<$0 + mark.count].elementsEqual(mark)
      }
  }

  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage {
    let source = try FileSource(path)
    let content = try GIFTIContent(source)
    throw Problem(
      .data, source.name, "it is a GIFTI file: \(content.words); surfaces are not drawn",
      expected: ImageFormats.readableWords,
      remedy: "Give the volume that it was made of")
  }
}

/// What a GIFTI file says that it holds.
struct GIFTIContent {
  struct Array {
    let intent: String
    let sizes: [Int]
  }
  private(set) var arrays: [Array] = []
  /// Such as CortexLeft.
  private(set) var structure: String?

  init(_ source: FileSource) throws(Problem) {
    guard source.size <= 1 << 30 else {
      throw Problem(.data, source.name, "it has \(source.size) bytes", expected: "at most 1 GiB")
    }
    var arrays: [Array] = []
    var structure: String?
    var key = ""
    let walk = try XMLWalk(file: source.name)
    walk.skipped = ["Data"]
    walk.begins = { (name, attributes) in
      guard name == "DataArray" else { return }
      let sizes = (0..<6).compactMap { attributes["Dim\($0)"].flatMap(Int.init) }
      arrays.append(Array(intent: attributes["Intent"] ?? "", sizes: sizes))
    }
    walk.ends = { (name, text) in
      if name == "Name" { key = text }
      if name == "Value", key == "AnatomicalStructurePrimary", structure == nil {
        structure = visibleText(text, limit: 40)
      }
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = try source.readByte(into: &chunk)
      try walk.read(Swift.Array(chunk.prefix(got)), last: got == 0)
      if got == 0 { break }
    }
    self.arrays = arrays
    self.structure = structure
  }

  /// Such as "a surface of 32492 points and 64980 triangles, CortexLeft".
  var words: String {
    func size(_ intent: String) -> Int? {
      arrays.first { $0.intent == "NIFTI_INTENT_" + intent }?.sizes.first
    }
    var text: String
    if let points = size("POINTSET") {
      text = "a surface of \(points) points"
      if let triangles = size("TRIANGLE") { text += " and \(triangles) triangles" }
    } else if let labels = size("LABEL") {
      text = "labels of \(labels) points of a surface"
    } else if let points = arrays.first?.sizes.first {
      text = "\(arrays.count) map\(arrays.count == 1 ? "" : "s") on \(points) points of a surface"
    } else {
      text = "no data"
    }
    return structure.map { text + ", " + $0 } ?? text
  }
}
