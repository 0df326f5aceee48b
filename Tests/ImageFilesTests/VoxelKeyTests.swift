import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// An image is known again by what it holds.
@Suite struct VoxelKeyTests {
  private let grid = Small.grid(
    7, 6, 5, spacing: (2, 3, 4), origin: WorldPoint(-6, 3, 9))

  private func value(_ v: VoxelIndex) -> Float { Float((v.i * 31 + v.j * 17 + v.k * 7) % 23) }

  private func key(_ path: String) throws -> String? { try ImageReader.identify(path).voxelsSHA256 }

  private func write(
    _ path: String, _ volume: Volume, code: Int = 1, storage: ImageWriter.Storage = .float32,
    note: String = "a"
  ) throws -> String {
    try ImageWriter.write(
      path, volume, formCode: code, note: note, storage: storage, overwrite: true)
    return path
  }

  @Test func aCopyIsKnownHoweverItIsKept() throws {
    try withTemporaryFolder { folder in
      let volume = Small.volume(grid, value)
      let own = try #require(try key(try write(folder + "/a.nii", volume)))
      #expect(own.utf8.count == 64)
      #expect(try key(try write(folder + "/a.nii.gz", volume)) == own)
      #expect(try key(try write(folder + "/b.nii", volume, code: 2, note: "b")) == own)
      let whole = try write(folder + "/c.nii", volume, storage: .int16(slope: 1))
      #expect(try key(whole) == own)
      // A run of which it is the first frame has the same sides.
      let run = folder + "/d.nii.gz"
      try ImageWriter.write(
        run, ImageWriter.Content(grid: grid, formCode: 1, frameCount: 3, note: ""), overwrite: false
      ) { t in volume.values.map { $0 + Float(t) } }
      #expect(try key(run) == own)
      #expect(try ImageReader.read(run).description.voxelsSHA256 == own)
      let frames = try ImageFrames(run)
      _ = try frames.next()
      #expect(try frames.origin() == [own])
      #expect(try frames.finish().voxelsSHA256 == own)
      // Elsewhere in the world it is the same head.
      let moved = Small.grid(7, 6, 5, spacing: (2, 3, 4), origin: WorldPoint(60, -3, 0.5))
      #expect(
        try key(try write(folder + "/e.nii", Volume(grid: moved, values: volume.values))) == own)
    }
  }

  @Test func whatIsMirroredIsAnother() throws {
    try withTemporaryFolder { folder in
      let volume = Small.volume(grid, value)
      let own = try #require(try key(try write(folder + "/a.nii", volume)))
      var keys = [own]
      // By its header, as a person mends it.
      for axis in 0..<3 {
        var rows = grid.worldFromVoxel.rows
        for r in 0..<3 { rows[r][axis] = -rows[r][axis] }
        let turned = try #require(
          Grid(dimensions: (7, 6, 5), worldFromVoxel: Affine(rows: rows)))
        let path = folder + "/h\(axis).nii"
        keys.append(
          try #require(try key(try write(path, Volume(grid: turned, values: volume.values)))))
      }
      // In its voxels, and by one of them.
      let mirrored = Small.volume(grid) { value(VoxelIndex(6 - $0.i, $0.j, $0.k)) }
      keys.append(try #require(try key(try write(folder + "/m.nii", mirrored))))
      #expect(keys[4] == keys[1], "mirrored by its header or in its voxels is the same")
      var hot = volume.values
      hot[100] += 1
      keys.append(
        try #require(
          try key(try write(folder + "/n.nii", Volume(grid: grid, values: hot)))))
      #expect(Set(keys).count == 5)
      let flat = Small.volume(grid) { _ in 4 }
      #expect(try key(try write(folder + "/f.nii", flat)) == nil, "an even image says nothing")
    }
  }
}

/// What an image was made of stands in its own header too.
@Suite struct LineageExtensionTests {
  private let grid = Small.grid(3, 4, 5)
  private let hashes = ["a", "b"].map { String(repeating: $0, count: 64) }

  private func write(_ path: String, _ lineage: LineageExtension?) throws {
    let set = FileSet(overwrite: true)
    try ImageWriter.add(
      path, ImageWriter.Content(grid: grid, formCode: 1, note: ""), to: set,
      lineage: { lineage }, frame: { _ in (0..<60).map(Float.init) })
    try set.commit(last: path)
  }

  @Test(arguments: ["a.nii", "a.nii.gz"]) func itIsReadBackWithoutAnyJSON(_ name: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/" + name
      let decided = Finding("sides-decided", .warning, "SIDES BY DECISION of x")
      try write(path, LineageExtension(ancestors: hashes.reversed(), findings: [decided]))
      let (d, volume) = try ImageReader.readVolume(path)
      #expect(d.header.lineage.ancestors == hashes)
      #expect(try d.header.lineage.followed().isWhole)
      #expect(d.findings.map(\.code) == ["sides-decided"], "and nothing is said to be unread")
      #expect(d.findings[0].text.contains("SIDES BY DECISION of x"))
      #expect(volume.values == (0..<60).map(Float.init))
      try write(path, nil)
      #expect(try ImageReader.describe(path).lineage.ancestors.isEmpty)
    }
  }

  /// Another one's words in the same place are not taken, and say nothing to a person.
  @Test(arguments: [
    "{\"GeneratedBy\": \"somebody\", \"ancestors\": []}", "Doe^Jane 1960-01-02", "{", "",
    "{\"GeneratedBy\": \"boldspect\", \"ancestors\": [\"../../etc\", 7, \"\u{202e}\"]}",
  ])
  func whatIsNotOursNamesNothing(_ text: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.nii"
      try write(path, nil)
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let size = (text.utf8.count + 8 + 15) / 16 * 16
      var own: [UInt8] = [1, 0, 0, 0, UInt8(size), 0, 0, 0, 6, 0, 0, 0] + Array(text.utf8)
      own += [UInt8](repeating: 0, count: size + 4 - own.count)
      bytes.replaceSubrange(348..<352, with: own)
      bytes.replaceSubrange(108..<112, with: withUnsafeBytes(of: Float(352 + size)) { Array($0) })
      try Data(bytes).write(to: URL(filePath: path))
      let d = try ImageReader.identify(path)
      #expect(d.header.lineage.ancestors.isEmpty)
      #expect(!d.findings.contains { $0.text.contains("Doe") || $0.text.contains("\u{202e}") })
      #expect(try ImageReader.readVolume(path).volume.values[59] == 59)
    }
  }

  /// A text that other programs left beside their own formats names what those images were made of.
  @Test(arguments: [LateralityFormat.mgh, .mgz, .afniDelta, .cifti])
  func otherFormatsHaveALineageToo(_ format: LateralityFormat) throws {
    try withTemporaryFolder { folder in
      let source = try LateralityFormat.nifti1Both.write(LateralityPhantom.all[0], in: folder)
      let path = try format.write(LateralityPhantom.all[1], in: folder)
      let stem = path.replacing(".nii", with: "").replacing(".mgz", with: "").replacing(
        ".mgh", with: ""
      ).replacing(".HEAD", with: "")
      try #"{"Sources": ["\#(fileName(source))"]}"#.write(
        toFile: stem + ".json", atomically: true, encoding: .utf8)
      let found = try ImageReader.describe(path).lineage.followed().hashes
      #expect(found == Set(try ImageReader.identify(source).hashes))
    }
  }
}
