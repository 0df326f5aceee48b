import Basics
import Connectivity
import Foundation
import ImageFiles
import Records
import Study
import TestSupport
import Testing

/// A workspace keeps all that was asked for: a member that it forgot would open as another cleaning.
@Suite struct RequestFileTests {
  /// Every single value of a request by its path.
  private func leaves(_ value: Any, _ path: String = "") -> [String: String] {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .struct else { return [path: "\(value)"] }
    return mirror.children.reduce(into: [:]) { all, child in
      all.merge(leaves(child.value, path + "." + (child.label ?? ""))) { a, _ in a }
    }
  }

  private func filled(_ folder: String) throws -> StudyRequest {
    func file(_ name: String) throws -> String {
      let path = folder + "/" + name
      try name.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }
    var r = StudyRequest()
    r.bold = [try file("bold.nii")]
    r.second = try file("second.nii")
    r.secondConfounds = try file("second.tsv")
    r.spect = [try file("spect.nii")]
    r.anat = try file("anat.nii")
    r.overlay = [try file("overlay.nii")]
    r.gm = try file("gm.nii")
    r.white = try file("white.nii")
    r.asl = try file("asl.nii")
    r.reference = "pons"
    r.normals.normals = [try file("mean.nii"), try file("sd.nii")]
    r.normals.normalsCount = 12
    r.normals.normalsFolder = folder
    r.transforms.transform = [try file("t.txt")]
    r.transforms.sameWorld = true
    r.network.atlas = try file("atlas.nii")
    r.network.networks = try file("networks.nii")
    r.network.names = "yeo7"
    r.norms.norms = try file("norms.tsv")
    r.norms.covariates = "age=40"
    r.run.tr = 2
    r.run.mask = try file("mask.nii")
    r.run.space = "native"
    r.run.confounds = [try file("c.tsv")]
    r.run.columns = "csf"
    r.run.preset = .twentyFour
    r.run.wm = try file("wm.nii")
    r.run.csf = try file("csf.nii")
    r.run.drop = 3
    r.run.fd = 0.5
    r.run.dvars = 1.5
    r.run.minRun = 7
    r.run.censoring = .joint
    r.run.mixedPeople = true
    r.cleaning.frequencies.band = BandChoice(0.02...0.08)
    r.cleaning.frequencies.polort = 3
    r.cleaning.frequencies.highPass = 128
    r.cleaning.frequencies.gsr = true
    r.cleaning.fwhm = 6
    r.seed = "PCC"
    r.listed = ListedPerson(subject: "patient 2", session: "ses-1")
    r.told = [Finding("person-unsure", .warning, "It may be two people's.", file: "bold.nii")]
    return r
  }

  @Test func everyMemberComesBack() throws {
    try withTemporaryFolder { folder in
      let request = try filled(folder)
      let given = leaves(request)
      let plain = leaves(StudyRequest())
      // The cursor is a view's; what carries runs of a command is no part of the viewer's request.
      let elsewhere: Set<String> = [
        ".at", ".run.transforms.transform", ".run.transforms.sameWorld",
        // Whether a preset was typed counts beside a folder alone, where else one is taken.
        ".run.isPresetChosen",
      ]
      for (path, value) in given where !elsewhere.contains(path) {
        #expect(value != plain[path], "\(path) is not set by this test")
      }
      let written = try RequestFile.json(request)
      let back = try RequestFile.request(written, workspace: "w.json") { path, expected in
        Problem(.data, path, "it was not read", expected: expected)
      }
      let read = leaves(back)
      for (path, value) in given where !elsewhere.contains(path) {
        #expect(read[path] == value, "\(path)")
      }
    }
  }
}
