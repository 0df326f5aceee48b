import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite("Files of other formats are named, with what converts them")
struct ForeignImageTests {
  static let files: [(name: String, content: [UInt8], word: String, remedy: String)] = [
    ("a.mha", Array("ObjectType = Image\nNDims = 3\n".utf8), "MetaImage", "ConvertImage"),
    ("a.nrrd", Array("NRRD0005\ntype: short\n".utf8), "NRRD", "unu save"),
    ("a.mif", Array("mrtrix image\ndim: 4,4,4\n".utf8), "MRtrix", "mrconvert"),
    ("a.h33", Array("!INTERFILE :=\n".utf8), "Interfile", "medcon"),
    ("a.mnc", [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, 0, 0], "MINC-2", "mnc2nii"),
    ("a.v", Array("MATRIX72v".utf8), "ECAT", "ecat2nii"),
    ("a.png", [0x89, 0x50, 0x4e, 0x47, 13, 10], "PNG", "picture"),
    ("a.zip", [0x50, 0x4b, 3, 4, 0, 0], "Zip", "Unpack"),
    ("a.nii", Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 32, count: 400), "PDF", "picture"),
    ("a.bin", [1, 2, 3, 4], "neither its content nor its name", ""),
  ]

  @Test(arguments: files.indices)
  func isNamed(_ n: Int) throws {
    let file = Self.files[n]
    try withTemporaryFolder { folder in
      let path = folder + "/" + file.name
      try Data(file.content).write(to: URL(filePath: path))
      let problem = #expect(throws: Problem.self) { try ImageReader.describe(path) }
      let words = problem.map { $0.sentence } ?? ""
      #expect(words.contains(file.word), "\(words)")
      #expect(file.remedy.isEmpty || words.contains(file.remedy), "\(words)")
      #expect(words.contains(file.name))
    }
  }

  @Test func aFolderWithoutAnImageIsSaidToBeOne() throws {
    try withTemporaryFolder { folder in
      let problem = #expect(throws: Problem.self) { try ImageReader.describe(folder) }
      #expect(problem?.sentence.contains("is a folder") == true)
    }
  }
}
