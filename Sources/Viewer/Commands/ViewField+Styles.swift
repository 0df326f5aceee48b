import Basics
import Imaging

extension JSON {
  /// Three millimetres.
  var point: WorldPoint? {
    guard case .array(let items) = self, items.count == 3 else { return nil }
    let n = items.compactMap(\.number)
    guard n.count == 3, n.allSatisfy({ abs($0) < 1e5 }) else { return nil }
    return WorldPoint(n[0], n[1], n[2])
  }
}

extension ViewField {
  /// How overlays are drawn that a person changed: an array, the lowest of those that stay first.
  static let styles = ViewField(
    name: "overlay-styles", help: "How each overlay is drawn.",
    expected: "what a workspace file holds; :overlays and its keys set it", option: "",
    write: { state in
      let p = state.presentation
      guard !p.styles.isEmpty || !p.pinned.isEmpty else { return .null }
      let others = p.styles.keys.filter { !p.pinned.contains($0) }
        .sorted { $0.words < $1.words }
      return .array(
        (p.pinned + others).map { id in
          .object(
            [("overlay", .string(id.words)), ("stays", .bool(p.pinned.contains(id)))]
              + (p.styles[id]?.members ?? []))
        })
    },
    read: { state, value in
      guard case .array(let items) = value else { return false }
      var styles: [OverlayID: OverlayStyle] = [:]
      var pinned: [OverlayID] = []
      for item in items {
        guard let id = item["overlay"]?.asString.flatMap(OverlayID.init(words:)) else {
          return false
        }
        if item["stays"] == .bool(true) { pinned.append(id) }
        guard item["threshold"] != nil else { continue }
        guard let style = OverlayStyle(json: item) else { return false }
        styles[id] = style
      }
      state.presentation.styles = styles
      state.presentation.pinned = pinned
      return true
    })
}

extension OverlayID {
  fileprivate var words: String {
    switch self {
    case .map: "map"
    case .given(let name): "given " + name
    }
  }

  fileprivate init?(words: String) {
    if words == "map" {
      self = .map
    } else if words.hasPrefix("given ") {
      self = .given(String(words.dropFirst(6)))
    } else {
      return nil
    }
  }
}

extension OverlayStyle {
  fileprivate var members: [(String, JSON)] {
    var cluster = JSON.null
    var unit = JSON.null
    switch leastCluster {
    case .voxels(let n): (cluster, unit) = (.int(n), .string("voxels"))
    case .cubicMillimetres(let x): (cluster, unit) = (.number(x), .string("mm3"))
    case nil: break
    }
    return [
      ("kind", .string(kind.rawValue)), ("threshold", .number(threshold)),
      ("top", .optional(top)), ("floor", .number(floor)), ("ceiling", .number(ceiling)),
      ("sign", .string(sign.rawValue)), ("least_cluster", cluster), ("least_cluster_unit", unit),
      ("faded", .bool(isFaded)), ("outlined", .bool(isOutlined)), ("contour", .bool(isContour)),
      ("opacity_percent", .int(opacity)),
      ("colours", hasOwnColours ? .string(colours.name) : .null),
    ]
  }

  /// Nil when a member is missing or out of range.
  fileprivate init?(json: JSON) {
    func flag(_ name: String) -> Bool? {
      if case .bool(let b)? = json[name] { b } else { nil }
    }
    guard let kind = json["kind"]?.asString.flatMap(ThresholdKind.init(rawValue:)),
      let threshold = json["threshold"]?.number, threshold.isFinite, threshold >= 0,
      let floor = json["floor"]?.number, floor.isFinite,
      let ceiling = json["ceiling"]?.number, ceiling.isFinite,
      let sign = json["sign"]?.asString.flatMap(SignShown.init(rawValue:)),
      let faded = flag("faded"), let outlined = flag("outlined"), let contour = flag("contour"),
      let opacity = json["opacity_percent"]?.number, (0...100).contains(opacity)
    else { return nil }
    self.init(threshold: threshold, ceiling: ceiling, colours: .redBlue)
    hasOwnColours = false
    if let name = json["colours"]?.asString {
      guard let own = OverlayColours.all.first(where: { $0.name == name }) else { return nil }
      colours = own
      hasOwnColours = true
    }
    (self.kind, self.sign, self.floor) = (kind, sign, floor)
    top = json["top"]?.number
    (isFaded, isOutlined, isContour) = (faded, outlined, contour)
    self.opacity = Int(opacity)
    if let size = json["least_cluster"]?.number, (1...1e9).contains(size) {
      leastCluster =
        json["least_cluster_unit"]?.asString == "mm3"
        ? .cubicMillimetres(size) : .voxels(Int(size))
    }
  }
}
