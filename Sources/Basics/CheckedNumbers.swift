/// The whole number at the lower side of a number from a file or from arithmetic on one, kept within a range.
///
/// `Int` of a number beyond its own range ends the program; this takes the nearer end of the range, and the
/// lower end for what is no number.
@inlinable
package func wholeNumber(_ x: Double, in range: ClosedRange<Int>) -> Int {
  guard x > Double(range.lowerBound) else { return range.lowerBound }
  guard x < Double(range.upperBound) else { return range.upperBound }
  return Int(x.rounded(.down))
}

/// The same of a float; a generic one would cost more than the rest of a look-up.
@inlinable
package func wholeNumber(_ x: Float, in range: ClosedRange<Int>) -> Int {
  wholeNumber(Double(x), in: range)
}

/// Which of `bins` equal parts of `low…high` a value lies in; what lies beyond counts to the outermost.
///
/// In double precision, where neither the range of two floats nor its parts can overflow or vanish.
@inlinable
package func binIndex(_ value: Float, low: Float, high: Float, bins: Int) -> Int {
  let part = (Double(value) - Double(low)) / (Double(high) - Double(low))
  return wholeNumber(part * Double(bins), in: 0...max(0, bins - 1))
}
