import Basics
internal import CLAPACK
import Synchronization

/// The memory that OpenBLAS works in, where the address space has a limit.
///
/// It asks for 128 MB (`BUFFER_SIZE` of its x86-64 kernels) for each call that runs at a time, keeps them, and asks for
/// ever where there are none. Under a limit one buffer is asked for while there is room for it, and one call runs at a
/// time.
///
/// OpenBLAS is told to use one thread: work is split over voxels here, so that results do not depend on the number of
/// cores.
enum LinearAlgebraRoom {
  static let bufferBytes = 128 << 20
  private static let oneThread: Void = openblas_set_num_threads(1)
  private static let turn = Mutex(())
  private static let isLimited = MemoryBudget.hasAddressLimit

  /// Whether there is a buffer; asked for once, before anything else is computed.
  private static let isThere: Bool = {
    _ = oneThread
    guard isLimited else { return true }
    guard canHold(bufferBytes) else { return false }
    // Large enough for the kernels that need it.
    let n = 256
    let a = [Double](repeating: 1, count: n * n)
    var c = a
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(n), Int32(n), 1, a, Int32(n), a,
      Int32(n), 0, &c, Int32(n))
    return true
  }()

  private static func canHold(_ bytes: Int) -> Bool {
    (try? MemoryBudget.require(bytes, of: "linear algebra", for: "it")) != nil
  }

  /// Runs a product alone where it must be.
  ///
  /// - Returns: false where it was not run, for want of room.
  static func alone(_ product: () -> Void) -> Bool {
    guard isThere else { return false }
    if isLimited { turn.withLock { _ in product() } } else { product() }
    return true
  }

  /// Runs a call of LAPACK.
  ///
  /// - Throws: where there is no room for it.
  static func solve(_ call: () -> Int32) throws(Problem) -> Int32 {
    guard isThere else {
      throw Problem(
        .data, "memory", "linear algebra needs \(bufferBytes >> 20) MiB more of address space",
        remedy: "Raise the limit of the shell (`ulimit -v`) or of the batch system")
    }
    return isLimited ? turn.withLock { _ in call() } : call()
  }
}

/// A product of matrices without OpenBLAS: `c[m × n] = a[m × k] · b[k × n]`.
package struct PlainProduct {
  private let m, n, k: Int
  /// How far the next row and the next column lie away.
  private let a, b: (row: Int, column: Int)

  package init(_ m: Int, _ n: Int, _ k: Int, a: (Int, Int), b: (Int, Int)) {
    (self.m, self.n, self.k) = (m, n, k)
    (self.a, self.b) = (a, b)
  }

  /// - Parameter isSubtracted: whether it is taken from what is there.
  package func put<T: BinaryFloatingPoint>(
    _ left: UnsafePointer<T>, _ right: UnsafePointer<T>, _ out: UnsafeMutablePointer<T>, ldc: Int,
    isSubtracted: Bool = false
  ) {
    var row = [Double](repeating: 0, count: n)
    for i in 0..<m {
      for j in 0..<n { row[j] = 0 }
      for l in 0..<k {
        let factor = Double(left[i * a.row + l * a.column])
        for j in 0..<n { row[j] += factor * Double(right[l * b.row + j * b.column]) }
      }
      for j in 0..<n {
        let there = isSubtracted ? Double(out[i * ldc + j]) : 0
        out[i * ldc + j] = T(isSubtracted ? there - row[j] : row[j])
      }
    }
  }
}
