/// Whole seconds that are left when `elapsed` seconds led from one part of the work to another; nil before
/// two seconds or a twentieth of the work say anything.
package func secondsLeft(after elapsed: Double, from first: Double, to part: Double) -> Int? {
  let done = part - first
  guard elapsed >= 2, done >= 0.05, part < 1 else { return nil }
  return wholeNumber((elapsed * (1 - part) / done).rounded(.up), in: 0...1 << 40)
}
