import Basics
package import CellUI

extension CommandTopic {
  static let report = CommandTopic(
    title: "Pages and pictures",
    lines: [
      .line(
        "report", "FILE.html", "a page for the person's record, its text beside it",
        .file([".html"]), isPersonal: true
      ) { model, typed in
        guard let name = fileTyped(&model, typed.text, ".html") else { return [] }
        return name.isEmpty
          ? nil
          : [
            .writeReport(
              model.ways.seed, model.targets.protocol, model.targets.book, name: name)
          ]
      },
      .line(
        "picture", "FILE.png", "the slices as a figure with its legend, without the keys",
        .file([".png"]), isPersonal: true
      ) { model, typed in
        guard let name = fileTyped(&model, typed.text, ".png") else { return [] }
        return name.isEmpty ? nil : [.savePicture(figure(model), name: name)]
      },
    ])
}

/// The path that was typed, with its ending; empty for none, nil where it was refused.
private func fileTyped(_ model: inout Model, _ text: String, _ ending: String) -> String? {
  guard !text.isEmpty else { return "" }
  guard !text.hasPrefix("--"), !text.contains(" --"), !text.hasPrefix("~"), !text.hasSuffix("/")
  else {
    _ = refuse(&model, "type a path alone, without options and ~; what is there is never replaced")
    return nil
  }
  let last = text.split(separator: "/").last ?? ""
  guard text.hasSuffix(ending) || !last.contains(".") else {
    _ = refuse(&model, "its name ends in \(ending)")
    return nil
  }
  guard model.scene.grid != nil, !model.shell.isLoading else {
    _ = refuse(&model, "the files are still being read")
    return nil
  }
  return text.hasSuffix(ending) ? text : text + ending
}

/// What the screen shows as a figure: without the row of keys, with whole names and thresholds in words.
package struct ScreenFigure: Equatable, Sendable {
  package let frame: Frame
  package let cell: PixelDensity
  /// What the pictures are, a line each.
  package let legend: [String]
}

/// The screen's figure in all the pixels of paper, whatever the terminal can show.
package func figure(_ model: Model) -> ScreenFigure {
  let cell = PixelDensity(across: 16, down: 32)
  var shown = model
  shown.shell.prompt = nil
  shown.shell.notice = nil
  shown.shell.progress = nil
  shown.shell.showsCost = false
  shown.shell.showsHelp = false
  shown.shell.size = Size(columns: 120, rows: 46)
  shown.shell.capabilities = Capabilities(
    colours: .direct, unicode: true, pictures: .images(cell: cell, repeatsPixels: false))
  let whole = view(shown)
  // The last row holds the keys.
  var frame = Frame(size: Size(columns: whole.size.columns, rows: whole.size.rows - 1))
  for row in 0..<frame.size.rows {
    for column in 0..<frame.size.columns { frame[row, column] = whole[row, column] }
  }
  (frame.images, frame.unmeasuredWords) = (whole.images, whole.unmeasuredWords)
  let legend = spoken(shown).filter { $0.topic != "typed" && $0.topic != "doing" }
    .map { "\($0.topic): \($0.words)" }
  return ScreenFigure(frame: frame, cell: cell, legend: legend)
}
