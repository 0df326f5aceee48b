/// The whole number at the lower side of a number from a file or from arithmetic on one, kept within a range.
///
/// `Int` of a number beyond its own range ends the program; this takes the nearer end of the range, and the
/// lower end for what is no number.
@inlinable
package func wholeNumber<X: BinaryFloatingPoint>(_ x: X, in range: ClosedRange<Int>) -> Int {
  guard x > X(range.lowerBound) else { return range.lowerBound }
  guard x < X(range.upperBound) else { return range.upperBound }
  return Int(x.rounded(.down))
}

/// Which of `bins` equal parts of `low…high` a value lies in; what lies beyond counts to the outermost.
///
/// In double precision, where neither the range of two floats nor its parts can overflow or vanish.
@inlinable
package func binIndex(_ value: Float, low: Float, high: Float, bins: Int) -> Int {
  let part = (Double(value) - Double(low)) / (Double(high) - Double(low))
  return wholeNumber(part * Double(bins), in: 0...max(0, bins - 1))
}
