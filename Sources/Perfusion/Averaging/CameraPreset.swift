/// The Gaussian that comes nearest to a whole chain of acquisition and reconstruction, by its name
/// (spect.md 1.4: low-energy high-resolution collimator, radius 15 cm, four-to-one brain).
package enum CameraPreset: String, Sendable, CaseIterable {
  case osemRecovery = "osem-recovery"
  case osem
  case usual
  case fbpSharp = "fbp-sharp"
  case fbpSmooth = "fbp-smooth"

  /// In millimetres.
  package var fwhm: Double {
    switch self {
    case .osemRecovery: 7.5
    case .osem: 9
    case .usual: 10
    case .fbpSharp: 10.5
    case .fbpSmooth: 12.5
    }
  }

  package var title: String {
    switch self {
    case .osemRecovery: "OSEM with resolution recovery"
    case .osem: "OSEM"
    case .usual: "usual camera"
    case .fbpSharp: "FBP, sharp filter"
    case .fbpSmooth: "FBP, smooth filter"
    }
  }
}
