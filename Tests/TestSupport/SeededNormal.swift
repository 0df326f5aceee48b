package import Basics
import Glibc

extension SeededGenerator {
  /// A standard normal number, by Box and Muller.
  package mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}
