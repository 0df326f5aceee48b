import ArgumentParser
import Basics
import Imaging
import Viewer

/// How a picture is looked at: each is a field of the registry, and so one of a workspace file and of the config
/// file too. The parser needs a property for each; its help and what is given come from the registry.
struct ViewStateOptions: ParsableArguments {
  @Option(help: .field("plane")) var plane: String?
  @Option(help: .field("orientation")) var orientation: String?
  @Option(help: .field("show-overlay")) var showOverlay: String?
  @Option(help: .field("threshold")) var threshold: String?
  @Option(help: .field("ceiling")) var ceiling: String?
  @Option(help: .field("layout")) var layout: String?
  @Option(help: .field("zoom")) var zoom: String?
  @Option(help: .field("spacing")) var spacing: String?
  @Option(parsing: .unconditional, help: .field("zoom-centre")) var zoomCentre: String?
  @Option(help: .field("mix")) var mix: String?
  @Option(help: .field("underlay-low")) var underlayLow: String?
  @Option(help: .field("underlay-high")) var underlayHigh: String?
  @Option(help: .field("underlay-gamma")) var underlayGamma: String?
  @Option(help: .field("outline-across")) var outlineAcross: String?
  @Option(help: .field("isoline")) var isoline: String?
  @Option(help: .field("activity")) var activity: String?
  @Option(help: .field("underlay")) var underlay: String?
  @Option(help: .field("overlay")) var overlayNumber: String?
  @Option(help: .field("frame")) var frame: String?
  @Option(help: .field("right")) var right: String?
  @Option(help: .field("camera-fwhm")) var cameraFwhm: String?
  @Option(help: .field("proxy")) var proxy: String?
  @Option(help: .field("window")) var window: String?
  @Option(help: .field("start")) var start: String?
  @Option(help: .field("average")) var average: String?
  @Option(help: .field("scale")) var scale: String?
  @Option(help: .field("focus")) var focus: String?
  @Option(help: .field("course")) var course: String?
  @Option(help: .field("panel")) var panel: String?
  @Option(help: .field("live")) var live: String?

  /// The fields that were given, by their names: every property is one.
  var given: [(name: String, text: String)] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let text = (child.value as? Option<String?>)?.wrappedValue,
        let field = child.label.flatMap(Self.field)
      else { return nil }
      return (field.name, text)
    }
  }

  /// `_cameraFwhm` is the property of `--camera-fwhm`.
  private static func field(_ label: String) -> ViewField? {
    let option = Action(String(label.drop { $0 == "_" })).name
    return ViewField.all.first { ($0.option ?? $0.name) == option }
  }
}

extension ArgumentHelp {
  /// What the registry says of a field.
  fileprivate static func field(_ name: String) -> ArgumentHelp {
    guard let field = ViewField.named(name) else { return ArgumentHelp(visibility: .private) }
    return ArgumentHelp("\(field.optionHelp)", valueName: field.value)
  }
}
