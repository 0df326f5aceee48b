import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What an image was made of goes with it: what blocks the one blocks the other, and whose it is.
@Suite struct LineageCommandTests {
  private struct Person {
    var folder: String
    var state: [String: String] { ["XDG_STATE_HOME": folder + "/state"] }

    func run(_ arguments: [String]) throws -> Program.Result {
      try Program.run(arguments, environment: state)
    }

    func export(_ map: String, _ more: [String] = [], source: String = "mr-1") throws
      -> Program.Result
    {
      let out = folder + "/out-\(UUID().uuidString)"
      let made = try run(
        [
          "export", "dicom", "--source", "\(folder)/\(source)", "--map", "\(folder)/\(map)", "-o",
          out,
        ] + more)
      #expect(FileManager.default.fileExists(atPath: out) == (made.status == 0))
      return made
    }

    /// What `flipcheck` keeps of an image that is mirrored against another.
    func block(_ path: String) throws {
      let hash = try sha256(ofFile: path)
      let other = String(repeating: "ab", count: 32)
      let text = """
        {"GeneratedBy": "boldspect", "kind": "sides", "format": 1, "sides": [{"first": "\(hash)", "second": "\(other)",
        "verdict": "mirrored", "margin": -20, "stored": 1.1, "mirrored": 1.2, "decision": null}]}
        """
      try FileManager.default.createDirectory(
        atPath: folder + "/state/boldspect", withIntermediateDirectories: true)
      try text.write(
        toFile: "\(folder)/state/boldspect/sides-\(hash.prefix(32)).json", atomically: true,
        encoding: .utf8)
    }
  }

  private static let same = ["--same-frame", "drawn on the scanner's own grid"]

  /// MR series of two patients, the first of them imported: `bids/…_T1w.nii.gz`.
  private func withPerson(_ body: (Person, _ image: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (n, patient) in [("A^One", "11111"), ("B^Two", "22222")].enumerated() {
        var phantom = DICOMPhantom()
        (phantom.modality, phantom.patient) = ("MR", patient)
        (phantom.slope, phantom.intercept) = (nil, nil)
        phantom.imageType = "ORIGINAL\\PRIMARY\\M"
        phantom.description = "T1 mprage"
        phantom.seriesUID += ".\(n)"
        let series = "\(folder)/series-\(n)"
        try FileManager.default.createDirectory(
          atPath: series, withIntermediateDirectories: true)
        for k in 0..<phantom.slices {
          let bytes = phantom.writer.file(
            phantom.slice(k, sopClass: "1.2.840.10008.5.1.4.1.1.4", instance: k + 1))
          try Data(bytes).write(to: URL(filePath: "\(series)/\(k)"))
          if k == 0 { try Data(bytes).write(to: URL(filePath: "\(folder)/mr-\(n + 1)")) }
        }
      }
      let person = Person(folder: folder)
      let made = try person.run([
        "import", folder + "/series-0", "-o", folder + "/bids", "--sub", "1",
      ])
      #expect(made.status == 0, "\(made.errors)")
      try body(person, folder + "/bids/sub-1/anat/sub-1_T1w.nii.gz")
    }
  }

  private func smooth(_ person: Person, _ from: String, _ to: String) throws {
    let made = try person.run(["smooth", from, "--fwhm", "4", "-o", "\(person.folder)/\(to)"])
    #expect(made.status == 0, "\(made.errors)")
  }

