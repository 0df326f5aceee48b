import Basics
internal import CLAPACK
import Imaging

/// The few calls into OpenBLAS and LAPACK, each with its layout spelled out.
///
/// Where OpenBLAS has no room to work in, products are taken without it and what needs LAPACK is refused.
enum LinearAlgebra {

  /// `c[m × n] = a[m × k] · b[k × n]`, row-major; rows of `b` and `c` lie `ldb` and `ldc` apart.
  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    let isDone = LinearAlgebraRoom.alone {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
        Int32(ldb), 0, c, Int32(ldc))
    }
    if !isDone { PlainProduct(m, n, k, a: (k, 1), b: (ldb, 1)).put(a, b, c, ldc: ldc) }
  }

  /// `y[n] = aᵀ · x[m]` for a row-major `a` of `m` rows that lie `lda` apart.
  static func multiplyTransposed(
    _ m: Int, _ n: Int, _ a: UnsafePointer<Float>, lda: Int, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    let isDone = LinearAlgebraRoom.alone {
      cblas_sgemv(CblasRowMajor, CblasTrans, Int32(m), Int32(n), 1, a, Int32(lda), x, 1, 0, y, 1)
    }
    if !isDone { PlainProduct(n, 1, m, a: (1, lda), b: (1, 1)).put(a, x, y, ldc: 1) }
  }

  /// `a[m × k] · b[k × n]` in double, row-major.
  static func product(_ a: [Double], _ m: Int, _ k: Int, _ b: [Double], _ n: Int) -> [Double] {
    precondition(a.count >= m * k && b.count >= k * n)
    var c = [Double](repeating: 0, count: m * n)
    guard m > 0, n > 0, k > 0 else { return c }
    let isDone = LinearAlgebraRoom.alone {
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
        Int32(n), 0, &c, Int32(n))
    }
    if !isDone { PlainProduct(m, n, k, a: (k, 1), b: (n, 1)).put(a, b, &c, ldc: n) }
    return c
  }

  /// `a[m × k] · bᵀ` for a row-major `b[n × k]`, in double.
  static func productTransposed(
    _ a: [Double], _ m: Int, _ k: Int, _ b: [Double], _ n: Int
  ) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    guard m > 0, n > 0, k > 0 else { return c }
    let isDone = LinearAlgebraRoom.alone {
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
        Int32(k), 0, &c, Int32(n))
    }
    if !isDone { PlainProduct(m, n, k, a: (k, 1), b: (1, k)).put(a, b, &c, ldc: n) }
    return c
  }

  /// `aᵀ · a` of a row-major `a[rows × n]`.
  static func selfProduct(_ a: [Double], rows: Int, _ n: Int) -> [Double] {
    var c = [Double](repeating: 0, count: n * n)
    let isDone = LinearAlgebraRoom.alone {
      cblas_dgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(n), Int32(n), Int32(rows), 1, a, Int32(n), a,
        Int32(n), 0, &c, Int32(n))
    }
    if !isDone { PlainProduct(n, n, rows, a: (1, n), b: (n, 1)).put(a, a, &c, ldc: n) }
    return c
  }

  /// `c[m × n] -= aᵀ · b[k × n]` for a row-major `a` of `k` rows of `m`; rows of `b` and `c` lie `n`
  /// apart.
  static func subtractTransposed(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) {
    let isDone = LinearAlgebraRoom.alone {
      cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), -1, a, Int32(m), b,
        Int32(n), 1, c, Int32(n))
    }
    if !isDone {
      PlainProduct(m, n, k, a: (1, m), b: (n, 1)).put(a, b, c, ldc: n, isSubtracted: true)
    }
  }

  /// `c[m × n] = aᵀ · b[k × n]`, `a` row-major of `k` rows of `m`; rows of `b` lie `ldb` apart.
  static func multiplyTransposed(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>
  ) {
    let isDone = LinearAlgebraRoom.alone {
      cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(m), b,
        Int32(ldb), 0, c, Int32(n))
    }
    if !isDone { PlainProduct(m, n, k, a: (1, m), b: (ldb, 1)).put(a, b, c, ldc: n) }
  }

  /// Two orthonormal bases: of what columns span, and of everything that they do not.
  struct Complement {
    /// `length − rank` vectors, one after the other.
    var basis: [Double]
    /// `rank` vectors, one after the other.
    var span: [Double]
    var rank: Int
    /// Columns that added nothing to the others.
    var redundant: [Int]
  }

  /// QR with column pivoting (LAPACK dgeqp3) of the columns scaled to length 1; a column counts
  /// when its remainder is longer than `tolerance` of the longest.
  /// - Parameter columns: each of length `length`.
  static func complement(
    of columns: [[Double]], length: Int, tolerance: Double = 1e-7
  ) throws(Problem) -> Complement {
    let m = length
    let n = columns.count
    if n == 0 {
      var unit = [Double](repeating: 0, count: m * m)
      for i in 0..<m { unit[i * m + i] = 1 }
      return Complement(basis: unit, span: [], rank: 0, redundant: [])
    }
    var a = [Double](repeating: 0, count: m * max(n, m))
    for (c, column) in columns.enumerated() {
      let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for r in 0..<m { a[c * m + r] = norm > 0 ? column[r] / norm : 0 }
    }
    var pivots = [Int32](repeating: 0, count: n)
    var tau = [Double](repeating: 0, count: max(1, min(m, n)))
    var status = try LinearAlgebraRoom.solve {
      LAPACKE_dgeqp3(LAPACK_COL_MAJOR, Int32(m), Int32(n), &a, Int32(m), &pivots, &tau)
    }
    let diagonal = (0..<min(m, n)).map { abs(a[$0 * m + $0]) }
    let largest = diagonal.first ?? 0
    let rank = diagonal.prefix { $0 > tolerance * largest && $0 > 0 }.count
    // Q of the first `rank` reflectors: its later columns span the complement.
    if status == 0 {
      status = try LinearAlgebraRoom.solve {
        LAPACKE_dorgqr(LAPACK_COL_MAJOR, Int32(m), Int32(m), Int32(rank), &a, Int32(m), tau)
      }
    }
    guard status == 0 else {
      throw Problem(.data, "denoising", "the nuisance model cannot be solved (LAPACK \(status))")
    }
    return Complement(
      basis: Array(a[(rank * m)..<(m * m)]), span: Array(a[0..<(rank * m)]), rank: rank,
      redundant: pivots.dropFirst(rank).map { Int($0) - 1 }.sorted())
  }

  /// All eigenvectors of a symmetric matrix `a[n × n]`, one after the other, the smallest eigenvalue first.
  static func eigenvectors(_ a: [Double], _ n: Int) throws(Problem) -> [Double] {
    guard let found = try symmetricEigen(a, n) else {
      throw Problem(.data, "denoising", "its modes cannot be computed (LAPACK dsyevd)")
    }
    return found.vectors
  }

  /// The eigenvectors of the largest eigenvalues of a symmetric matrix `a[n × n]`.
  /// - Returns: `count` vectors, the largest first, and all eigenvalues, descending.
  static func leadingEigenvectors(
    _ a: [Double], _ n: Int, count: Int
  ) throws(Problem) -> (vectors: [[Double]], values: [Double]) {
    guard let found = try symmetricEigen(a, n) else {
      throw Problem(.data, "components", "they cannot be computed (LAPACK dsyevd)")
    }
    let vectors = (0..<min(count, n)).map { c in
      Array(found.vectors[((n - 1 - c) * n)..<((n - c) * n)])
    }
    return (vectors, found.values.reversed())
  }

  /// Eigenvectors and eigenvalues of a symmetric matrix, ascending (LAPACK dsyevd); nil where that fails.
  private static func symmetricEigen(
    _ a: [Double], _ n: Int
  ) throws(Problem) -> (vectors: [Double], values: [Double])? {
    var a = a
    var values = [Double](repeating: 0, count: n)
    let status = try LinearAlgebraRoom.solve {
      LAPACKE_dsyevd(
        LAPACK_COL_MAJOR, 86 /* V */, 85 /* U */, Int32(n), &a, Int32(n), &values)
    }
    return status == 0 ? (a, values) : nil
  }

  /// Ordinary least squares of `y[m]` on columns of length m (LAPACK dgels); the columns must be
  /// independent. Returns the coefficients.
  static func leastSquares(_ columns: [[Double]], _ y: [Double]) throws(Problem) -> [Double] {
    let m = y.count
    let n = columns.count
    var a = columns.flatMap { $0 }
    var b = y
    let status = try LinearAlgebraRoom.solve {
      LAPACKE_dgels(
        LAPACK_COL_MAJOR, 78 /* N */, Int32(m), Int32(n), 1, &a, Int32(m), &b, Int32(m))
    }
    guard status == 0, b.prefix(n).allSatisfy(\.isFinite) else {
      throw Problem(.data, "the model", "its columns depend on each other")
    }
    return Array(b.prefix(n))
  }
}
