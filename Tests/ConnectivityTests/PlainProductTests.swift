import Basics
import Connectivity
import Testing

/// Products that are taken where OpenBLAS has no room, against the sum that defines them.
@Suite struct PlainProductTests {
  private func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  /// How far the next row and the next column of a matrix lie away: as it is, and transposed.
  private func strides(_ rows: Int, _ columns: Int, _ isTransposed: Bool) -> (Int, Int) {
    isTransposed ? (1, rows) : (columns, 1)
  }

  @Test(arguments: [(1, 1, 1), (3, 5, 7), (8, 1, 4), (2, 9, 1)], [false, true])
  func everyLayoutIsTheSum(_ size: (m: Int, n: Int, k: Int), _ isTransposed: Bool) {
    let (m, n, k) = size
    let (a, b) = (numbers(m * k, 1), numbers(k * n, 2))
    let ldc = n + 2
    for isOther in [false, true] {
      for isSubtracted in [false, true] {
        let (ofA, ofB) = (strides(m, k, isTransposed), strides(k, n, isOther))
        var c = [Float](repeating: 5, count: m * ldc)
        PlainProduct(m, n, k, a: ofA, b: ofB).put(a, b, &c, ldc: ldc, isSubtracted: isSubtracted)
        for i in 0..<m {
          for j in 0..<n {
            let sum = (0..<k).reduce(0.0) {
              $0 + Double(a[i * ofA.0 + $1 * ofA.1]) * Double(b[$1 * ofB.0 + j * ofB.1])
            }
            #expect(abs(Double(c[i * ldc + j]) - (isSubtracted ? 5 - sum : sum)) < 1e-5)
          }
          // What lies between the rows is nobody's.
          #expect(c[i * ldc + n] == 5 && c[i * ldc + n + 1] == 5)
        }
      }
    }
  }
}
