import ArgumentParser
import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Records
import Study
import Targeting

/// A world point as a person types it: X,Y,Z in RAS+ mm.
struct PointArgument: ExpressibleByArgument {
  var point: WorldPoint

  init?(argument: String) {
    guard let numbers = numberList(argument), numbers.count == 3 else { return nil }
    point = WorldPoint(numbers[0], numbers[1], numbers[2])
  }
}

extension Interpolation: ExpressibleByArgument {}

/// Where a result goes for commands that also answer without a file.
struct OptionalOutput: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Output image, .nii or .nii.gz.", valueName: "file"))
  var output: String?
  @Flag(help: "Replace what is already there.")
  var force = false

  /// The checked output; nil when none was asked for.
  func checked(inputs: [String?]) throws(Problem) -> ImageOutput? {
    guard let output else { return nil }
    let options = ImageOutput(output: output, force: force)
    try options.check(inputs: inputs)
    return options
  }
}

extension BandChoice: ExpressibleByArgument {
  package init?(argument: String) { self.init(typed: argument) }
}

/// Where a result goes.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Output image, .nii or .nii.gz.", valueName: "file"))
  var output: String
  @Flag(help: "Replace what is already there.")
  var force = false

  var place: ImageOutput { ImageOutput(output: output, force: force) }

  /// Refuses before the work what would be refused after it, an output that is an input among them.
  func check(inputs: [String?]) throws(Problem) { try place.check(inputs: inputs) }
}
