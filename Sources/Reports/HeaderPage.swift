package import Basics
package import ImageFiles
import Imaging

/// What a header says, as `info` answers it.
package func headerResult(_ d: ImageHeader) -> [(String, JSON)] {
  [
    ("shape", .array(d.visibleShape.map(JSON.int))),
    ("spacing_mm", .numbers([d.spacing.0, d.spacing.1, d.spacing.2])),
    ("tr_s", .optional(d.headerRepetitionTimeSeconds)),
    (
      "affine",
      d.affine.map { .array(($0.rows + [[0, 0, 0, 1]]).map(JSON.numbers)) } ?? .null
    ),
    ("orientation", .optional(d.orientation)),
    ("form", .string(d.form.rawValue)),
    (
      "unused_forms",
      .array(
        d.unusedForms.map { unused in
          .object([
            ("form", .string(unused.form.rawValue)),
            ("orientation", .string(unused.orientationCode)),
            ("affine", .array(unused.affine.rows.map(JSON.numbers))),
          ])
        })
    ),
    ("laterality", .string(d.laterality.rawValue)),
    ("datatype", .string(d.type.rawValue)),
  ]
}

extension ImageHeader {
  /// Three numbers for a volume, four for a series.
  var visibleShape: [Int] { dimensionCount >= 4 ? shape : Array(shape.prefix(3)) }
}

/// The same for a person to read.
package func headerText(_ d: ImageHeader) -> String {
  var lines = [visibleText(d.name)]
  func row(_ name: String, _ value: String) {
    lines.append("  " + name + String(repeating: " ", count: max(1, 13 - name.count)) + value)
  }
  row("shape", d.visibleShape.map(String.init).joined(separator: " × "))
  row(
    "spacing",
    "\(fixed(d.spacing.0, 3)) × \(fixed(d.spacing.1, 3)) × \(fixed(d.spacing.2, 3)) mm")
  if d.isSeries {
    row("TR", d.headerRepetitionTimeSeconds.map { "\(plainNumber($0)) s" } ?? "unknown")
    if let tr = d.headerRepetitionTimeSeconds, d.blockingTime == nil {
      row("length", "\(fixed(tr * Double(d.frameCount) / 60, 1)) min")
    }
  }
  row("orientation", d.orientation ?? "unknown")
  row("form", formWords(d))
  for unused in d.unusedForms {
    let origin = (0..<3).map { fixed(unused.affine.rows[$0][3], 1) }.joined(separator: ", ")
    row(
      "unused",
      "\(unused.form.rawValue): \(unused.orientationCode), first voxel at \(origin) mm (--trust \(unused.form.rawValue) takes it)"
    )
  }
  row("sides", d.laterality == .known ? "known" : "SIDE UNKNOWN")
  row(
    "data",
    d.type.rawValue
      + (d.slope == 1 && d.intercept == 0
        ? "" : ", value = \(plainNumber(d.slope, 9)) × stored + \(plainNumber(d.intercept, 9))"))
  if let affine = d.affine {
    for (n, r) in affine.rows.enumerated() {
      row(
        n == 0 ? "affine" : "",
        r.map { v in
          let text = fixed(v, 4)
          return String(repeating: " ", count: max(0, 11 - text.count)) + text
        }.joined())
    }
  }
  for f in d.findings { row(f.severity.rawValue, "\(f.text) [\(f.code)]") }
  if d.findings.isEmpty { row("findings", "none") }
  return lines.joined(separator: "\n")
}

private func formName(_ code: Int) -> String {
  switch code {
  case 1: "scanner"
  case 2: "aligned"
  case 3: "Talairach"
  case 4: "MNI-152"
  case 5: "other template"
  default: "not in the standard"
  }
}

private func formWords(_ d: ImageHeader) -> String {
  switch d.form {
  case .none: "none"
  case .format: "the format's own matrix (\(formName(d.statedFormCode)))"
  case .sform, .qform:
    "\(d.form.rawValue), code \(d.statedFormCode) (\(formName(d.statedFormCode)))"
  }
}
