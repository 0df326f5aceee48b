import Basics
import Foundation
import ImageFiles
import TestSupport

private enum Files {
  /// Nuclear medicine and magnetic resonance in the writings that need no codec.
  static var seeds: [[UInt8]] {
    var out: [[UInt8]] = []
    for packing in [DICOMPhantom.Packing.explicitLittle, .implicitLittle, .explicitBig] {
      for place in DICOMPhantom.Place.allCases {
        var phantom = small
        phantom.packing = packing
        phantom.place = place
        out.append(phantom.writer.file(phantom.nuclear))
      }
    }
    var phantom = small
    phantom.modality = "MR"
    for sopClass in ["1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128"] {
      out.append(phantom.writer.file(phantom.slice(0, sopClass: sopClass, instance: 1)))
    }
    out.append(SmallDICOM.source())
    return out
  }

  private static var small: DICOMPhantom {
    var phantom = DICOMPhantom()
    (phantom.columns, phantom.rows, phantom.slices) = (4, 3, 3)
    return phantom
  }

  /// Compressed pixels in items, by their transfer syntax: the streams are as short as they can be.
  static var compressed: [[UInt8]] {
    let streams: [(String, [UInt8])] = [
      (
        "1.2.840.10008.1.2.5",
        [2, 0, 0, 0, 64, 0, 0, 0] + [UInt8](repeating: 0, count: 56) + [0xfe, 1, 0xfe, 2]
      ),
      (
        "1.2.840.10008.1.2.4.70",
        [0xff, 0xd8, 0xff, 0xc3, 0, 11, 16, 0, 3, 0, 4, 1, 1, 0x11, 0, 0xff, 0xd9]
      ),
      (
        "1.2.840.10008.1.2.4.80",
        [0xff, 0xd8, 0xff, 0xf7, 0, 11, 16, 0, 3, 0, 4, 1, 1, 0x11, 0, 0xff, 0xd9]
      ),
      ("1.2.840.10008.1.2.1.99", [0x03, 0x00]),
    ]
    return streams.map { uid, stream in
      let elements = small.slice(0, sopClass: "1.2.840.10008.5.1.4.1.1.4", instance: 1)
        .filter { !($0.group == 0x7fe0) }
      var bytes = DICOMWriter(.explicitLittle, syntax: uid).file(elements)
      let even = stream + (stream.count % 2 == 0 ? [] : [0])
      bytes += [0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]
      bytes += [0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0]
      bytes += [0xfe, 0xff, 0, 0xe0] + Seeds.little(UInt32(even.count)) + even
      return bytes + [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]
    }
  }
}

/// All that a folder of series says of itself.
private func look(_ folder: String) throws(Problem) {
  let found = try DICOMFolder(folder)
  for problem in found.damaged { requireShowable(problem) }
  for series in found.series {
    require(series.fileCount > 0, "a series without files")
    if let problem = series.problem { requireShowable(problem) }
  }
}

let dicomTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "dicom", most: 8192,
    words: ["DICM", "\u{8}\0\u{8}\0CS", "HFS", "\\", "SQ\0\0", "OW\0\0", "UN\0\0"],
    seeds: { Files.seeds + Files.compressed }
  ) { (bytes) throws(Problem) in
    try readImage(Scratch.file("dicom/x.dcm", bytes))
  },
  FuzzTarget(
    name: "dicom-folder", most: 8192, words: ["DICM", "\n----\n"],
    seeds: {
      let all = Files.seeds
      return [all[0], all[0] + Array("\n----\n".utf8) + all[1]]
    }
  ) { (bytes) throws(Problem) in
    for n in 0..<6 { Scratch.remove("series/\(n).dcm") }
    for (n, part) in parts(bytes).enumerated() { Scratch.file("series/\(n).dcm", part) }
    try look(Scratch.root + "/series")
  },
  FuzzTarget(
    name: "dicom-source", most: 8192, words: ["DICM"],
    seeds: { [SmallDICOM.source()] + Files.seeds }
  ) { (bytes) throws(Problem) in
    let source = try ExportSource(Scratch.file("source/s.dcm", bytes))
    _ = source.isNamed("x", by: .series)
    _ = try source.requireFrame(for: "a target")
  },
]
