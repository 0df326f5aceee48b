import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite("Scans of two makers equal what another converter made of them")
struct DICOMRealTests {
  static let pairs = [
    ("20180918Si/mr_0003", "EPI_PE=AP_3"), ("20180918Si/mr_0004", "EPI_PE=PA_4"),
    ("20180918Si/mr_0005", "EPI_PE=RL_5"), ("20180918Si/mr_0006", "EPI_PE=LR_6"),
    ("20180918GE/mr_0004", "DCM2NIIX_regression_test_4"),
    ("20180918GE/mr_0005", "DCM2NIIX_regression_test_5"),
    ("20180918GE/mr_0006", "DCM2NIIX_regression_test_6"),
    ("20180918GE/mr_0007", "DCM2NIIX_regression_test_7"),
  ]

  @Test(
    .enabled(if: RealData.isPresent, "../shared/data is not there"), arguments: pairs.indices)
  func equalsItsReference(_ n: Int) throws {
    let (folder, name) = Self.pairs[n]
    let (own, values) = try ImageReader.read(RealData.path("dicom-nih/In/\(folder)"))
    let (reference, truth) = try ImageReader.read(RealData.path("dicom-nih/Ref/\(name).nii"))
    let (grid, other) = (own.grid, reference.grid)
    #expect(own.frameCount == reference.frameCount && grid.count == other.count)
    var wrong = 0
    for place in 0..<other.count {
      let world = other.world(at: place)
      let v = try #require(grid.nearestVoxel(world))
      if grid.world(v).distance(to: world) > 1e-4 { wrong += 1 }
      for t in 0..<own.frameCount {
        let mine = values.value(at: t * grid.count + grid.offset(v))
        if mine != truth.value(at: t * other.count + place) { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    let sidecar = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: RealData.path("dicom-nih/Ref/\(name).json"))))
    let stated = try #require((sidecar as? [String: Any])?["RepetitionTime"] as? Double)
    #expect(abs((own.headerRepetitionTimeSeconds ?? 0) - stated) < 1e-6)
  }
}

extension DICOMRealTests {
  @Test(
    .enabled(if: RealData.isPresent, "../shared/data is not there"), arguments: 0..<4)
  func sidecarsSayWhatTheReferenceSays(_ n: Int) throws {
    let (folder, name) = Self.pairs[n]
    let path = RealData.path("dicom-nih/In/\(folder)")
    let own = try #require(try DICOMFolder(path).series.first(where: \.canBeOpened)?.sidecar)
    func number(_ key: String) -> Double? { own.first { $0.key == key }?.value.number }
    let reference = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: RealData.path("dicom-nih/Ref/\(name).json"))))
        as? [String: Any])
    for key in ["RepetitionTime", "EchoTime", "TotalReadoutTime", "EffectiveEchoSpacing"] {
      let stated = try #require(reference[key] as? Double)
      #expect(abs((number(key) ?? 0) - stated) < 1e-6, "\(key)")
    }
    // Times of slices from the same first one; the reference took those of another volume.
    let times = try #require(reference["SliceTiming"] as? [Double])
    guard case .array(let found)? = own.first(where: { $0.key == "SliceTiming" })?.value else {
      Issue.record("no slice timing")
      return
    }
    let pairs = zip(found.compactMap(\.number), times)
    #expect(found.count == times.count && pairs.allSatisfy { abs($0 - $1) < 0.003 })
    // The reference turned rows about, so that j points the other way.
    let direction = try #require(reference["PhaseEncodingDirection"] as? String)
    let turned = ["j": "j-", "j-": "j"][direction] ?? direction
    let mine = own.first { $0.key == "PhaseEncodingDirection" }?.value.asString
    #expect(mine == turned)
  }
}
