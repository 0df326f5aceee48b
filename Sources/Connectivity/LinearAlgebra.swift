internal import CLAPACK
import Imaging
import Synchronization

/// The few calls into OpenBLAS and LAPACK, each with its layout spelled out.
///
/// OpenBLAS is told to use one thread: work is split over voxels here, so that results do not
/// depend on the number of cores.
enum LinearAlgebra {
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// `c[m × n] = a[m × k] · b[k × n]`, row-major; rows of `b` and `c` lie `ldb` and `ldc` apart.
  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    _ = oneThread
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
      Int32(ldb), 0, c, Int32(ldc))
  }

  /// `y[n] = aᵀ · x[m]` for a row-major `a` of `m` rows that lie `lda` apart.
  static func multiplyTransposed(
    _ m: Int, _ n: Int, _ a: UnsafePointer<Float>, lda: Int, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    _ = oneThread
    cblas_sgemv(CblasRowMajor, CblasTrans, Int32(m), Int32(n), 1, a, Int32(lda), x, 1, 0, y, 1)
  }

  /// An orthonormal basis of everything that the columns do not span.
  ///
  /// QR with column pivoting (LAPACK dgeqp3) of the columns scaled to length 1; a column counts
  /// when its remainder is longer than `tolerance` of the longest.
  /// - Parameters:
  ///   - columns: each of length `length`.
  /// - Returns: the basis, one vector after the other; and which columns added nothing.
  static func complement(
    of columns: [[Double]], length: Int, tolerance: Double = 1e-7
  ) throws(Problem) -> (basis: [Double], rank: Int, redundant: [Int]) {
    _ = oneThread
    let m = length
    let n = columns.count
    if n == 0 {
      var unit = [Double](repeating: 0, count: m * m)
      for i in 0..<m { unit[i * m + i] = 1 }
      return (unit, 0, [])
    }
    var a = [Double](repeating: 0, count: m * max(n, m))
    for (c, column) in columns.enumerated() {
      let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for r in 0..<m { a[c * m + r] = norm > 0 ? column[r] / norm : 0 }
    }
    var pivots = [Int32](repeating: 0, count: n)
    var tau = [Double](repeating: 0, count: max(1, min(m, n)))
    var status = LAPACKE_dgeqp3(
      LAPACK_COL_MAJOR, Int32(m), Int32(n), &a, Int32(m), &pivots, &tau)
    let diagonal = (0..<min(m, n)).map { abs(a[$0 * m + $0]) }
    let largest = diagonal.first ?? 0
    let rank = diagonal.prefix { $0 > tolerance * largest && $0 > 0 }.count
    // Q of the first `rank` reflectors: its later columns span the complement.
    if status == 0 {
      status = LAPACKE_dorgqr(
        LAPACK_COL_MAJOR, Int32(m), Int32(m), Int32(rank), &a, Int32(m), tau)
    }
    guard status == 0 else {
      throw Problem(.data, "denoising", "the nuisance model cannot be solved (LAPACK \(status))")
    }
    return (
      Array(a[(rank * m)..<(m * m)]), rank, pivots.dropFirst(rank).map { Int($0) - 1 }.sorted()
    )
  }
}
