import Basics
import CellUI

extension Colour {
  /// "#f5be3c".
  var hexText: String {
    let digits = Array("0123456789abcdef")
    return "#"
      + [red, green, blue].map { "\(digits[Int($0) / 16])\(digits[Int($0) % 16])" }.joined()
  }
}

extension LessonChart {
  /// One row for each point: curve, x, y, and whose it is; the names of the axes with their units in the first row.
  package var csv: String {
    func field(_ text: String) -> String {
      // A text that a spreadsheet would take for a formula is no number of ours: it is kept as text.
      let safe = text.first.map { "=+-@".contains($0) } == true ? "'" + text : text
      return "\"" + visibleText(safe, limit: 400).replacing("\"", with: "\"\"") + "\""
    }
    var lines = ["curve,\(field(xTitle)),\(field(yTitle)),of"]
    let whose = field(origin)
    for curve in curves {
      for (a, b) in zip(curve.x, curve.y) {
        lines.append(
          "\(field(curve.name)),\(plainNumber(a)),\(b.isFinite ? plainNumber(b) : ""),\(whose)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let size = (width: 960.0, height: 540.0)
  private static let margin = (left: 90.0, right: 30.0, top: 70.0, bottom: 80.0)

  /// A drawing of its own, on white, without anything that is loaded from elsewhere.
  package var svg: String {
    let (size, margin) = (Self.size, Self.margin)
    let (low, high) = (margin.left, size.width - margin.right)
    let (top, bottom) = (margin.top, size.height - margin.bottom)
    func px(_ v: Double) -> Double {
      let t = (v - x.lowerBound) / (x.upperBound - x.lowerBound)
      return low + (flipsX ? 1 - t : t) * (high - low)
    }
    func py(_ v: Double) -> Double {
      bottom - (v - y.lowerBound) / (y.upperBound - y.lowerBound) * (bottom - top)
    }
    var out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(plainNumber(size.width)) "
      + "\(plainNumber(size.height))\" font-family=\"sans-serif\" font-size=\"20\">"
    out += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    func text(_ words: String, _ x: Double, _ y: Double, _ anchor: String, _ more: String = "") {
      out +=
        "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" text-anchor=\"\(anchor)\"\(more)>"
        + "\(escapedMarkup(words))</text>"
    }
    for mark in marks {
      let edges = [px(mark.x.lowerBound), px(mark.x.upperBound)].sorted()
      let (a, b) = (max(low, edges[0]), min(high, edges[1]))
      guard a <= high, b >= low else { continue }
      out +=
        "<rect x=\"\(fixed(a - 1, 1))\" y=\"\(fixed(top, 1))\" width=\"\(fixed(max(2, b - a), 1))\" "
        + "height=\"\(fixed(bottom - top, 1))\" fill=\"#28af78\" fill-opacity=\"0.25\"/>"
      text(mark.name, (a + b) / 2, top - 8, "middle", " fill=\"#1c7a54\" font-size=\"16\"")
    }
    out +=
      "<path d=\"M\(fixed(low, 1)) \(fixed(top, 1)) V\(fixed(bottom, 1)) H\(fixed(high, 1))\" "
      + "fill=\"none\" stroke=\"#333333\" stroke-width=\"2\"/>"
    // Where the values lie on both sides of zero, that is where they are read from.
    if y.lowerBound < 0, y.upperBound > 0 {
      out +=
        "<path d=\"M\(fixed(low, 1)) \(fixed(py(0), 1)) H\(fixed(high, 1))\" stroke=\"#777777\" "
        + "stroke-width=\"1\" stroke-dasharray=\"6 4\"/>"
      text("0", low - 8, py(0) + 7, "end", " fill=\"#333333\"")
    }
    for (n, name) in xNames.enumerated() {
      text(name, px(Double(n + 1)), bottom + 26, "middle", " fill=\"#333333\"")
    }
    for n in 0...4 {
      let (a, b) = (
        x.lowerBound + (x.upperBound - x.lowerBound) * Double(n) / 4,
        y.lowerBound + (y.upperBound - y.lowerBound) * Double(n) / 4
      )
      let end = n == 0 ? ends?.low : n == 4 ? ends?.high : nil
      if xNames.isEmpty {
        text(
          (end.map { $0 + " " } ?? "") + axisText(a), px(a), bottom + 26, "middle",
          " fill=\"#333333\"")
      }
      // A number that would stand on that of zero is left out.
      guard y.lowerBound >= 0 || y.upperBound <= 0 || abs(py(b) - py(0)) > 22 else { continue }
      text(axisText(b), low - 8, py(b) + 7, "end", " fill=\"#333333\"")
    }
    text(xTitle, (low + high) / 2, size.height - 30, "middle", " font-weight=\"bold\"")
    text(origin, 12, size.height - 8, "start", " fill=\"#333333\" font-size=\"13\"")
    text(yTitle + ", " + title, 12, 28, "start", " font-weight=\"bold\"")
    for (n, curve) in curves.enumerated() { out += drawn(curve, n, px, py) }
    return out + "</svg>"
  }

  private func axisText(_ v: Double) -> String {
    plainNumber(v, abs(v) >= 20 ? 0 : abs(v) >= 2 ? 1 : 2)
  }

  /// On white the colours are a little darker, so that they are seen.
  private func drawn(
    _ curve: Curve, _ number: Int, _ px: (Double) -> Double, _ py: (Double) -> Double
  ) -> String {
    let ink = (curve.ink.luminance > 150 ? curve.ink.mixed(with: Colour(0, 0, 0), 0.35) : curve.ink)
      .hexText
    let row = Self.margin.top + 24 * Double(number)
    let column = Self.size.width - Self.margin.right - 260
    let name =
      "<text x=\"\(fixed(column + 48, 1))\" y=\"\(fixed(row + 6, 1))\" fill=\"\(ink)\" font-size=\"18\">"
      + "\(escapedMarkup(curve.name))</text>"
    if curve.isPoints {
      let dots = zip(curve.x, curve.y).filter { $0.1.isFinite && x.contains($0.0) }.map {
        (px: px($0.0), py: py(max(y.lowerBound, min(y.upperBound, $0.1))))
      }
      return ([(px: column + 20, py: row)] + dots).map {
        "<circle cx=\"\(fixed($0.px, 1))\" cy=\"\(fixed($0.py, 1))\" r=\"7\" fill=\"\(ink)\"/>"
      }.joined() + name
    }
    var path = ""
    var isPenDown = false
    for (a, b) in zip(curve.x, curve.y) {
      guard b.isFinite, x.contains(a) else {
        isPenDown = false
        continue
      }
      let held = max(y.lowerBound, min(y.upperBound, b))
      path += "\(isPenDown ? "L" : "M")\(fixed(px(a), 1)) \(fixed(py(held), 1)) "
      isPenDown = true
    }
    let dash = curve.isDotted ? " stroke-dasharray=\"3 6\"" : ""
    return
      "<path d=\"\(path)\" fill=\"none\" stroke=\"\(ink)\" stroke-width=\"4\"\(dash)/>"
      + "<path d=\"M\(fixed(column, 1)) \(fixed(row, 1)) h40\" stroke=\"\(ink)\" stroke-width=\"4\"\(dash)/>"
      + name
  }
}
