import Basics
package import Imaging

/// What a SPECT camera would keep of an image: the averaging module, tier 0 in space (a Gaussian
/// point spread) and a box window in time.
package struct Averaging: Sendable, Equatable {
  /// Resolution to be reached, full width at half maximum in millimetres.
  package var targetFWHM: Double
  /// Resolution that the image already has per voxel axis, in millimetres.
  package var nativeFWHM: (Double, Double, Double)
  /// Where the native resolution comes from, for the screen.
  package var nativeOrigin: String
  /// Whether it is still being measured.
  package var nativeIsAwaited = false

  package init(targetFWHM: Double = 10, nativeFWHM: Double?, grid: Grid) {
    self.targetFWHM = targetFWHM
    if let native = nativeFWHM {
      self.nativeFWHM = (native, native, native)
      nativeOrigin = "given"
    } else {
      // Without a measurement the voxel itself is the least blur that the image can have.
      self.nativeFWHM = grid.spacing
      nativeOrigin = "voxel size, not measured"
    }
  }

  /// - Parameter native: what the image has already, as it is known.
  /// Whether the native resolution can only be called an upper limit along some axis.
  package private(set) var nativeIsUpperLimit = false

  package init(targetFWHM: Double = 10, native: NativeBlur) {
    nativeIsUpperLimit = native.isUpperLimit
    self.targetFWHM = targetFWHM
    nativeFWHM = native.fwhm
    nativeOrigin = native.origin
    nativeIsAwaited = native.isAwaited
  }

  /// FWHM of the kernel that is missing, per axis: √(target² − native²), 0 where the image is
  /// already as coarse (spect.md 2.1, tier 0).
  package var kernelFWHM: (Double, Double, Double) {
    func missing(_ native: Double) -> Double {
      max(0, targetFWHM * targetFWHM - native * native).squareRoot()
    }
    return (missing(nativeFWHM.0), missing(nativeFWHM.1), missing(nativeFWHM.2))
  }

  /// Whether the image is already coarser than the target along some axis.
  package var isCoarserThanTarget: Bool {
    max(nativeFWHM.0, nativeFWHM.1, nativeFWHM.2) > targetFWHM
  }

  /// What the image is blurred to along each axis: the target, or its own where that is coarser.
  package var reachedFWHM: (Double, Double, Double) {
    let (n, t) = (nativeFWHM, targetFWHM)
    return (max(t, n.0), max(t, n.1), max(t, n.2))
  }

  /// The resolution that is reached, in words: "10 mm"; "stays 5.4 mm" where the image is coarser than the camera
  /// along every axis, so that nothing is blurred; "10 mm, stays 11.2 mm along k" where it is along some.
  package var reachedWords: String {
    let own = [nativeFWHM.0, nativeFWHM.1, nativeFWHM.2]
    let limit = nativeIsUpperLimit ? "≤ " : ""
    let stays = own.indices.filter { own[$0] > targetFWHM }
    if stays.isEmpty { return "\(plainNumber(targetFWHM, 1)) mm" }
    let numbers = stays.map { plainNumber(own[$0], 1) }
    let number = Set(numbers).count == 1 ? numbers[0] : numbers.joined(separator: " × ")
    if stays.count == 3 { return "stays \(limit)\(number) mm" }
    let axes = stays.map { ["i", "j", "k"][$0] }.joined(separator: ", ")
    return "\(plainNumber(targetFWHM, 1)) mm, stays \(limit)\(number) mm along \(axes)"
  }

  /// The image as the camera would keep it: convolved, air outside the mask counting as zero and what was not
  /// measured not at all (`Mask.seenThroughCamera`); NaN where there is no data.
  package func applied(to values: [Float], in mask: Mask) -> [Float] {
    mask.seenThroughCamera(values, fwhm: kernelFWHM)
  }

  /// The same for the voxels of a box of the grid, by computing no more than they need: what is seen of
  /// a volume while its resolution is being moved. NaN outside the box and the mask.
  package func applied(to values: [Float], in mask: Mask, seen box: VoxelBox) -> Volume {
    mask.seenThroughCamera(values, fwhm: kernelFWHM, in: box)
  }

  /// The native resolution as the screen and files say it: "own 5.1 × 5.2 × 4.8 mm (measured …)".
  package var nativeWords: String {
    let f = [nativeFWHM.0, nativeFWHM.1, nativeFWHM.2].map { plainNumber($0, 1) }
    let number =
      (nativeIsUpperLimit ? "≤ " : "") + (Set(f).count == 1 ? f[0] : f.joined(separator: " × "))
    return "own \(number) mm (\(nativeOrigin))"
  }

  package static func == (a: Averaging, b: Averaging) -> Bool {
    a.targetFWHM == b.targetFWHM && a.nativeFWHM == b.nativeFWHM
      && a.nativeOrigin == b.nativeOrigin
  }
}
