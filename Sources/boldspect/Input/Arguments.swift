import ArgumentParser
import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Targeting

/// A world point as a person types it: X,Y,Z in RAS+ mm.
struct PointArgument: ExpressibleByArgument {
  var point: WorldPoint

  init?(argument: String) {
    guard let numbers = numberList(argument), numbers.count == 3 else { return nil }
    point = WorldPoint(numbers[0], numbers[1], numbers[2])
  }
}

/// Finite numbers separated by commas; nil when any part is something else.
func numberList(_ text: String) -> [Double]? {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { Double($0.trimmingPrefix(while: { $0 == " " })) }
  return numbers.count == parts.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
}

extension Interpolation: ExpressibleByArgument {}

/// A frequency band as LO,HI in hertz, or `none`.
struct BandArgument: ExpressibleByArgument {
  var band: ClosedRange<Double>?

  init?(argument: String) {
    if argument.lowercased() == "none" { return }
    guard let n = numberList(argument), n.count == 2, n[0] >= 0, n[1] > n[0] else { return nil }
    band = n[0]...n[1]
  }

  init(_ band: ClosedRange<Double>?) { self.band = band }
}

extension BandArgument: CustomStringConvertible {
  var description: String {
    band.map { "\(plainNumber($0.lowerBound)),\(plainNumber($0.upperBound))" } ?? "none"
  }
}

/// A blur between nothing and a whole head.
func checkFWHM(_ fwhm: Double, _ option: String) throws(Problem) {
  guard fwhm.isFinite, fwhm >= 0, fwhm <= 100 else {
    throw Problem(
      .usage, option, "\(plainNumber(fwhm)) mm is no useful width", expected: "0 to 100 mm")
  }
}

/// Where a result goes.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Output image, .nii or .nii.gz.", valueName: "file"))
  var output: String
  @Flag(help: "Replace what is already there.")
  var force = false

  init() {}

  /// For commands whose output is not always an image.
  init(output: String, force: Bool) {
    self.output = output
    self.force = force
  }

  /// Refuses before the work what would be refused after it, an output that is an input among them.
  func check(inputs: [String?]) throws(Problem) {
    guard output.hasSuffix(".nii") || output.hasSuffix(".nii.gz") else {
      throw Problem(
        .usage, fileName(output), "images are written as .nii or .nii.gz", expected: "such a name")
    }
    try checkFolder(of: output)
    try AtomicFile.checkFree(output, overwrite: force)
    try AtomicFile.checkFree(sidecarPath(output), overwrite: force)
    for input in inputs.compactMap({ $0 }) {
      guard !isSameFile(input, output), !isSameFile(input, sidecarPath(output)) else {
        throw Problem(
          .usage, fileName(output), "it is an input of this command", expected: "another name")
      }
    }
    if FileManager.default.fileExists(atPath: sidecarPath(output)),
      !(try readTextFile(sidecarPath(output)).contains("\"GeneratedBy\": \"boldspect\""))
    {
      throw Problem(
        .cannotCreate, fileName(sidecarPath(output)), "it was not written by boldspect",
        remedy: "Choose another name for the image")
    }
  }
}

/// Where a result goes for commands that also answer without a file.
struct OptionalOutput: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Output image, .nii or .nii.gz.", valueName: "file"))
  var output: String?
  @Flag(help: "Replace what is already there.")
  var force = false

  /// The checked output; nil when none was asked for.
  func checked(inputs: [String?]) throws(Problem) -> OutputOptions? {
    guard let output else { return nil }
    let options = OutputOptions(output: output, force: force)
    try options.check(inputs: inputs)
    return options
  }
}

/// Whether two paths lead to one file.
func isSameFile(_ a: String, _ b: String) -> Bool {
  var x = stat()
  var y = stat()
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino
}

/// Names the folder that is not there.
func checkFolder(of path: String) throws(Problem) {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
    throw Problem(
      .cannotCreate, fileName(path), "a folder has this name", expected: "the name of a file")
  }
  guard let slash = path.lastIndex(of: "/") else { return }
  let folder = String(path[..<slash])
  guard
    folder.isEmpty
      || FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        && isFolder.boolValue
  else {
    throw Problem(
      .cannotCreate, fileName(path), "its folder \(fileName(folder)) does not exist",
      expected: "a folder that is there")
  }
}

/// `x.json` for `x.nii.gz`.
func sidecarPath(_ image: String) -> String {
  (image.hasSuffix(".nii.gz") ? String(image.dropLast(7)) : String(image.dropLast(4))) + ".json"
}
