import Basics

/// Files that are not read, recognised by what they begin with, and what makes an image of them that is.
///
/// The marks are those of the formats' own descriptions.
enum ForeignImage {
  struct Kind {
    let name: String
    let remedy: String
    let begins: ([UInt8]) -> Bool

    /// - Parameter at: where the mark stands.
    init(_ name: String, _ mark: [UInt8], at: Int = 0, remedy: String) {
      self.name = name
      self.remedy = remedy
      begins = { $0.count >= at + mark.count && $0[at..<at + mark.count].elementsEqual(mark) }
    }

    /// - Parameter text: a text that stands somewhere in the first 1024 bytes, whatever its letters' case.
    init(_ name: String, text: String, remedy: String) {
      self.name = name
      self.remedy = remedy
      let mark = Array(text.lowercased().utf8)
      begins = { head in
        let lower = head.map { (65...90).contains($0) ? $0 + 32 : $0 }
        return lower.count >= mark.count
          && (0...lower.count - mark.count).contains {
            lower[$0..<$0 + mark.count].elementsEqual(mark)
          }
      }
    }

    init(_ name: String, _ mark: String, at: Int = 0, remedy: String) {
      self.init(name, Array(mark.utf8), at: at, remedy: remedy)
    }
  }

  private static let unpack = "Unpack it, and give what is inside"
  private static let picture = "Give the image that the picture was made of"

  static var kinds: [Kind] {
    [
      Kind(
        "a MetaImage", text: "ObjectType = ",
        remedy: "Convert it, such as with ANTs' `ConvertImage 3 in.mha out.nii.gz`"),
      Kind("an NRRD image", "NRRD000", remedy: "Convert it with 3D Slicer or `unu save`"),
      Kind(
        "an MRtrix image", "mrtrix image", remedy: "Convert it with `mrconvert in.mif out.nii.gz`"),
      Kind(
        "an Interfile header", text: "!INTERFILE",
        remedy: "Convert it with `medcon -f in.h33 -c nifti`, and check sides against the patient"),
      Kind(
        "an ECAT 7 image", "MATRIX7",
        remedy: "Convert it with TurkuPET's `ecat2nii` or nibabel's `nib-convert`"),
      Kind("a MINC-1 image (or another NetCDF file)", "CDF", remedy: "Convert it with `mnc2nii`"),
      Kind(
        "an HDF5 file: a MINC-2 image, a transform or data",
        [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10],
        remedy: "Convert a MINC-2 image with `mnc2nii`; a transform is given with --transform"),
      Kind(
        "a Philips PAR header", text: "image number order: # of loc",
        remedy: "Convert it with `dcm2niix` or nibabel's `parrec2nii`"),
      Kind(
        "a Philips PAR header", text: "# === data description file",
        remedy: "Convert it with `dcm2niix` or nibabel's `parrec2nii`"),
      Kind(
        "a MATLAB file", "MATLAB 5.0 MAT-file",
        remedy: "Save the image as NIfTI, with SPM's `spm_write_vol`"),
      Kind("a Zip archive", "PK\u{3}\u{4}", remedy: unpack),
      Kind("a tar archive", "ustar", at: 257, remedy: unpack),
      Kind("a bzip2 file", "BZh", remedy: "Unpack it with `bunzip2`"),
      Kind("a Zstandard file", [0x28, 0xb5, 0x2f, 0xfd], remedy: "Unpack it with `unzstd`"),
      Kind("an xz file", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], remedy: "Unpack it with `unxz`"),
      Kind(
        "a gzip file of another name", [0x1f, 0x8b],
        remedy: "Give it a name that says what is inside, such as x.nii.gz"),
      Kind("a PNG picture", [0x89, 0x50, 0x4e, 0x47], remedy: picture),
      Kind("a JPEG picture", [0xff, 0xd8, 0xff], remedy: picture),
      Kind("a TIFF picture", [0x49, 0x49, 0x2a, 0], remedy: picture),
      Kind("a TIFF picture", [0x4d, 0x4d, 0, 0x2a], remedy: picture),
      Kind("a PDF document", "%PDF-", remedy: picture),
    ]
  }

  /// What a file is that begins so; nil when it is not known.
  static func kind(of head: [UInt8]) -> Kind? { kinds.first { $0.begins(head) } }

  static func refusal(_ name: String, head: [UInt8]) -> Problem {
    if let kind = kind(of: head) {
      return Problem(
        .data, name, "it is \(kind.name), which is not read", expected: ImageFormats.readableWords,
        remedy: kind.remedy)
    }
    return Problem(
      .data, name,
      head.isEmpty ? "it is empty" : "neither its content nor its name is one of an image",
      expected: ImageFormats.readableWords)
  }
}
