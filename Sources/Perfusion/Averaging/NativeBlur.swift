package import Basics
package import Imaging

/// The resolution that an image has before the camera, along each voxel axis, and how that is known.
package struct NativeBlur: Sendable, Equatable {
  /// FWHM along i, j, k in millimetres.
  package let fwhm: (Double, Double, Double)
  /// For the screen and for files.
  package let origin: String
  package let isMeasured: Bool
  /// Whether it is still being measured: what rests on it is not final.
  package private(set) var isAwaited = false

  /// Whether the run itself may be sharper along some axis.
  package private(set) var isUpperLimit = false

  private init(_ fwhm: (Double, Double, Double), _ origin: String, isMeasured: Bool) {
    self.fwhm = fwhm
    self.origin = origin
    self.isMeasured = isMeasured
  }

  /// What a person states.
  package init(given fwhm: Double) { self.init((fwhm, fwhm, fwhm), "given", isMeasured: false) }

  /// A voxel is the least blur that an image can have.
  ///
  /// - Parameter reason: why it is not measured.
  package init(voxelsOf grid: Grid, reason: String = "not measured") {
    self.init(grid.spacing, "voxel size, \(reason)", isMeasured: false)
  }

  /// Stands in until the run's own resolution is known.
  package static func awaited(voxelsOf grid: Grid) -> NativeBlur {
    var out = NativeBlur(voxelsOf: grid, reason: "being measured")
    out.isAwaited = true
    return out
  }

  /// What the run's own noise says (`nativeResolution`); the voxel size where that cannot be, with the
  /// reason.
  ///
  /// - Throws: only that the person cancelled.
  package init(of run: Run, progress: WorkProgress = .silent) throws(Problem) {
    let found: NativeResolution
    do throws(Problem) {
      found = try nativeResolution(of: run, progress: progress)
    } catch {
      if error == .cancelled { throw error }
      self.init(voxelsOf: run.grid, reason: "not measurable: \(error.found)")
      return
    }
    self.init(found)
  }

  /// Axes along which neighbours are not correlated at all take their voxel size.
  package init(_ found: NativeResolution) {
    let f = found.axes.map { $0.fwhm ?? $0.spacing }
    let missing = zip(["i", "j", "k"], found.axes).filter { $0.1.fwhm == nil }.map(\.0)
    let limits = zip(["i", "j", "k"], found.axes).filter(\.1.isUpperLimit).map(\.0)
    self.init(
      (f[0], f[1], f[2]),
      "measured"
        + (missing.isEmpty ? "" : "; along \(missing.joined(separator: ", ")) finer than a voxel")
        + (limits.isEmpty ? "" : "; an upper limit along \(limits.joined(separator: ", "))"),
      isMeasured: true)
    isUpperLimit = !limits.isEmpty
  }

  package static func == (a: NativeBlur, b: NativeBlur) -> Bool {
    a.fwhm == b.fwhm && a.origin == b.origin && a.isMeasured == b.isMeasured
  }
}
