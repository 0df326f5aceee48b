package import Basics
import Foundation
import Records

/// Where the synthetic sample person's files are.
package enum SampleFolder {
  /// `SampleData` here, or in a folder above the program.
  package static func find() throws(Problem) -> String {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = program.deletingLastPathComponent()
    var places = ["SampleData"]
    for _ in 0..<5 {
      places.append(folder.appending(path: "SampleData").path)
      folder = folder.deletingLastPathComponent()
    }
    // Where the Debian package puts it.
    places.append("/usr/share/boldspect/SampleData")
    for place in places
    where FileManager.default.fileExists(atPath: place + "/" + SampleFiles.bold) { return place }
    throw Problem(
      .missingInput, "SampleData", "there is no such folder here", expected: "the sample person",
      remedy: "Make it with: boldspect sample SampleData --flat")
  }
}
