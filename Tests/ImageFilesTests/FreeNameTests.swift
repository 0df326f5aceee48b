import Foundation
import Glibc
import ImageFiles
import TestSupport
import Testing

/// A file takes a name that is free, on every kind of file system, and never somebody else's.
@Suite struct FreeNameTests {
  @Test(arguments: FreeNameWay.allCases)
  func everyWayTakesAFreeNameAlone(_ way: FreeNameWay) throws {
    try withTemporaryFolder { folder in
      let (from, to) = (folder + "/a.tmp", folder + "/b.nii")
      func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
      try "new".write(toFile: from, atomically: false, encoding: .utf8)
      #expect(moveToFreeName(from, to, by: [way]) == nil)
      #expect(text(to) == "new")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b.nii"])

      try "newer".write(toFile: from, atomically: false, encoding: .utf8)
      #expect(moveToFreeName(from, to, by: [way]) == EEXIST)
      #expect(text(to) == "new" && text(from) == "newer")
      // A link that leads nowhere is somebody's name too.
      let link = folder + "/c.nii"
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: folder + "/none")
      #expect(moveToFreeName(from, link, by: [way]) == EEXIST)
      #expect(text(from) == "newer" && text(folder + "/none") == nil)
      // What cannot be moved leaves no name behind.
      #expect(moveToFreeName(folder + "/nothing", folder + "/d.nii", by: [way]) == ENOENT)
      #expect(!FileManager.default.fileExists(atPath: folder + "/d.nii"))
    }
  }
}
