package import Basics
import Glibc
import Imaging

/// The matrix A that turns activity into expected counts, and its exact transpose.
///
/// For every view the image is rotated (bilinear), each plane parallel to the detector is weakened by
/// what lies before it, exp(−Δx (Σ nearer μ + μ/2)), and blurred along columns and rows by the
/// collimator's Gaussian at its distance (cut at four σ, sum 1); the planes are then added up. A is the
/// product of these linear steps, and the transpose applies each one's transpose in reverse: the
/// rotation scatters with the weights it gathers with, attenuation is diagonal, the blur symmetric.
/// Results do not depend on the number of cores: views are shared out in a fixed way.
package final class Projector: Sendable {
  package let acquisition: Acquisition
  let layout: CameraLayout
  /// Attenuation per pixel (μ Δx) in the layout's rows, or empty.
  let attenuation: [Float]
  /// For each plane the collimator's weights at 0, 1, … pixels; empty without blur.
  let kernels: [[Float]]
  /// Pixels that the widest kernel reaches.
  let reach: Int
  /// Transmission of every sample, view by view, where it is kept.
  private let transmissions: [[Float]]

  /// Parts that views are shared out in.
  static let parts = 8
  /// Largest μ that is taken, per centimetre; cortical bone has 0.28 at 140 keV.
  package static let largestAttenuation: Float = 0.5

  /// - Parameters:
  ///   - attenuation: μ per centimetre on the camera's image, i fastest; nil for none.
  ///   - blurs: whether the collimator's response is modelled.
  ///   - keepsTransmission: computes it once for all views, for work that goes through them often,
  ///     where that takes no more than a gigabyte.
  /// - Throws: attenuation that is negative, not finite, or more than any tissue has.
  package init(
    _ acquisition: Acquisition, attenuation: [Float]?, blurs: Bool = true,
    keepsTransmission: Bool = false
  ) throws(Problem) {
    self.acquisition = acquisition
    let layout = CameraLayout(acquisition)
    self.layout = layout
    var pathLengths: [Float] = []
    if let attenuation {
      guard attenuation.allSatisfy({ $0 >= 0 && $0 <= Projector.largestAttenuation }) else {
        throw Problem(
          .data, "attenuation map", "it has values that no tissue has",
          expected: "0 to \(plainNumber(Double(Projector.largestAttenuation))) per cm everywhere",
          remedy: "Give it per centimetre at 140 keV, without gaps")
      }
      let centimetres = Float(acquisition.pixel / 10)
      pathLengths = layout.rows(from: attenuation).map { $0 * centimetres }
    }
    self.attenuation = pathLengths
    kernels = blurs ? Projector.kernels(layout) : []
    reach = (kernels.map(\.count).max() ?? 1) - 1
    let bytes = acquisition.views * layout.side * layout.side * layout.stride * 4
    transmissions =
      keepsTransmission && !pathLengths.isEmpty && bytes <= 1 << 30
      ? Projector.transmissions(layout, pathLengths) : []
  }

  var isAttenuated: Bool { !attenuation.isEmpty }

  /// Half kernels of every plane: plane 0 is the farthest.
  private static func kernels(_ layout: CameraLayout) -> [[Float]] {
    let a = layout.acquisition
    return (0..<layout.side).map { plane in
      let distance = a.radius - (Double(plane) - layout.centre) * a.pixel
      let sigma = a.collimator.deviation(atDistance: distance) / a.pixel
      let reach = wholeNumber((4 * sigma).rounded(.up), in: 0...4096)
      let raw = (0...reach).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
      let sum = raw[0] + 2 * raw.dropFirst().reduce(0, +)
      return raw.map { Float($0 / sum) }
    }
  }

  // MARK: Attenuation

  /// Transmission of all views, each `side × side` rows of slices, by plane and column.
  private static func transmissions(_ layout: CameraLayout, _ attenuation: [Float]) -> [[Float]] {
    let views = layout.acquisition.views
    let count = layout.side * layout.side * layout.stride
    return parallelMap(views) { view in
      [Float](unsafeUninitializedCapacity: count) { buffer, made in
        if let to = buffer.baseAddress { transmission(layout, attenuation, view, to) }
        made = count
      }
    }
  }

  /// exp(−Δx (Σ nearer μ + μ/2)) of every sample of a view; 1 outside the field.
  static func transmission(
    _ layout: CameraLayout, _ attenuation: UnsafePointer<Float>, _ view: Int,
    _ out: UnsafeMutablePointer<Float>
  ) {
    let (side, stride) = (layout.side, layout.stride)
    let up = layout.bordered * stride
    let turn = layout.acquisition.turn(view)
    let passed = UnsafeMutablePointer<Float>.allocate(capacity: side * stride)
    passed.initialize(repeating: 0, count: side * stride)
    defer { passed.deallocate() }
    out.initialize(repeating: 1, count: side * side * stride)
    // From the nearest plane to the farthest.
    for plane in (0..<side).reversed() {
      for column in layout.chord(plane) {
        let sample = BilinearSample(layout, plane: plane, column: column, turn)
        let to = out + (plane * side + column) * stride
        let path = passed + column * stride
        var k = 0
        while k < stride {
          let here = sample.gathered(attenuation, k, stride, up)
          let before = loadEight(path + k)
          storeEight(decay(before + here * Float(0.5)), to + k)
          storeEight(before + here, path + k)
          k += 8
        }
      }
    }
  }

  /// Calls `body` with the transmission of a view, or with nil without attenuation.
  func withTransmission(
    _ view: Int, _ scratch: inout [Float], _ body: (UnsafePointer<Float>?) -> Void
  ) {
    guard isAttenuated else { return body(nil) }
    if !transmissions.isEmpty {
      return transmissions[view].withUnsafeBufferPointer { body($0.baseAddress) }
    }
    let count = layout.side * layout.side * layout.stride
    if scratch.count != count { scratch = [Float](repeating: 1, count: count) }
    scratch.withUnsafeMutableBufferPointer { to in
      attenuation.withUnsafeBufferPointer { from in
        guard let to = to.baseAddress, let from = from.baseAddress else { return }
        Projector.transmission(layout, from, view, to)
        body(UnsafePointer(to))
      }
    }
  }
}
