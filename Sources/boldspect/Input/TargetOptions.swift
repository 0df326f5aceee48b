import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Study
import Targeting

extension TargetMethod: ExpressibleByArgument {}
extension Polarity: ExpressibleByArgument {}

/// How a target is looked for, where it differs from the protocol.
struct TargetOptions: ParsableArguments {
  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "A protocol by its name, or a file that one was saved in.", valueName: "name"))
  var protocolName = "sgacc-left-dlpfc"
  @Option(help: "cluster, peak or cone.")
  var method: TargetMethod?
  @Option(
    name: .customLong("target-seed"), parsing: .unconditional,
    help: ArgumentHelp("Another seed, such as weights:FILE for a group map.", valueName: "seed"))
  var targetSeed: String?
  @Option(help: ArgumentHelp("Strongest part of the region that is clustered.", valueName: "%"))
  var percentile: Double?
  @Option(help: "anticorrelated or correlated.")
  var polarity: Polarity?
  @Option(
    help: ArgumentHelp("Redrawn maps behind the radius, 59 to 200; 0 for none.", valueName: "n"))
  var bootstrap: Int?

  /// The protocol with what was changed; the seed is resolved once the run is known.
  func settings() throws(Problem) -> TargetProtocol {
    var out = try TargetProtocols.named(protocolName)
    if let method { out.method = method }
    if let polarity { out.polarity = polarity }
    if let percentile {
      guard percentile >= 0.1, percentile <= 50 else {
        throw Problem(
          .usage, "--percentile", "\(plainNumber(percentile)) % is no useful part",
          expected: "0.1 to 50")
      }
      out.percentile = percentile
    }
    if let bootstrap {
      try TargetRadius.require(maps: bootstrap, kind: .usage, subject: "--bootstrap")
      out.bootstrapCount = bootstrap
    }
    return out
  }

  /// The same with the seed that was typed.
  func resolved(
    _ settings: TargetProtocol, _ runs: inout CleanedRuns,
    _ inputs: inout [Provenance]
  ) throws(Problem) -> TargetProtocol {
    guard let targetSeed else { return settings }
    var out = settings
    out.name += ", another seed"
    out.seed = try runs.seed(targetSeed, inputs: &inputs)
    return out
  }
}
