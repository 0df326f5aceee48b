package import Basics
import Foundation
package import Imaging

/// What elastix writes about the transform it found.
package enum ElastixResult {
  /// The map from LPS+ points of the fixed image to the moving one, out of `TransformParameters.N.txt`.
  package static func affine(_ text: String) throws(Problem) -> Affine {
    func values(_ key: String) -> [Double] {
      for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("(\(key) ") {
        return line.dropFirst(key.count + 2).dropLast().split(separator: " ").compactMap {
          Double($0)
        }
      }
      return []
    }
    let broken = Problem(.data, "elastix", "its result cannot be understood")
    let p = values("TransformParameters")
    let c = values("CenterOfRotationPoint")
    guard c.count == 3, (p + c).allSatisfy(\.isFinite) else { throw broken }
    let matrix: [[Double]]
    let shift: [Double]
    if text.contains("(Transform \"EulerTransform\")"), p.count == 6 {
      matrix = rotation(p[0], p[1], p[2], zyx: text.contains("(ComputeZYX \"true\")"))
      shift = Array(p[3...])
    } else if text.contains("(Transform \"AffineTransform\")"), p.count == 12 {
      matrix = [Array(p[0..<3]), Array(p[3..<6]), Array(p[6..<9])]
      shift = Array(p[9...])
    } else {
      throw broken
    }
    // y = M (x − c) + c + t
    return Affine(
      rows: (0..<3).map { r in
        let turned = (0..<3).reduce(0.0) { $0 + matrix[r][$1] * c[$1] }
        return matrix[r] + [shift[r] + c[r] - turned]
      })
  }

  /// ITK's Euler angles about x, y and z: Rz Rx Ry, or Rz Ry Rx.
  private static func rotation(_ x: Double, _ y: Double, _ z: Double, zyx: Bool) -> [[Double]] {
    let rx = [[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]]
    let ry = [[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]]
    let rz = [[cos(z), -sin(z), 0], [sin(z), cos(z), 0], [0, 0, 1]]
    func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
      (0..<3).map { r in (0..<3).map { c in (0..<3).reduce(0.0) { $0 + a[r][$1] * b[$1][c] } } }
    }
    return product(rz, zyx ? product(ry, rx) : product(rx, ry))
  }
}
