/// Which movements a registration may make.
package enum RegistrationKind: String, CaseIterable, Sendable {
  /// Three turns and three shifts: images of one head.
  case rigid
  /// Also sizes and shears: a head and a template.
  case affine

  /// Stages, each starting where the one before it ended.
  package var stages: [String] {
    self == .rigid ? ["EulerTransform"] : ["EulerTransform", "AffineTransform"]
  }
}

/// What elastix is told: Mattes mutual information, adaptive stochastic gradient descent, a pyramid of
/// smoothed images, a fixed seed.
package enum ElastixParameters {
  package static let resolutions = 4
  package static let iterations = 300
  package static let seed = 20_261

  package static func text(_ transform: String) -> String {
    """
    (FixedInternalImagePixelType "float")
    (MovingInternalImagePixelType "float")
    (FixedImageDimension 3)
    (MovingImageDimension 3)
    (UseDirectionCosines "true")
    (Registration "MultiResolutionRegistration")
    (Interpolator "BSplineInterpolator")
    (BSplineInterpolationOrder 1)
    (ResampleInterpolator "FinalBSplineInterpolator")
    (FinalBSplineInterpolationOrder 1)
    (Resampler "DefaultResampler")
    (FixedImagePyramid "FixedSmoothingImagePyramid")
    (MovingImagePyramid "MovingSmoothingImagePyramid")
    (Optimizer "AdaptiveStochasticGradientDescent")
    (Transform "\(transform)")
    (Metric "AdvancedMattesMutualInformation")
    (AutomaticScalesEstimation "true")
    (AutomaticTransformInitialization "false")
    (HowToCombineTransforms "Compose")
    (NumberOfHistogramBins 32)
    (NumberOfResolutions \(resolutions))
    (ImagePyramidSchedule 8 8 8 4 4 4 2 2 2 1 1 1)
    (MaximumNumberOfIterations \(iterations))
    (NumberOfSpatialSamples 4096)
    (NewSamplesEveryIteration "true")
    (ImageSampler "RandomCoordinate")
    (CheckNumberOfSamples "true")
    (RandomSeed \(seed))
    (DefaultPixelValue 0)
    (WriteResultImage "false")

    """
  }
}
