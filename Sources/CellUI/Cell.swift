/// A colour of a cell: 24 bits, or what the terminal uses by default.
package struct Colour: Hashable, Sendable {
  /// 0xRRGGBB; bit 24 marks the terminal's default.
  package let packed: UInt32

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    packed = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
  }

  package init(hex: UInt32) { packed = hex & 0xff_ffff }

  private init(packed: UInt32) { self.packed = packed }

  package static let standard = Colour(packed: 1 << 24)

  package var isStandard: Bool { packed >> 24 != 0 }
  package var red: UInt8 { UInt8(packed >> 16 & 0xff) }
  package var green: UInt8 { UInt8(packed >> 8 & 0xff) }
  package var blue: UInt8 { UInt8(packed & 0xff) }

  /// Perceived brightness, 0…255 (ITU-R BT.601 weights).
  package var luminance: Int {
    (299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1000
  }

  /// A mixture; `amount` 0 is this colour, 1 the other.
  package func mixed(with other: Colour, _ amount: Double) -> Colour {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(max(0, min(255, (Double(a) + (Double(b) - Double(a)) * amount).rounded())))
    }
    return Colour(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}

/// How the glyph of a cell is drawn.
package struct Style: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = Style(rawValue: 1)
  package static let dim = Style(rawValue: 2)
  package static let reverse = Style(rawValue: 4)
  package static let underline = Style(rawValue: 8)
  /// A cell that an image lies over.
  package static let image = Style(rawValue: 64)
  /// A cell of a picture: two pixels, written by our own encoder where that saves bytes.
  package static let picture = Style(rawValue: 128)
}

/// One place of the screen.
package struct Cell: Hashable, Sendable {
  package var glyph: Unicode.Scalar
  package var foreground: Colour
  package var background: Colour
  package var style: Style

  package init(
    _ glyph: Unicode.Scalar = " ", foreground: Colour = .standard, background: Colour = .standard,
    style: Style = []
  ) {
    self.glyph = glyph
    self.foreground = foreground
    self.background = background
    self.style = style
  }
}

/// Columns and rows.
package struct Size: Hashable, Sendable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// A rectangle of cells; it may be empty, never negative.
package struct Rect: Hashable, Sendable {
  package var column: Int
  package var row: Int
  package var columns: Int
  package var rows: Int

  package init(column: Int, row: Int, columns: Int, rows: Int) {
    self.column = column
    self.row = row
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }
}

/// What the terminal can show.
package struct Capabilities: Hashable, Sendable {
  package enum Colours: String, Sendable {
    /// 24 bits.
    case direct
    /// The 256 colours of xterm.
    case indexed
    /// The sixteen and eight of ANSI: pictures are mixed from shades.
    case sixteen, eight
    /// None: pictures are drawn with a ramp of glyphs.
    case none
  }
  package var colours: Colours
  /// Whether half blocks, braille and dashes can be shown.
  package var unicode: Bool
  /// Whether colours 16 to 255 can be given other values, and get their own back.
  package var redefines: Bool
  /// Whether a colour of a picture may be shown as one that looks alike (`ChosenColours.alike`), to save bytes.
  package var writesAlike = false
  /// Whether it is said to have few colours and may well have 256: what is said is often an old default.
  package var mayHaveMore = false
  /// What pictures are made of.
  package var pictures: Pictures

  package init(
    colours: Colours, unicode: Bool, redefines: Bool = false, pictures: Pictures = .blocks
  ) {
    self.colours = colours
    self.unicode = unicode
    self.redefines = redefines
    self.pictures = pictures
  }
}

extension Capabilities {
  /// Whether values of pictures are told by glyphs alone: no colours, or a handful and no shades.
  package var hasNoColourScale: Bool {
    switch colours {
    case .none: true
    case _ where hasImages: false
    case .eight, .sixteen: !unicode
    case .direct, .indexed: false
    }
  }
}
