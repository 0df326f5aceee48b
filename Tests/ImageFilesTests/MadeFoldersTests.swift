import Basics
import Foundation
import Glibc
import ImageFiles
import TestSupport
import Testing

/// Folders on the way to a file.
@Suite struct MadeFoldersTests {
  private func kind(_ path: String, _ folders: MadeFolders = MadeFolders()) -> Problem.Kind? {
    do throws(Problem) { try folders.make(path) } catch { return error.kind }
    return nil
  }

  @Test func thoseThatAreMadeGoAgainWhereNothingCame() throws {
    try withTemporaryFolder { folder in
      let folders = MadeFolders()
      try FileManager.default.createDirectory(
        atPath: folder + "/there", withIntermediateDirectories: false)
      for path in ["/there/a/b", "/there/a/c/", "/d"] {
        #expect(kind(folder + path, folders) == nil)
        #expect(isFolder(folder + path))
      }
      try Data().write(to: URL(filePath: folder + "/d/file"))
      folders.undo()
      #expect(!isFolder(folder + "/there/a"))
      #expect(isFolder(folder + "/there") && isFolder(folder + "/d"))
    }
  }

  /// A name that is taken is the person's to mend; a disk that fails is not.
  @Test func aDiskThatFailsIsNoNameThatIsTaken() throws {
    try withTemporaryFolder { folder in
      try Data().write(to: URL(filePath: folder + "/file"))
      #expect(kind(folder + "/file/a") == .cannotCreate)
      #expect(kind(folder + "/file") == .cannotCreate)
      for (code, wanted) in [
        (ENOSPC, Problem.Kind.inputOutput), (EROFS, .inputOutput), (EIO, .inputOutput),
        (EDQUOT, .inputOutput), (EACCES, .cannotCreate),
      ] {
        let folders = MadeFolders { _, _ in code }
        #expect(kind(folder + "/new/a", folders) == wanted, "\(code)")
      }
    }
  }
}
