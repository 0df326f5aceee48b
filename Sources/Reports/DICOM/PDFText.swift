import ImageFiles

/// What the text that `report` writes beside its PDF says of it; a PDF of another program has none.
struct PDFText {
  /// SYNTHETIC PERSON or SIMULATED, where it says so.
  let unmeasured: String?
  /// The line that says that two images are mirrored and nobody has decided.
  let blocked: String?

  init(beside path: String) {
    let stem = path.lowercased().hasSuffix(".pdf") ? String(path.dropLast(4)) : path
    let text = (try? readTextFile(stem + ".txt")) ?? ""
    unmeasured = ["SYNTHETIC PERSON", "SIMULATED input"].first(where: text.contains)
      .map { $0 == "SIMULATED input" ? "SIMULATED" : $0 }
    blocked =
      text.contains("MIRRORED") && text.contains("Until a person decides")
      ? "images are MIRRORED against each other, and nobody has decided" : nil
  }
}
