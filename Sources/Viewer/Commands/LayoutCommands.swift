import Basics
import CellUI
import Imaging

extension CommandTopic {
  static let layouts = CommandTopic(
    title: "Layouts", keyRank: 2, fieldRank: 2,
    keys: [
      .key(.side, [.character("1")], "1", "layout: side by side"),
      .key(.planes, [.character("2")], "2", "layout: three planes of each side"),
      .key(.lightbox, [.character("3")], "3", "layout: lightbox, slices of the plane"),
      .key(.fused, [.character("4")], "4", "layout: fused, the right over the left"),
      .key(
        .flicker, [.character("5")], "5", "layout: flicker; again: the other side; p: by itself"),
      .key(.less, [.character("(")], "(", "lightbox: denser; fused: less of the right"),
      .key(.more, [.character(")")], ")", "lightbox: wider; fused: more of the right"),
      .key(.zoomIn, [.character("Z")], "Z", "zoom in, about the cursor"),
      .key(.zoomOut, [.character("z")], "z", "zoom out"),
      .key(.zoomReset, [.character("0")], "0", "no zoom: all of the head"),
      .key(.pan, [.character("P")], "P", "arrows move the zoomed picture, or not"),
      .key(.centre, [.character("C")], "C", "zoomed: the cursor to the middle"),
    ],
    lines: [
      .line(
        "layout", "side, planes, lightbox, fused or flicker", "how both sides are put on screen",
        .of(PaneLayout.self), field: .layout
      ) {
        guard let layout = PaneLayout(typed: $1.text) else { return nil }
        setLayout(&$0, layout)
        return []
      },
      .line(
        "spacing", "MM or auto", "distance of the lightbox's slices", .other(example: "12"),
        field: .spacing, run: setSpacing),
      .line(
        "mix", "PERCENT", "how much of the right is seen in the fused picture",
        .number(0...100, "per cent"), field: .mix
      ) {
        guard let v = $1.number else { return nil }
        $0.view.mix = Int(v.rounded())
        return []
      },
      .line("alternate", "on or off", "flicker by itself", .onOff) {
        guard let isOn = $1.isOn else { return nil }
        $0.view.alternates = isOn
        if isOn { setLayout(&$0, .flicker) }
        return []
      },
      .line(
        "zoom", "FACTOR from 1 to 32", "zoom about the cursor; 1 is all of the head",
        .number(Presentation.zooms, "times"), field: .zoom
      ) {
        guard let v = $1.number else { return nil }
        setZoom(&$0, v)
        return []
      },
      .line(
        "centre", "X,Y,Z, cursor or none", "what lies in the middle of the zoomed pictures",
        .words(["cursor", "none"]), field: .zoomCentre, run: setCentre),
    ],
    fields: [.layout, .zoom, .mix, .spacing, .zoomCentre])
}

@Sendable private func setSpacing(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  if typed.text == "auto" {
    model.view.spacing = nil
  } else if let v = typed.number, Presentation.spacings.contains(v) {
    model.view.spacing = v
  } else if typed.numbers != nil {
    return refuse(&model, "slices can be 1 to 100 mm apart")
  } else {
    return nil
  }
  return []
}

@Sendable private func setCentre(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  if typed.text == "none" {
    model.view.centre = nil
    return []
  }
  guard model.view.zoom > 1 else {
    return refuse(&model, "nothing is zoomed; \(model.key(.zoomIn)) zooms in")
  }
  if typed.text == "cursor" {
    model.view.centre = model.cursor
  } else if let n = typed.numbers, n.count == 3 {
    guard model.hasWorld else {
      return refuse(
        &model, "the file does not say which side is left, so millimetres have no meaning")
    }
    model.view.centre = inField(WorldPoint(n[0], n[1], n[2]), model.scene)
  } else {
    return nil
  }
  return []
}

extension ViewField {
  static let layout = words(
    "layout", \.presentation.layout, "How both sides are put on screen.",
    PaneLayout.allCases.map { ($0.rawValue, $0) })
  static let zoom = number(
    "zoom", \.presentation.zoom, "Zoom about the cursor.", Presentation.zooms,
    "times as large as fitted", value: "x")
  static let mix = whole(
    "mix", \.presentation.mix, "Share of the right side in the fused picture.", 0...100,
    "% of the right side in the fused picture", value: "%")
  static let spacing = ViewField(
    name: "spacing", help: "Between the slices of the lightbox.", value: "mm",
    expected: "1 to 100 (mm between slices of the lightbox)",
    write: { .optional($0.presentation.spacing) },
    read: { s, v in
      guard let x = v.number, Presentation.spacings.contains(x) else { return false }
      s.presentation.spacing = x
      return true
    })
  static let zoomCentre = ViewField(
    name: "zoom-centre", help: "What lies in the middle of the zoomed pictures.", value: "x,y,z",
    expected: "[x, y, z] in RAS+ mm",
    write: { $0.presentation.centre.map(JSON.point) ?? .null },
    read: { s, v in
      guard let point = v.point else { return false }
      s.presentation.centre = point
      return true
    })
}
