import Imaging
import Perfusion
import Study
import TestSupport
import Testing
import Workflows

@Suite struct PerfusionWorkflowTests {
  typealias P = PerfusionPhantom

  func report(
    _ image: Volume, _ reference: PerfusionReference, _ normals: NormalImages? = .people(P.normals)
  ) throws -> PerfusionReport {
    let brain = try #require(Mask.perfusionBrain(from: P.template))
    var request = PerfusionRequest(
      image: image, fileName: "phantom.nii", space: .mni152, brain: brain, atlas: nil)
    request.reference = reference
    request.normals = normals
    return try quantify(request)
  }

  /// Part of the decrease that is seen in the affected regions.
  func recovery(_ report: PerfusionReport, decrease: Double) throws -> Double {
    let normal = try #require(report.normals).mean
    let brain = try #require(Mask.perfusionBrain(from: P.template))
    let affected = Mask(grid: P.grid, origin: "a") {
      brain.places[$0] >= 0 && P.isAffected($0)
    }
    return (1 - meanRatio(report.percent, normal, over: affected)) / decrease
  }

  @Test(arguments: [101, 102, 103, 104] as [UInt64])
  func theClusterRecoversWhatTheWholeBrainHides(_ seed: UInt64) throws {
    let patient = P.person(seed, decrease: 0.2)
    let whole = try report(patient, .brain)
    let cluster = try report(patient, .cluster)
    let (a, b) = (try recovery(whole, decrease: 0.2), try recovery(cluster, decrease: 0.2))
    #expect(a < 0.65)
    #expect(b >= 0.65 && b < 1.25)
    #expect(whole.warnings.contains { $0.contains("less than unaffected tissue") })
    #expect(!cluster.warnings.contains { $0.contains("less than unaffected tissue") })
    #expect(cluster.reference.contains("data-driven"))
  }

  @Test(arguments: [201, 202, 203, 204, 205, 206] as [UInt64])
  func normalPeopleGiveNoAlarm(_ seed: UInt64) throws {
    let whole = try report(P.person(seed), .brain)
    #expect(!whole.warnings.contains { $0.contains("less than unaffected tissue") })
  }

  @Test func aReferenceThatIsCutIsSaid() throws {
    let cut = Small.volume(P.grid) { $0.k < 22 ? 0 : P.template[$0] }
    let found = try report(cut, .brain, nil)
    #expect(found.warnings.contains { $0.contains("hold no counts") })
    #expect(!(try report(P.template, .brain, nil)).warnings.contains { $0.contains("no counts") })
  }
}
