/// The two senses of connectivity at a camera's resolution.
package enum BlurredSenses {
  /// Why they differ.
  package static let difference =
    "MAP BLURRED averages correlations: they fall. SERIES BLURRED averages signals first: noise cancels "
    + "and neighbours mix, so they rise; nearer than one FWHM to the seed optics alone correlates (no value)."
}
