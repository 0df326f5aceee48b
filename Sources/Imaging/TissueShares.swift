/// Shares of the three tissues at one brightness of mricron-data's skull-stripped T1 (ch2bet): CSF is darkest, white
/// matter brightest, and what lies between is mixed in proportion.
package struct TissueShares: Sendable, Equatable {
  package let grey: Float
  package let white: Float
  package let csf: Float

  package init(brightness v: Float) {
    csf = max(0, min(1, (70 - v) / 25))
    white = max(0, min(1, (v - 92) / 16))
    grey = max(0, 1 - csf - white)
  }
}
