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
package struct ElastixParameters: Sendable {
  package static let seed = 20_261

  /// By how much each image of the pyramid is smoothed, in voxels.
  let pyramid: [Int]
  let iterations: Int

  /// What a registration is found with.
  package static let full = ElastixParameters(pyramid: [8, 4, 2, 1], iterations: 300)
  /// What tells whether another start ends elsewhere.
  package static let quick = ElastixParameters(pyramid: [8, 4, 2], iterations: 200)

  var steps: Int { pyramid.count * iterations }

  package func text(_ transform: String) -> String {
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
    (NumberOfResolutions \(pyramid.count))
    (ImagePyramidSchedule \(pyramid.map { "\($0) \($0) \($0)" }.joined(separator: " ")))
    (MaximumNumberOfIterations \(iterations))
    (NumberOfSpatialSamples 4096)
    (NewSamplesEveryIteration "true")
    (ImageSampler "RandomCoordinate")
    (CheckNumberOfSamples "true")
    (RandomSeed \(Self.seed))
    (DefaultPixelValue 0)
    (WriteResultImage "false")

    """
  }
}
