import Basics
import Imaging

/// One way that images are stored: a folder of this module each, and a line in `ImageFormats.all`.
protocol ImageFormat: Sendable {
  /// What a refusal calls it, such as NIfTI or DICOM.
  static var name: String { get }

  /// Whether a path is of this format: by its content, by its name where content says nothing.
  ///
  /// - Parameter head: the first 1024 bytes as they are stored, or as many as there are; none of a folder.
  static func recognises(_ path: String, head: [UInt8]) -> Bool

  /// Reads and checks the header.
  ///
  /// - Parameter wantsVoxels: whether more than the header will be asked for; a compressed file is walked to its
  ///   end in either case, because only there its checksum stands.
  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage
}

/// An image whose header was checked, and whose frames are handed out one after the other.
protocol OpenImage: AnyObject {
  var header: ImageHeader { get }
  /// Bytes of one frame in the image's own number type.
  var frameBytes: Int { get }

  /// Fills the buffer, which has `frameBytes`, with the next frame in host byte order, x fastest.
  ///
  /// - Throws: when the file ends early.
  func next(into buffer: inout [UInt8]) throws(Problem)

  /// Walks over what nobody asked for; what only the end tells is a finding of the header from here on.
  func finish() throws(Problem)

  /// SHA-256 of the whole file; of an image in several files that of their hashes in the image's own order, each
  /// as 64 hexadecimal digits. After `finish`.
  func sha256() throws(Problem) -> String
}

/// The formats that are read, and which one a path is of.
enum ImageFormats {
  static let all: [any ImageFormat.Type] = [
    DICOMFormat.self, CIFTIFormat.self, GIFTIFormat.self, MGHFormat.self, AFNIFormat.self,
    NIfTIFormat.self,
  ]

  /// For refusals: what is expected.
  static let readableWords = "NIfTI, DICOM, MGH, AFNI or CIFTI"

  /// How much of a file's beginning says what it is.
  static let headBytes = 1024

  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage {
    let head = try head(of: path)
    for format in all where format.recognises(path, head: head) {
      // A name that says NIfTI over another format's content.
      // The voxels of an .img may begin with anything.
      if format == NIfTIFormat.self, !RawHeader.begins(head),
        [".nii", ".hdr"].contains(where: { path.lowercased().hasSuffix($0) }),
        ForeignImage.kind(of: head) != nil
      {
        throw ForeignImage.refusal(fileName(path), head: head)
      }
      return try format.open(path, wantsVoxels: wantsVoxels)
    }
    guard !isFolder(path) else {
      throw Problem(
        .missingInput, fileName(path), "is a folder without an image that can be opened as one",
        expected: "an image file, or a folder with one DICOM series",
        remedy: "See what it holds with `boldspect list`")
    }
    throw ForeignImage.refusal(fileName(path), head: head)
  }

  /// The first bytes of a file; none of a folder.
  static func head(of path: String) throws(Problem) -> [UInt8] {
    if isFolder(path) { return [] }
    let source = try FileSource(path)
    var bytes = [UInt8](repeating: 0, count: headBytes)
    var filled = 0
    while filled < bytes.count {
      var part = [UInt8](repeating: 0, count: bytes.count - filled)
      let got = try source.readByte(into: &part)
      if got == 0 { break }
      bytes.replaceSubrange(filled..<filled + got, with: part.prefix(got))
      filled += got
    }
    return Array(bytes.prefix(filled))
  }
}
