package import Basics
import Connectivity
import Imaging
import Perfusion

/// One way of looking by name: the same in a session file, in the config file and on the command line.
package struct ViewField: Sendable {
  package let name: String
  /// What it takes, in words; with range and unit.
  package let expected: String
  package let write: @Sendable (ViewState) -> JSON
  /// False when the value cannot be meant.
  package let read: @Sendable (inout ViewState, JSON) -> Bool

  package static func named(_ name: String) -> ViewField? { all.first { $0.name == name } }

  /// The fields of a state as one object; what is nil is left out.
  package static func json(_ state: ViewState) -> JSON {
    .object(all.map { ($0.name, $0.write(state)) }.filter { $0.1 != .null })
  }

  /// Sets a field from what a person typed.
  package func set(_ state: inout ViewState, typed text: String) -> Bool {
    let typed = String(text.map { $0 == "−" ? "-" : $0 })
    let value: JSON =
      Double(typed).map(JSON.number)
      ?? (typed == "on" ? .bool(true) : typed == "off" ? .bool(false) : .string(typed))
    return read(&state, value) || read(&state, .string(typed))
  }

  package static let all: [ViewField] = [
    words(
      "plane", \.plane, Plane.allCases.map { ($0.rawValue, $0) }),
    words("orientation", \.isRadiological, [("radiological", true), ("neurological", false)]),
    flag("show-overlay", \.showsOverlay),
    number("threshold", \.threshold, 0...0.99, "|r|"),
    number("ceiling", \.ceiling, 0.05...1.1, "|r|"),
    words("layout", \.presentation.layout, PaneLayout.allCases.map { ($0.rawValue, $0) }),
    number("zoom", \.presentation.zoom, Presentation.zooms, "times as large as fitted"),
    whole("mix", \.presentation.mix, 0...100, "% of the right side in the fused picture"),
    ViewField(
      name: "spacing", expected: "1 to 100 (mm between slices of the lightbox)",
      write: { .optional($0.presentation.spacing) },
      read: { s, v in
        guard let x = v.number, Presentation.spacings.contains(x) else { return false }
        s.presentation.spacing = x
        return true
      }),
    ViewField(
      name: "zoom-centre", expected: "[x, y, z] in RAS+ mm",
      write: { $0.presentation.centre.map(JSON.point) ?? .null },
      read: { s, v in
        guard let point = v.point else { return false }
        s.presentation.centre = point
        return true
      }),
    number("underlay-low", \.presentation.underlay.low, 0...99, "per cent of the foreground"),
    number("underlay-high", \.presentation.underlay.high, 1...100, "per cent of the foreground"),
    number("underlay-gamma", \.presentation.underlay.gamma, 0.1...4, "power of the grey"),
    flag("outline-across", \.presentation.outlinesAcross),
    ViewField(
      name: "isoline", expected: "a value of the right side",
      write: { .optional($0.presentation.isoline) },
      read: { s, v in
        guard let x = v.number, x.isFinite else { return false }
        s.presentation.isoline = x
        return true
      }),
    .styles,
    ViewField(
      name: "activity", expected: oneOf(ActivityMeasure.allCases.map(\.rawValue)),
      write: { .optional($0.activity?.rawValue) },
      read: { s, v in
        guard let found = v.asString.flatMap({ ActivityMeasure(rawValue: $0) }) else {
          return false
        }
        s.activity = found
        return true
      }),
    whole("overlay", \.overlay, 0...999, "its place in the list"),
    whole("underlay", \.underlay, 0...999, "its place in the list"),
    whole("frame", \.frame, 0...1_000_000, "from 0"),
    ViewField(
      name: "right",
      expected:
        "measured [N], simulated, map-blurred, series-blurred, difference [N], second, change, lost-contrast, asymmetry [N] or siscom",
      write: { .string($0.right.words) },
      read: { s, v in
        guard let found = v.asString.flatMap(RightPane.init(words:)) else { return false }
        s.right = found
        return true
      }),
    number("camera-fwhm", \.camera.fwhm, 0...30, "mm"),
    words("proxy", \.camera.proxy, ProxyChoice.allCases.map { ($0.rawValue, $0) }),
    ViewField(
      name: "window", expected: "seconds above 0", write: { .optional($0.camera.windowSeconds) },
      read: { s, v in
        guard let x = v.number, x > 0, x < 1e6 else { return false }
        s.camera.windowSeconds = x
        return true
      }),
    number("start", \.camera.startSeconds, 0...1e6, "s"),
    ViewField(
      name: "average", expected: "window, or uptake with 0.01 to 60 minutes",
      write: {
        if case .uptake(let tau) = $0.camera.average {
          .string("uptake \(tau)")
        } else {
          .string("window")
        }
      },
      read: { s, v in
        let parts = (v.asString ?? "").split(separator: " ").map(String.init)
        if parts == ["window"] {
          s.camera.average = .window
        } else if parts.count == 2, parts[0] == "uptake", let tau = Double(parts[1]),
          (0.01...60).contains(tau)
        {
          s.camera.average = TimeAverage.uptake(tauMinutes: tau)
        } else {
          return false
        }
        return true
      }),
    number("scale", \.rightScale, 0.2...1.5, "of the right pane's range"),
    words("focus", \.rightHasFocus, [("left", false), ("right", true)]),
    words("palette", \.palette, Palette.allCases.map { ($0.rawValue, $0) }),
    words("course", \.course, CourseKind.allCases.map { ($0.rawValue, $0) }),
    ViewField(
      name: "panel", expected: oneOf(Panel.views.map(\.rawValue)),
      write: { .optional($0.panel?.rawValue) },
      read: { s, v in
        guard let found = v.asString.flatMap({ Panel(rawValue: $0) }), Panel.views.contains(found)
        else {
          return false
        }
        s.panel = found
        return true
      }),
    flag("live", \.isLive),
    ViewField(
      name: "cursor", expected: "[x, y, z] in RAS+ mm", write: { .point($0.cursor) },
      read: { s, v in
        guard let point = v.point else { return false }
        s.cursor = point
        return true
      }),
  ]

  private static func oneOf(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
  }

  private static func words<T: Equatable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<ViewState, T> & Sendable, _ all: [(String, T)]
  ) -> ViewField {
    ViewField(
      name: name, expected: oneOf(all.map(\.0)),
      write: { s in .optional(all.first { $0.1 == s[keyPath: path] }?.0) },
      read: { s, v in
        guard let found = all.first(where: { $0.0 == v.asString }) else { return false }
        s[keyPath: path] = found.1
        return true
      })
  }

  private static func flag(
    _ name: String, _ path: any WritableKeyPath<ViewState, Bool> & Sendable
  ) -> ViewField {
    ViewField(
      name: name, expected: "true or false; on or off when typed",
      write: { .bool($0[keyPath: path]) },
      read: { s, v in
        guard case .bool(let b) = v else { return false }
        s[keyPath: path] = b
        return true
      })
  }

  private static func number(
    _ name: String, _ path: any WritableKeyPath<ViewState, Double> & Sendable,
    _ range: ClosedRange<Double>, _ unit: String
  ) -> ViewField {
    ViewField(
      name: name,
      expected: "\(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound)) (\(unit))",
      write: { .number($0[keyPath: path]) },
      read: { s, v in
        guard let x = v.number, range.contains(x) else { return false }
        s[keyPath: path] = x
        return true
      })
  }

  private static func whole(
    _ name: String, _ path: any WritableKeyPath<ViewState, Int> & Sendable,
    _ range: ClosedRange<Int>,
    _ unit: String
  ) -> ViewField {
    ViewField(
      name: name,
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound) (\(unit))",
      write: { .int($0[keyPath: path]) },
      read: { s, v in
        guard let x = v.number, x == x.rounded(), abs(x) < 1e9, range.contains(Int(x)) else {
          return false
        }
        s[keyPath: path] = Int(x)
        return true
      })
  }
}

