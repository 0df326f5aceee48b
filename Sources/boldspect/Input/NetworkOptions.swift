import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Study
import Workflows

/// Which regions and networks a run is cut into.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Regions: a label map in MNI space; without it the standard atlas.", valueName: "file"))
  var atlas: String?
  @Option(
    help: ArgumentHelp(
      "Networks: a label map in MNI space. A region belongs to the one most of its voxels lie in.",
      valueName: "file"))
  var networks: String?
  @Option(
    help: ArgumentHelp(
      "Names of the networks: yeo7, or a table of numbers and names.", valueName: "names"))
  var names: String?

  var request: NetworkRequest { NetworkRequest(atlas: atlas, networks: networks, names: names) }

  var inputFiles: [String?] { [atlas, networks, names] }
}

/// Networks for labels and spill-over.
struct NetworkMapOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Networks: a label map in MNI space, for spill-over.", valueName: "file"))
  var networks: String?
  @Option(
    help: ArgumentHelp(
      "Names of the networks: yeo7, or a table of numbers and names.", valueName: "names"))
  var names: String?

  var request: NetworkRequest { NetworkRequest(networks: networks, names: names) }
}

/// What other people's networks measure.
struct NormOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Numbers of other people: network, measure, mean, sd, n; or one person a row.",
      valueName: "file.tsv"))
  var norms: String?
  @Option(
    help: ArgumentHelp("The person's covariates, as age=40,sex=1.", valueName: "name=x,…"))
  var covariates: String?

  var request: NormsRequest { NormsRequest(norms: norms, covariates: covariates) }
}