  @Test func aBlockHoldsForAllThatIsMadeOfIt() throws {
    try withPerson { person, image in
      try smooth(person, image, "a.nii.gz")
      try smooth(person, person.folder + "/a.nii.gz", "b.nii.gz")
      // Another program's copy, which names by BIDS what it was made of.
      let copy = person.folder + "/c.nii.gz"
      let volume = try ImageReader.readVolume(image).volume
      try ImageWriter.write(
        copy, volume.smoothed(fwhm: 5), formCode: 1, note: "", overwrite: false)
      try #"{"Sources": ["bids/sub-1/anat/sub-1_T1w.nii.gz"]}"#.write(
        toFile: person.folder + "/c.json", atomically: true, encoding: .utf8)
      for map in ["a.nii.gz", "b.nii.gz", "c.nii.gz"] {
        let before = try person.export(map, Self.same)
        #expect(before.status == 0, "\(map): \(before.errors)")
      }
      try person.block(image)
      for map in ["a.nii.gz", "b.nii.gz", "c.nii.gz"] {
        let blocked = try person.export(map, Self.same)
        #expect(
          blocked.status == 65 && blocked.errors.contains("is blocked"), "\(map): \(blocked.errors)"
        )
      }
      let told = try person.run(["info", person.folder + "/b.nii.gz", "--json"])
      #expect(told.output.contains("sides-mirrored"), "\(told.output)")
    }
  }

  @Test func whatNothingShowsIsBlockedByThePersonsPair() throws {
    try withPerson { person, image in
      let volume = try ImageReader.readVolume(image).volume
      try ImageWriter.write(
        person.folder + "/map.nii.gz", volume.smoothed(fwhm: 5), formCode: 1, note: "",
        overwrite: false)
      #expect(try person.export("map.nii.gz").status == 65, "nothing shows where it lies")
      #expect(try person.export("map.nii.gz", ["--same-frame", " ok "]).status == 64)
      let stated = try person.export("map.nii.gz", Self.same)
      #expect(stated.status == 0, "\(stated.errors)")
      #expect(stated.errors.contains("drawn on the scanner's own grid"))
      #expect(stated.errors.contains("Nothing shows what it was made of"))
      try person.block(image)
      let blocked = try person.export("map.nii.gz", Self.same)
      #expect(blocked.status == 65 && blocked.errors.contains("of this person's images"))
      // Of another patient nothing is known.
      #expect(try person.export("map.nii.gz", Self.same, source: "mr-2").status == 0)
    }
  }

  @Test func aMapGoesIntoItsOwnPatientsRecord() throws {
    try withPerson { person, image in
      try smooth(person, image, "a.nii.gz")
      let other = try person.export("a.nii.gz", Self.same, source: "mr-2")
      #expect(other.status == 65 && other.errors.contains("another patient"), "\(other.errors)")
      let meant = try person.export(
        "a.nii.gz", Self.same + ["--other-person", "numbers were exchanged at the scanner"],
        source: "mr-2")
      #expect(meant.status == 0 && meant.errors.contains("exchanged at the scanner"))
      for text in [other.errors, meant.errors, meant.output] {
        #expect(!text.contains("One") && !text.contains("11111") && !text.contains("22222"))
      }
      let kept = try FileManager.default.subpathsOfDirectory(atPath: person.folder + "/state")
      for file in kept where file.contains("person") {
        let path = person.folder + "/state/" + file
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(!text.contains("11111") && !text.contains(sha256(of: Array("11111".utf8))))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
      }
    }
  }

  @Test func aTargetGoesIntoItsOwnPatientsRecord() throws {
    try withPerson { person, image in
      let hash = try sha256(ofFile: image)
      try """
      {"targets": [{"name": "a", "note": "", "mm": [-4.5, 2.25, 1], "space": "native", "side": "LEFT",
        "decision": "accepted", "image_sha256": "\(hash)"}]}
      """.write(toFile: person.folder + "/t.json", atomically: true, encoding: .utf8)
      func export(_ source: String, _ more: [String] = []) throws -> Program.Result {
        try person.run(
          [
            "export", "dicom", "--source", "\(person.folder)/\(source)", "--targets",
            person.folder + "/t.json", "-o", person.folder + "/out-\(UUID().uuidString)",
          ] + Self.same + more)
      }
      #expect(try export("mr-1").status == 0)
      let other = try export("mr-2")
      #expect(other.status == 65 && other.errors.contains("another patient"), "\(other.errors)")
      let meant = try export("mr-2", ["--other-person", "numbers were exchanged at the scanner"])
      #expect(meant.status == 0 && meant.errors.contains("exchanged"), "\(meant.errors)")
    }
  }

  @Test func aFolderTakesOnePatient() throws {
    try withPerson { person, _ in
      let arguments = [
        "import", person.folder + "/series-1", "-o", person.folder + "/bids", "--sub", "1", "--ses",
        "2",
      ]
      let refused = try person.run(arguments)
      #expect(refused.status == 65 && refused.errors.contains("another patient"))
      let meant = try person.run(arguments + ["--other-person", "two numbers, one person"])
      #expect(meant.status == 0 && meant.errors.contains("two numbers, one person"))
      // Where it was imported elsewhere nothing is known, which is said.
      let elsewhere = try Program.run(
        arguments + ["--force"], environment: ["XDG_STATE_HOME": person.folder + "/other"])
      #expect(elsewhere.status == 0 && elsewhere.errors.contains("was not kept here"))
    }
  }
}

/// An image keeps the space that it lies in.
@Suite struct SpaceKeptTests {
  private func image(_ path: String, formCode: Int) throws -> String {
    let grid = Small.grid(5, 6, 7, spacing: (4, 4, 4), origin: WorldPoint(-8, -10, -12))
    try ImageWriter.write(
      path, Small.volume(grid) { Float($0.i) }, formCode: formCode, note: "", overwrite: false)
    return path
  }

  @Test(arguments: [(4, 1, "native"), (1, 4, "MNI152")])
  func anotherSpacesGridIsNoNewSpace(_ own: Int, _ other: Int, _ stated: String) throws {
    try withTemporaryFolder { folder in
      let moving = try image(folder + "/a.nii", formCode: own)
      let like = try image(folder + "/b.nii", formCode: other)
      let arguments = ["resample", moving, "--like", like, "-o", folder + "/o.nii"]
      let refused = try Program.run(arguments)
      #expect(refused.status == 65 && refused.errors.contains("--transform"), "\(refused.errors)")
      for space in ["MNI152", "native"] {
        let made = try Program.run(arguments + ["--force", "--space", space])
        #expect(made.status == 0 && made.errors.contains("person's statement"), "\(made.errors)")
        let d = try ImageReader.describe(folder + "/o.nii")
        #expect((d.formCode == 4) == (space == "MNI152"))
        #expect(d.findings.contains { $0.code == "space-stated" })
      }
      let same = try Program.run(["resample", moving, "--like", moving, "-o", folder + "/s.nii"])
      #expect(same.status == 0, "\(same.errors)")
      #expect(try ImageReader.describe(folder + "/s.nii").formCode == own)
    }
  }

  /// A name says the space where the form code does not, and what is made of it may be called otherwise.
  @Test func theFormCodeSaysTheSpaceOfWhatIsWritten() throws {
    try withTemporaryFolder { folder in
      let named = try image(folder + "/x_space-MNI152NLin6Asym_map.nii", formCode: 2)
      let other = try image(folder + "/x_space-T1w_map.nii", formCode: 4)
      for (path, code) in [(named, 4), (other, 2)] {
        let made = try Program.run([
          "smooth", path, "--fwhm", "6", "-o", folder + "/o.nii", "--force",
        ])
        #expect(made.status == 0, "\(made.errors)")
        #expect(try ImageReader.describe(folder + "/o.nii").formCode == code)
      }
    }
  }
}