extension RightPane {
  /// As a session file and the command line write it.
  package var words: String {
    switch self {
    case .measured(let n): n == 0 ? "measured" : "measured \(n)"
    case .simulated: "simulated"
    case .mapBlurred: "map-blurred"
    case .seriesBlurred: "series-blurred"
    case .difference(let n): n == 0 ? "difference" : "difference \(n)"
    case .second: "second"
    case .change: "change"
    case .made(.lostContrast): "lost-contrast"
    case .made(.asymmetry(let n)): n == 0 ? "asymmetry" : "asymmetry \(n)"
    case .made(.subtraction): "siscom"
    // Minutes of a camera are not spent by opening a file.
    case .made(.scan): "simulated"
    }
  }

  package init?(words: String) {
    let parts = words.split(separator: " ").map(String.init)
    guard let name = parts.first, parts.count <= 2 else { return nil }
    let n = parts.count == 2 ? Int(parts[1]) : 0
    guard let n, (0..<1000).contains(n) else { return nil }
    switch name {
    case "measured": self = .measured(n)
    case "difference": self = .difference(n)
    case "asymmetry": self = .made(.asymmetry(n))
    case "lost-contrast" where parts.count == 1: self = .made(.lostContrast)
    case "siscom" where parts.count == 1: self = .made(.subtraction)
    case "simulated" where parts.count == 1: self = .simulated
    case "map-blurred" where parts.count == 1: self = .mapBlurred
    case "series-blurred" where parts.count == 1: self = .seriesBlurred
    case "second" where parts.count == 1: self = .second
    case "change" where parts.count == 1: self = .change
    default: return nil
    }
  }
}
