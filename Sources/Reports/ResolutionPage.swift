package import Basics
package import Perfusion

/// The resolution along each voxel axis.
package func resolutionResult(_ r: NativeResolution) -> [(String, JSON)] {
  [
    (
      "axes",
      .array(
        zip(["i", "j", "k"], r.axes).map { name, axis in
          .object([
            ("axis", .string(name)), ("spacing_mm", .number(axis.spacing)),
            ("first_differences_fwhm_mm", .optional(axis.firstDifferences)),
            ("autocorrelation_kernel_fwhm_mm", .optional(axis.autocorrelation)),
            ("fwhm_mm", .optional(axis.fwhm)), ("is_upper_limit", .bool(axis.isUpperLimit)),
          ])
        })
    ),
    (
      "model",
      r.model.map { m in
        .object([
          ("a", .number(m.a)), ("b_mm", .number(m.b)), ("c_mm", .number(m.c)),
          ("autocorrelation_fwhm_mm", .number(m.fullWidthAtHalfMaximum)),
          ("kernel_fwhm_mm", .number(m.kernelFWHM)),
        ])
      } ?? .null
    ), ("origin", .string(r.origin)),
    ("is_upper_limit", .bool(r.axes.contains(where: \.isUpperLimit))),
    ("voxels", .int(r.voxelCount)), ("frames", .int(r.frameCount)),
  ]
}

/// The same for a person to read.
package func resolutionText(
  _ r: NativeResolution, isDerived: Bool, isSimulated: Bool
) -> String {
  var lines = isSimulated ? ["SIMULATED input: not a perfusion measurement"] : []
  lines.append("native resolution, \(r.origin)")
  lines.append("\(r.voxelCount) voxels, mask \(isDerived ? "DERIVED" : "given")")
  lines.append("axis  voxel mm  first differences  autocorrelation (kernel FWHM, mm)")
  func number(_ x: Double?, _ width: Int) -> String {
    let text = x.map { fixed($0, 2) } ?? "–"
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }
  for (name, axis) in zip(["i", "j", "k"], r.axes) {
    lines.append(
      name + number(axis.spacing, 13) + number(axis.firstDifferences, 19)
        + number(axis.autocorrelation, 17)
        + (axis.fwhm.map { "  taken: \(axis.isUpperLimit ? "≤ " : "")\(fixed($0, 2)) mm" } ?? "")
        + (axis.fwhm == nil ? "  neighbours are not correlated: finer than a voxel" : ""))
  }
  if let m = r.model {
    lines.append(
      "all directions: a \(fixed(m.a, 3)), b \(fixed(m.b, 2)) mm, c \(fixed(m.c, 2)) mm; the autocorrelation's own "
        + "FWHM \(fixed(m.fullWidthAtHalfMaximum, 2)) mm is √2 times the kernel's \(fixed(m.kernelFWHM, 2)) mm"
    )
  }
  return lines.joined(separator: "\n")
}
