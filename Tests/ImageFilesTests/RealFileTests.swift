import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct RealFileTests {
  @Test func headersAndValuesEqualNibabel() throws {
    let rows = try #require(try Reference.load()["images"] as? [[String: Any]])
    #expect(rows.count > 50)
    for row in rows {
      let name = try #require(row["file"] as? String)
      let (d, samples) = try ImageReader.read(RealData.path(name))
      let shape = try #require(row["shape"] as? [Int])
      #expect(Array(d.shape.prefix(shape.count)) == shape, "\(name)")
      let affine = try #require(row["affine"] as? [[Double]])
      for (a, b) in zip(d.affine?.rows ?? [], affine) {
        for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-4, "\(name)") }
      }
      #expect(d.orientation == row["orientation"] as? String, "\(name)")
      #expect(d.type.rawValue == row["datatype"] as? String, "\(name)")
      if let tr = row["tr_s"] as? Double {
        #expect(abs((d.headerRepetitionTimeSeconds ?? 0) - tr) < 1e-6, "\(name)")
      } else {
        #expect(d.headerRepetitionTimeSeconds == nil, "\(name)")
      }
      let frame = try #require(row["frame"] as? Int)
      let count = d.grid.count
      let volume = Volume(
        grid: d.grid, values: samples.floats(frame * count..<(frame + 1) * count))
      let points = try #require(row["mm"] as? [[Double]])
      for (kind, interpolation) in [("linear", Interpolation.linear), ("nearest", .nearest)] {
        let values = try #require(row[kind] as? [Any])
        let sampler = Sampler(volume, interpolation)
        for (p, v) in zip(points, values) {
          let ours = Double(sampler.value(at: WorldPoint(p[0], p[1], p[2])))
          guard let theirs = v as? Double else {
            #expect(!ours.isFinite, "\(name)")
            continue
          }
          #expect(abs(ours - theirs) <= 1e-5 * max(1e-3, abs(theirs)), "\(name) \(kind) \(p)")
        }
      }
    }
  }

  @Test func resamplingAgreesWithScipy() throws {
    let row = try #require((try Reference.load()["resample"] as? [[String: Any]])?.first)
    let file = try #require(row["file"] as? String)
    let volume = try ImageReader.readVolume(RealData.path(file)).volume
    let rows = try #require(row["affine"] as? [[Double]])
    let size = try #require(row["size"] as? [Int])
    let target = try #require(
      Grid(dimensions: (size[0], size[1], size[2]), worldFromVoxel: Affine(rows: rows)))
    let range = try #require(row["range"] as? Double)
    let voxels = try #require(row["voxels"] as? [[Int]])
    for (kind, interpolation, tolerance) in [
      ("linear", Interpolation.linear, 1e-5), ("cubic", .cubic, 1e-4),
    ] {
      let out = volume.resampled(to: target, interpolation)
      let values = try #require(row[kind] as? [Double])
      var worst = 0.0
      for (v, value) in zip(voxels, values) {
        worst = max(worst, abs(Double(out[VoxelIndex(v[0], v[1], v[2])]) - value))
      }
      #expect(worst <= tolerance * range, "\(kind): \(worst / range) of the range")
    }
  }

  @Test func smoothingAgreesWithScipy() throws {
    let rows = try #require(try Reference.load()["smooth"] as? [[String: Any]])
    #expect(rows.count == 3)
    for row in rows {
      let file = try #require(row["file"] as? String)
      let fwhm = try #require(row["fwhm"] as? Double)
      let smooth = try ImageReader.readVolume(RealData.path(file)).volume.smoothed(fwhm: fwhm)
      let range = try #require(row["range"] as? Double)
      let voxels = try #require(row["voxels"] as? [[Int]])
      let values = try #require(row["values"] as? [Double])
      for (v, value) in zip(voxels, values) {
        let ours = Double(smooth[VoxelIndex(v[0], v[1], v[2])])
        #expect(abs(ours - value) <= 1e-5 * range, "\(file) \(fwhm)")
      }
    }
  }

  static let refused = [
    "odd-derived/bad_crc.nii.gz", "odd-derived/bad_datatype.nii", "odd-derived/empty.nii",
    "odd-derived/gzipped.nii", "odd-derived/huge_dims.nii", "odd-derived/nan_sform.nii",
    "odd-derived/negative_dim.nii", "odd-derived/not_gzipped.nii.gz",
    "odd-derived/trunc_gz.nii.gz", "odd-derived/trunc_half.nii", "odd-derived/trunc_header.nii",
    "odd-misc/short340.hdr", "odd-nibabel/analyze.hdr", "odd-nibabel/nifti1.hdr",
    "odd-nibabel/nifti2.hdr",
  ]

  @Test(arguments: refused)
  func damagedFilesAreRefusedInOneSentence(_ name: String) throws {
    let problem = #expect(throws: Problem.self) { try ImageReader.describe(RealData.path(name)) }
    let sentence = try #require(problem).sentence
    let stem = try #require(fileName(name).split(separator: ".").first)
    #expect(sentence.contains(stem))
    #expect(sentence.count <= 200)
    #expect(problem?.kind == .data || problem?.kind == .missingInput)
  }

  @Test(arguments: [
    ("odd-derived/trailing_junk.nii.gz", "trailing-junk"),
    ("odd-derived/two_members.nii.gz", "gzip-members"),
    ("odd-misc/minimal.nii.gz", "laterality-unknown"),
    ("odd-nibabel/example4d.nii.gz", "tr-unknown"),
    ("odd-nibabel/example_nifti2.nii.gz", "tr-unknown"),
    ("bold-studyforrest/sub-02_task-oneback_run-1_bold.nii.gz", "tr-conflict"),
  ])
  func oddFilesOpenWithTheirFinding(_ name: String, _ code: String) throws {
    let d = try ImageReader.describe(RealData.path(name))
    #expect(d.findings.contains { $0.code == code })
  }

  @Test func aWrongRepetitionTimeBlocksUntilItIsStated() throws {
    let d = try ImageReader.describe(
      RealData.path("bold-studyforrest/sub-02_task-oneback_run-1_bold.nii.gz"))
    #expect(abs((d.headerRepetitionTimeSeconds ?? 0) - 1.793548) < 1e-5)
    #expect(try d.repetitionTime(stated: nil) == nil)
    #expect(try d.repetitionTime(stated: 2) == 2)
    #expect(d.timeProblem.sentence.contains("1.793548"))
    #expect(d.timeProblem.sentence.contains("2 s"))
  }

  @Test func eightStorageOrdersShowOneHead() throws {
    let names = ["AIL", "IRA", "LAS", "LPS", "PSR", "RAS", "RPI", "SPL"]
    let volumes = try names.map {
      try ImageReader.readVolume(RealData.path("odd-orient48/\($0).nii.gz"))
    }
    for (name, v) in zip(names, volumes) { #expect(v.description.orientation == name) }
    let reference = volumes[5].volume
    for offset in stride(from: 5000, to: reference.grid.count, by: 7919) {
      let w = reference.grid.world(at: offset)
      for other in volumes {
        #expect(other.volume.nearest(w) == reference.values[offset])
      }
    }
  }

  @Test func twoMembersReadAsTheWholeFile() throws {
    let whole = try ImageReader.readVolume(
      RealData.path("bold-rapidtide/sub-RAPIDTIDETEST_mean.nii.gz")
    ).volume
    let parts = try ImageReader.readVolume(RealData.path("odd-derived/two_members.nii.gz")).volume
    #expect(whole.values.elementsEqual(parts.values) { $0 == $1 || ($0.isNaN && $1.isNaN) })
  }
}
