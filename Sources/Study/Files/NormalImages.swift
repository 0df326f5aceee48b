package import Imaging

/// Images of normal people in world space, on grids of their own.
package enum NormalImages: Sendable {
  case people([Volume])
  case meanAndDeviation(Volume, Volume, count: Int?)
}
