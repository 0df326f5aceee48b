import Basics
import Foundation
import ImageFiles
import Imaging

/// Everything that is asked of an image's file: its header, its voxels, its hash.
func readImage(_ path: String) throws(Problem) {
  let header = attempt { () throws(Problem) in try ImageReader.describe(path) }
  for finding in header?.findings ?? [] { requireShowable(finding) }
  let (d, samples) = try ImageReader.read(path)
  requireSound(d, samples)
}

/// What was let through has a place for each voxel and a voxel for each place.
private func requireSound(_ d: ImageDescription, _ samples: SampleStore) {
  let frames = d.frameCount
  require(d.grid.count > 0 && frames > 0, "an image without voxels")
  let values = samples.floats(0..<d.grid.count)
  require(values.count == d.grid.count, "voxels are missing")
  require(d.grid.worldFromVoxel.isFinite, "a matrix that is not finite")
  for offset in [0, d.grid.count - 1] {
    let there = d.grid.nearestVoxel(d.grid.world(at: offset))
    require(there == d.grid.index(at: offset), "a voxel is not where its place is")
  }
}

/// The kind of file by the input's first byte.
private func named(_ bytes: [UInt8], _ endings: [String]) -> (name: String, rest: [UInt8]) {
  guard let first = bytes.first else { return ("x" + (endings.first ?? ""), []) }
  return ("x" + endings[Int(first) % endings.count], Array(bytes.dropFirst()))
}

private func gzipped(_ bytes: [UInt8]) -> [UInt8] { StoredGzip.member(bytes) }

let imageTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "nifti", most: 8192, words: ["n+1\0", "ni1\0", "n+2\0\r\n\u{1a}\n"],
    seeds: { Seeds.nifti.flatMap { one in [0, 1, 2].map { [$0] + one } } }
  ) { (bytes) throws(Problem) in
    // Plain, in a gzip that was made for it, and as a pair whose voxels are all there.
    let kind = (bytes.first ?? 0) % 3
    let rest = Array(bytes.dropFirst())
    switch kind {
    case 0: try readImage(Scratch.file("x.nii", rest))
    case 1: try readImage(Scratch.file("y.nii.gz", gzipped(rest)))
    default:
      Scratch.file("z.img", [UInt8](repeating: 1, count: 4096))
      try readImage(Scratch.file("z.hdr", rest))
    }
  },
  FuzzTarget(
    name: "gzip", most: 8192, words: ["\u{1f}\u{8b}\u{8}"],
    seeds: {
      var all: [[UInt8]] = []
      for one in Seeds.nifti {
        all.append(gzipped(one))
        all.append(gzipped(Array(one.prefix(300))) + gzipped(Array(one.dropFirst(300))))
        if let small = Seeds.deflated(one) { all.append(small) }
      }
      return all
    }
  ) { (bytes) throws(Problem) in try readImage(Scratch.file("g.nii.gz", bytes)) },
  FuzzTarget(
    name: "sidecar",
    words: [
      "\"RepetitionTime\"", "\"GeneratedBy\"", "\"boldspect\"", "\"image\"", "\"sha256\"",
      "\"findings\"",
      "\"severity\"", "\"blocking\"", "\"derived_from\"", "\"inputs\"", "\"format\"",
    ],
    seeds: { Seeds.sidecars }
  ) { (bytes) throws(Problem) in
    let path = Scratch.file("s_bold.nii", Seeds.series)
    Scratch.file("s_bold.json", bytes)
    _ = Lineage(ofFile: path)
    try readImage(path)
  },
  FuzzTarget(
    name: "mgh", most: 8192,
    seeds: { Seeds.mgh.map { [0] + $0 } + Seeds.mgh.map { [1] + gzipped($0) } }
  ) { (bytes) throws(Problem) in
    let (name, rest) = named(bytes, [".mgh", ".mgz"])
    try readImage(Scratch.file(name, rest))
  },
  FuzzTarget(
    name: "afni", most: 8192,
    words: [
      "\ntype = ", "\nname = ", "\ncount = ", "integer-attribute", "float-attribute",
      "string-attribute",
      "DATASET_RANK", "DATASET_DIMENSIONS", "ORIENT_SPECIFIC", "ORIGIN", "DELTA", "BRICK_TYPES",
      "BRICK_FLOAT_FACS", "SCENE_DATA", "TAXIS_NUMS", "TAXIS_FLOATS", "IJK_TO_DICOM_REAL",
      "BYTEORDER_STRING",
    ],
    seeds: { Seeds.afni }
  ) { (bytes) throws(Problem) in
    Scratch.file("a+orig.BRIK", [UInt8](repeating: 3, count: 240))
    try readImage(Scratch.file("a+orig.HEAD", bytes))
  },
  FuzzTarget(
    name: "cifti", most: 16384,
    words: [
      "<MatrixIndicesMap", "BrainModel", "IndexOffset=\"", "IndexCount=\"", "VoxelIndicesIJK",
      "VolumeDimensions=\"",
      "CIFTI_MODEL_TYPE_VOXELS", "CIFTI_INDEX_TYPE_SERIES", "SeriesStep=\"", "SeriesUnit=\"",
      "MeterExponent=\"",
    ],
    seeds: { [Seeds.cifti()] }
  ) { (bytes) throws(Problem) in try readImage(Scratch.file("c.dtseries.nii", bytes)) },
  FuzzTarget(
    name: "gifti",
    words: [
      "<GIFTI", "<DataArray", "Intent=\"", "NIFTI_INTENT_TIME_SERIES", "Encoding=\"", "Dim0=\"",
      "<Data>",
    ],
    seeds: { Seeds.gifti }
  ) { (bytes) throws(Problem) in try readImage(Scratch.file("g.func.gii", bytes)) },
  FuzzTarget(
    name: "anyfile", most: 2048,
    words: ["ObjectType = ", "!INTERFILE", "MATRIX7", "BZh", "DICM", "<nifti_image"],
    seeds: { Seeds.otherFiles }
  ) { (bytes) throws(Problem) in
    // bzip2, zstd and all else that is recognised by its beginning and not read.
    let (name, rest) = named(
      bytes, ["", ".nii", ".hdr", ".img", ".mif", ".nii.bz2", ".nii.zst", ".BRIK", ".mgz", ".gii"])
    try readImage(Scratch.file("k" + name, rest))
  },
]
