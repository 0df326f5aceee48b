import Basics

/// DICOM series: named by any one of its files, or by a folder with exactly one that can be opened.
enum DICOMFormat: ImageFormat {
  static let name = "DICOM"

  static func recognises(_ path: String, head: [UInt8]) -> Bool {
    head.isEmpty ? DICOMFolder.holdsDICOM(path) : isMarked(head)
  }

  /// PS3.10, 7.1: a preamble of 128 bytes that mean nothing, then the mark.
  static func isMarked(_ head: [UInt8]) -> Bool {
    head.count >= 132 && head[128..<132].elementsEqual(Array("DICM".utf8))
  }

  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage {
    try DICOMImage(path, try DICOMFolder.files(of: path))
  }
}
