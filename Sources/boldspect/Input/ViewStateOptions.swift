import ArgumentParser
import Basics
import Imaging
import Viewer

/// How a picture is looked at: each is a field of a session file and of the config file too.
struct ViewStateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("axial, coronal or sagittal.", valueName: "plane"))
  var plane: String?
  @Option(help: ArgumentHelp("radiological or neurological.", valueName: "side"))
  var orientation: String?
  @Option(help: ArgumentHelp("Overlay on or off.", valueName: "on|off"))
  var showOverlay: String?
  @Option(help: ArgumentHelp("|r| from which the overlay is drawn in full.", valueName: "r"))
  var threshold: String?
  @Option(help: ArgumentHelp("|r| of the brightest colour.", valueName: "r"))
  var ceiling: String?
  @Option(
    help: ArgumentHelp("side, planes, lightbox, fused or flicker.", valueName: "layout"))
  var layout: String?
  @Option(help: ArgumentHelp("So many times as large as fitted, 1 to 32.", valueName: "x"))
  var zoom: String?
  @Option(help: ArgumentHelp("Between the slices of the lightbox.", valueName: "mm"))
  var spacing: String?
  @Option(help: ArgumentHelp("Share of the right side in the fused picture.", valueName: "%"))
  var mix: String?
  @Option(help: ArgumentHelp("Activity map on top: alff, falff, reho or tsnr.", valueName: "name"))
  var activity: String?
  @Option(help: ArgumentHelp("Background by its place in the list, from 0.", valueName: "n"))
  var underlay: String?
  @Option(help: ArgumentHelp("Overlay by its place in the list, from 0.", valueName: "n"))
  var overlayNumber: String?
  @Option(help: ArgumentHelp("Frame, from 0.", valueName: "n"))
  var frame: String?
  @Option(
    help: ArgumentHelp(
      "Right pane: measured [N], simulated, map-blurred, series-blurred, difference [N], second, change, lost-contrast, asymmetry [N], siscom.",
      valueName: "what"))
  var right: String?
  @Option(
    help: ArgumentHelp("Resolution of the simulated camera; --fwhm is smoothing.", valueName: "mm"))
  var cameraFwhm: String?
  @Option(
    help: ArgumentHelp(
      "What stands for perfusion: mean, alff, template, asl or gm.", valueName: "name"))
  var proxy: String?
  @Option(help: ArgumentHelp("Time window of the simulated camera.", valueName: "s"))
  var window: String?
  @Option(help: ArgumentHelp("Where that window begins in the run.", valueName: "s"))
  var start: String?
  @Option(help: ArgumentHelp("window, or 'uptake MINUTES'.", valueName: "how"))
  var average: String?
  @Option(help: ArgumentHelp("White of the right pane, as a share of its range.", valueName: "x"))
  var scale: String?
  @Option(help: ArgumentHelp("Pane that { and } speak of: left or right.", valueName: "pane"))
  var focus: String?
  @Option(help: ArgumentHelp("cleaned, stored, percent or spectrum.", valueName: "course"))
  var course: String?
  @Option(
    help: ArgumentHelp(
      "Open panel: motion, matrix, networks, losses, overlays or histogram.", valueName: "panel"))
  var panel: String?
  @Option(help: ArgumentHelp("Whether the seed follows the cursor.", valueName: "on|off"))
  var live: String?

  /// The fields that were given, by their names.
  var given: [(name: String, text: String)] {
    let all: [(String, String?)] = [
      ("plane", plane), ("orientation", orientation), ("show-overlay", showOverlay),
      ("threshold", threshold), ("ceiling", ceiling), ("layout", layout), ("zoom", zoom),
      ("spacing", spacing), ("mix", mix),
      ("activity", activity), ("underlay", underlay), ("overlay", overlayNumber),
      ("frame", frame), ("right", right),
      ("camera-fwhm", cameraFwhm), ("proxy", proxy), ("window", window), ("start", start),
      ("average", average),
      ("scale", scale), ("focus", focus), ("course", course), ("panel", panel), ("live", live),
    ]
    return all.compactMap { name, text in text.map { (name, $0) } }
  }
}
