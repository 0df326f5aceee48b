extension Frame {
  /// The same with every colour that was left to the terminal said: light on black.
  ///
  /// Colours of a screen are chosen for a dark ground; where the terminal's own is white they cannot be read.
  package var painted: Frame {
    var out = self
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        var cell = out[row, column]
        if cell.foreground.isStandard { cell.foreground = Frame.light }
        if cell.background.isStandard { cell.background = Frame.dark }
        out[row, column] = cell
      }
    }
    return out
  }

  /// Text without a colour of its own, and the ground of everything.
  static let light = Colour(208, 208, 208)
  static let dark = Colour(0, 0, 0)
}
