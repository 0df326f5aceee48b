package import Basics
package import Imaging

/// A geometry that stands in a NIfTI header whose sides are unknown: under form code 0, or against another one. A
/// person may take it.
package struct UnusedForm: Sendable, Equatable {
  package let form: ImageHeader.Form
  package let affine: Affine

  /// Where its axes point, such as LAS.
  package var orientationCode: String {
    Grid(dimensions: (1, 1, 1), worldFromVoxel: affine)?.orientationCode ?? "unknown"
  }

  /// The srow and the qform where they are geometries; a header that was never filled in has neither.
  static func all(of raw: RawHeader, _ name: String) -> [UnusedForm] {
    var out: [UnusedForm] = []
    let unit = raw.units & 7
    let scale = unit == 1 ? 1000.0 : unit == 3 ? 0.001 : 1
    if let affine = try? raw.sformAffine(scale, name: name) {
      out.append(UnusedForm(form: .sform, affine: affine))
    }
    // Without a quaternion and an offset it is only what an empty header comes to.
    if (raw.quaternion + raw.qoffset).contains(where: { $0 != 0 }),
      let affine = try? raw.qformAffine(scale, name: name)
    {
      out.append(UnusedForm(form: .qform, affine: affine))
    }
    return out
  }
}

extension ImageHeader {
  /// Takes a geometry that the header says not to use, because a person decided so.
  ///
  /// - Throws: where the image has a geometry of its own, or none under that name.
  package mutating func trust(_ decision: TrustedForm) throws(Problem) {
    let form = decision.form
    guard laterality == .unknown else {
      throw Problem(
        .usage, "--trust", "\(name) says itself which side is left (\(self.form.rawValue))",
        expected: "an image whose sides are unknown")
    }
    guard let unused = unusedForms.first(where: { $0.form == form }),
      let there = Grid(
        dimensions: (grid.nx, grid.ny, grid.nz), worldFromVoxel: unused.affine)
    else {
      let names = unusedForms.map(\.form.rawValue)
      throw Problem(
        .data, name, "its header holds no usable \(form.rawValue)",
        expected: names.isEmpty
          ? "a geometry; it holds none" : names.joined(separator: " or ") + ", which it holds")
    }
    (affine, grid, spacing) = (unused.affine, there, there.spacing)
    (self.form, formCode, laterality) = (form, 1, .known)
    (unusedForms, hasTrustedForm) = ([], true)
    noticed.removeAll { ["laterality-unknown", "forms-mirror"].contains($0.code) }
    noticed.append(
      Finding(TrustedForm.findingCode, .warning, decision.words + "."))
  }
}

extension ImageDescribing {
  /// Refuses what is kept or proven by a file's hash, where a person's decision and not the file says which side is
  /// left.
  package func requireOwnGeometry(for what: String) throws(Problem) {
    guard header.hasTrustedForm else { return }
    throw TrustedForm.problem(header.name, for: what)
  }
}
