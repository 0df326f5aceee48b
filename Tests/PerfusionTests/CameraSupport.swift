import Basics
import Foundation
import Imaging
import Perfusion

/// Small objects for the camera, made on its own image.
enum CameraObject {
  static func acquisition(
    _ name: String = "symbia-lehr", views: Int = 120, matrix: Int = 64, slices: Int,
    pixel: Double = 4, radius: Double = 150
  ) throws -> Acquisition {
    try Acquisition(
      collimator: .named(name), views: views, matrix: matrix, slices: slices, pixel: pixel,
      radius: radius)
  }

  /// An image made from each voxel's place in millimetres from the middle.
  static func image(
    _ a: Acquisition, _ value: (_ x: Double, _ y: Double, _ z: Double) -> Double
  ) -> [Float] {
    var out: [Float] = []
    out.reserveCapacity(a.imageCount)
    let middle = Double(a.matrix - 1) / 2
    for k in 0..<a.slices {
      let z = (Double(k) - Double(a.slices - 1) / 2) * a.pixel
      for j in 0..<a.matrix {
        for i in 0..<a.matrix {
          out.append(
            Float(value((Double(i) - middle) * a.pixel, (Double(j) - middle) * a.pixel, z)))
        }
      }
    }
    return out
  }

  /// A cylinder along the axis whose rim voxels count by the part that lies inside.
  static func cylinder(_ a: Acquisition, radius: Double, value: Double) -> [Float] {
    let steps = 5
    let half = Double(steps - 1) / 2
    return image(a) { x, y, _ in
      var inside = 0
      for p in 0..<steps {
        for q in 0..<steps {
          let (dx, dy) = ((Double(p) - half) / 5 * a.pixel, (Double(q) - half) / 5 * a.pixel)
          if hypot(x + dx, y + dy) <= radius { inside += 1 }
        }
      }
      return value * Double(inside) / Double(steps * steps)
    }
  }

  static func uniform(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(generator.uniform()) }
  }

  static func dot(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  }
}
