import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Names, numbers, dates and control characters in every text field of what is read: none of them comes out.
@Suite struct PlantedNamesTests {
  /// Everything that came out of commands: what they said, and every file below a folder, unpacked where it is packed.
  private static func spoken(_ results: [Program.Result], filesIn folders: [String]) throws
    -> String
  {
    var text = results.map { $0.output + $0.errors }.joined(separator: "\n")
    for folder in folders where FileManager.default.fileExists(atPath: folder) {
      for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
        text += "\n" + path + "\n"
        let full = folder + "/" + path
        guard let data = FileManager.default.contents(atPath: full) else { continue }
        if path.hasSuffix(".gz") {
          text += String(decoding: try headerBytes(full), as: UTF8.self)
        } else {
          text += String(decoding: data, as: UTF8.self)
        }
      }
    }
    return text
  }

  /// What stands in a packed image before its voxels.
  private static func headerBytes(_ path: String) throws -> [UInt8] {
    let zcat = Process()
    zcat.executableURL = URL(filePath: "/bin/sh")
    let out = path + ".head"
    zcat.arguments = ["-c", "gzip -dc '\(path)' | head -c 4096 > '\(out)'"]
    try zcat.run()
    zcat.waitUntilExit()
    defer { try? FileManager.default.removeItem(atPath: out) }
    return [UInt8](try Data(contentsOf: URL(filePath: out)))
  }

  private static func requireSilence(_ text: String, _ results: [Program.Result]) {
    let found = Planted.found(in: text)
    #expect(found.isEmpty, "came out: \(found.sorted())")
    for name in ["Zimmerfrau", "19470213", "1947-02-13", "ID-90210"] {
      #expect(!text.contains(name), "\(name) came out")
    }
    for result in results {
      #expect(Planted.driving(result.output + result.errors).isEmpty, "\(result.output)")
    }
  }

  /// - Parameter hasMarks: whether control characters stand in the fields; what goes out as DICOM must be text first.
  private func series(_ folder: String, hasMarks: Bool = true) throws -> String {
    var phantom = DICOMPhantom()
    (phantom.modality, phantom.patient) = ("MR", ("Zimmerfrau^Undine", "ID-90210"))
    (phantom.slope, phantom.intercept) = (nil, nil)
    phantom.imageType = "ORIGINAL\\PRIMARY\\M"
    // Somebody wrote the name into what is otherwise told.
    phantom.description = "T1 mprage Zimmerfrau"
    let plain = Planted.fields.enumerated().map { n, field in
      DICOMWriter.Element(field.group, field.element, field.vr, Planted.word(n))
    }
    phantom.extra =
      (hasMarks ? Planted.elements : plain) + [
        .init(0x10, 0x30, "DA", "19470213"), .init(0x18, 0x1030, "LO", "protocol ID-90210"),
        .init(8, 0x70, "LO", "Maker" + (hasMarks ? Planted.marks : "")),
      ]
    let path = folder + "/series"
    try phantom.writeClassicMR(to: path)
    return path
  }

  @Test func nothingOfADICOMHeaderComesOut() throws {
    try withTemporaryFolder { folder in
      let source = try series(folder)
      let environment = ["XDG_STATE_HOME": folder + "/state", "XDG_CACHE_HOME": folder + "/cache"]
      let out = folder + "/out"
      let image = out + "/sub-1/anat/sub-1_T1w.nii.gz"
      try FileManager.default.createDirectory(
        atPath: folder + "/made", withIntermediateDirectories: true)
      func run(_ arguments: [String]) throws -> Program.Result {
        try Program.run(arguments, environment: environment)
      }
      var results: [Program.Result] = []
      for arguments in [
        ["list", source], ["list", source, "--json"], ["info", source], ["info", source, "--json"],
        ["import", source, "-o", out, "--sub", "1", "--series", "7", "--as", "T1w", "--json"],
        ["value", source, "--at", "0,0,0", "--json"],
        [
          "snapshot", "--anat", source, "--format", "words", "--keys", "?<Esc>:findings<Enter>",
          "-o", "-",
        ],
        ["snapshot", "--anat", source, "--format", "png", "-o", folder + "/made/a.png"],
        ["smooth", image, "--fwhm", "4", "-o", folder + "/made/s.nii.gz"],
        ["info", image, "--json"], ["list", out, "--json"],
        ["report", "--anat", image, "-o", folder + "/made/r.html"],
        // Refusals name the file and no patient.
        ["perfusion", source], ["flipcheck", source, image], ["targets", source],
        ["register", source, "--to", image, "-o", folder + "/made/t.txt"],
      ] {
        let result = try run(arguments)
        #expect(result.status >= 0 && result.status != 70, "\(arguments): \(result.errors)")
        results.append(result)
      }
      #expect(results[4].status == 0, "\(results[4].errors)")
      // A slice less: the refusal is by name.
      try FileManager.default.removeItem(atPath: source + "/2")
      results.append(try run(["info", source]))
      #expect(results.last?.status == 65)
      let text = try Self.spoken(
        results, filesIn: [out, folder + "/made", folder + "/state", folder + "/cache"])
      Self.requireSilence(text, results)
      #expect(text.contains("Maker"), "what may be told is told")
    }
  }

  /// What goes back as DICOM has the identity of its source and nothing else of it.
  @Test func anExportInheritsIdentityAlone() throws {
    try withTemporaryFolder { folder in
      let source = try series(folder, hasMarks: false)
      let environment = ["XDG_STATE_HOME": folder + "/state"]
      let out = folder + "/out"
      for arguments in [
        ["import", source, "-o", folder + "/bids", "--sub", "1", "--series", "7", "--as", "T1w"],
        [
          "export", "dicom", "--source", source + "/0", "--map",
          folder + "/bids/sub-1/anat/sub-1_T1w.nii.gz", "-o", out,
        ],
      ] {
        let made = try Program.run(arguments, environment: environment)
        #expect(made.status == 0, "\(made.errors)")
        Self.requireSilence(made.output + made.errors, [made])
      }
      let text = try Self.spoken([], filesIn: [out])
      // Of patient and study (PS3.3, C.7.1.1 and C.7.2.1): accession number, study ID, referring physician, and what
      // tells two patients apart.
      let inherited: Set<Int> = Set(
        Planted.fields.indices.filter { n in
          let field = Planted.fields[n]
          return [
            [8, 0x50], [8, 0x90], [0x20, 0x10], [0x10, 0x21], [0x10, 0x22], [0x10, 0x1000],
            [8, 0x1030],
            [0x10, 0x1001], [0x10, 0x1005],
          ].contains([Int(field.group), Int(field.element)])
        })
      let allowed = Set(inherited.map { Planted.word($0) })
      #expect(Planted.found(in: text).subtracting(allowed).isEmpty)
    }
  }

  @Test func nothingOfANIfTIHeaderOrASidecarComesOut() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 1)
      let root = cohort.study
      let bold = root + "/" + SmallCohort.bold("sub-01")
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: bold)))
      func plant(_ n: Int, _ at: Int, _ room: Int) {
        let word = Array((Planted.word(n) + Planted.marks).utf8.prefix(room - 1))
        bytes.replaceSubrange(at..<at + word.count, with: word)
      }
      // data_type, db_name, descrip, aux_file, intent_name (nifti1.h).
      for (n, (at, room)) in [(4, 10), (14, 18), (148, 80), (228, 24), (328, 16)].enumerated() {
        plant(600 + n, at, room)
      }
      let note = Array((Planted.word(610) + Planted.marks).utf8)
      let size = (note.count + 8 + 15) / 16 * 16
      var own: [UInt8] = [1, 0, 0, 0, UInt8(size), 0, 0, 0, 6, 0, 0, 0] + note
      own += [UInt8](repeating: 0, count: size + 4 - own.count)
      bytes.replaceSubrange(348..<352, with: own)
      bytes.replaceSubrange(108..<112, with: withUnsafeBytes(of: Float(352 + size)) { Array($0) })
      try Data(bytes).write(to: URL(filePath: bold))
      let json = """
        {"RepetitionTime": 2, "PatientName": "\(Planted.word(620))", "InstitutionName": "\(Planted.word(621))",
        "SeriesDescription": "\(Planted.word(622))", "ProcedureStepDescription": "\(Planted.word(623))",
        "OperatorsName": "\(Planted.word(624))", "PatientBirthDate": "19470213", "DeviceSerialNumber": "\(Planted.word(625))"}
        """
      try json.write(
        toFile: bold.replacing(".nii", with: ".json"), atomically: true, encoding: .utf8)
      let table =
        "participant_id\tname\tage\tnote\nsub-01\t\(Planted.word(630))\t47\t=cmd|'/c calc'!A0 \(Planted.word(631))\n"
      try table.write(toFile: root + "/participants.tsv", atomically: true, encoding: .utf8)
      try "{\"name\": {\"Description\": \"\(Planted.word(632))\"}}".write(
        toFile: root + "/participants.json", atomically: true, encoding: .utf8)
      let environment = ["XDG_STATE_HOME": folder + "/state", "XDG_CACHE_HOME": folder + "/cache"]
      let made = folder + "/made"
      try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
      let mask = bold.replacing("desc-preproc_bold", with: "desc-brain_mask")
      var results: [Program.Result] = []
      for arguments in [
        ["list", root], ["list", root, "--json"], ["info", bold], ["info", bold, "--json"],
        ["value", bold, "--at", "0,-50,20", "--json"],
        ["smooth", bold, "--fwhm", "8", "-o", made + "/s.nii.gz"],
        ["seedmap", bold, "--mask", mask, "--seed", "sgACC", "-o", made + "/m.nii.gz"],
        ["clean", bold, "--mask", mask, "--preset", "none", "-o", made + "/c.nii.gz"],
        [
          "snapshot", "--bold", bold, "--mask", mask, "--seed", "sgACC", "--format", "words",
          "--keys", ":findings<Enter>", "-o", "-",
        ],
        ["snapshot", root, "--format", "text", "-o", "-"],
        ["report", root + "/sub-01", "-o", made + "/r.html"],
        [
          "bids", root, folder + "/cohort", "participant", "--seed", "sgACC", "--bootstrap", "0",
          "--parts", "maps", "motion",
        ],
        ["networks", bold, "--networks", bold], ["perfusion", bold],
        ["matrix", bold, "--atlas", bold],
      ] {
        let result = try Program.run(arguments, environment: environment)
        #expect(result.status >= 0 && result.status != 70, "\(arguments): \(result.errors)")
        results.append(result)
      }
      for n in [2, 5, 6, 8, 11] { #expect(results[n].status == 0, "\(n): \(results[n].errors)") }
      let text = try Self.spoken(
        results, filesIn: [made, folder + "/cohort", folder + "/state", folder + "/cache"])
      Self.requireSilence(text, results)
    }
  }

  /// No command leaves a picture of its memory, which would hold the scan.
  @Test func noCommandDumpsCore() throws {
    try withTemporaryFolder { folder in
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      // The limit that the program sets for itself, read while it waits for its input.
      let program = Program.url.path
      shell.arguments = [
        "-c",
        "ulimit -c unlimited 2>/dev/null; mkfifo p; '\(program)' smooth - --fwhm 4 -o o.nii < p > out 2>&1 & "
          + "exec 3> p; n=0; while [ $n -lt 50 ]; do grep '^Max core' /proc/$!/limits > limits; "
          + "grep -q 'size *0 *0' limits && break; sleep 0.1; n=$((n+1)); done; exec 3>&-; wait",
      ]
      shell.currentDirectoryURL = URL(filePath: folder)
      try shell.run()
      shell.waitUntilExit()
      let limits = try String(contentsOfFile: folder + "/limits", encoding: .utf8)
      #expect(limits.contains(/size *0 *0/), "\(limits)")
    }
  }
}
