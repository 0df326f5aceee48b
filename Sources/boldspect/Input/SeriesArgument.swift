import ArgumentParser

/// Which series of a DICOM folder is meant. It is settled before anything else reads the line: here it stands for
/// the help of every command.
struct SeriesOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of a folder with several DICOM series the one with this number or UID.",
      valueName: "number|UID"))
  var series: String?
}
