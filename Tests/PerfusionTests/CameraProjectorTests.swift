import Basics
import Foundation
import Imaging
import Perfusion
import TestSupport
import Testing

/// The camera's matrix, by itself; numbers T18 to T26 of the physics notes.
@Suite struct CameraProjectorTests {
  /// T18: system FWHM in mm at 0, 50, 100, 130, 150 and 200 mm.
  static let widths: [(name: String, fwhm: [Double])] = [
    ("symbia-lehr", [3.96, 5.16, 6.99, 8.22, 9.08, 11.28]),
    ("ecam-leuhr", [3.97, 4.73, 5.86, 6.65, 7.20, 8.65]),
    ("ge-lehr", [4.09, 5.29, 7.00, 8.13, 8.91, 10.93]),
    ("prism-leuhr", [4.05, 5.13, 6.68, 7.72, 8.44, 10.31]),
    ("mediso-leuhr", [4.05, 4.96, 6.25, 7.13, 7.74, 9.33]),
    ("symbia-leap", [4.07, 5.93, 8.55, 10.25, 11.42, 14.38]),
  ]

  @Test func collimatorTable() throws {
    for (name, expected) in Self.widths {
      let collimator = try Collimator.named(name)
      for (distance, fwhm) in zip([0.0, 50, 100, 130, 150, 200], expected) {
        #expect(
          abs(collimator.fwhm(atDistance: distance) - fwhm) < 0.006, "\(name) at \(distance)")
      }
    }
    let linear = Collimator(name: "linear", slope: 0.0163, atFace: 1.466, intrinsic: 0)
    for (distance, fwhm) in zip(
      [0.0, 50, 100, 130, 150, 200], [3.45, 5.37, 7.29, 8.44, 9.21, 11.13])
    {
      #expect(abs(linear.fwhm(atDistance: distance) - fwhm) < 0.006)
    }
    #expect(throws: Problem.self) { try Collimator.named("leap-of-faith") }
  }

  /// T19: ⟨A x, y⟩ = ⟨x, A' y⟩ on random x and y, with attenuation and blur on and off.
  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func transposeIsExact(_ attenuates: Bool, _ blurs: Bool) throws {
    // Odd sizes, a field that the orbit cuts, and slices that fill no vector.
    for (matrix, slices, radius) in [(33, 11, 150.0), (48, 21, 61)] {
      let a = try CameraObject.acquisition(
        views: 14, matrix: matrix, slices: slices, radius: radius)
      let mu = CameraObject.uniform(a.imageCount, seed: 3).map { $0 * 0.3 }
      let projector = try Projector(a, attenuation: attenuates ? mu : nil, blurs: blurs)
      let x = CameraObject.uniform(a.imageCount, seed: 5)
      let y = CameraObject.uniform(a.views * matrix * slices, seed: 7)
      let forward = try projector.projected(x)
      let back = try projector.backProjected(Projections(a, values: y))
      let (left, right) = (CameraObject.dot(forward.values, y), CameraObject.dot(x, back))
      #expect(abs(left - right) <= 1e-7 * abs(left), "\(left) and \(right)")
      // Single entries of the matrix, both ways: sums alone could hide a mirrored pair.
      for n in 0..<6 {
        let voxel = a.imageCount / 2 + a.matrix / 3 * (n - 3) + a.matrix * 3 * n
        let pixel = (n * 2 * matrix + matrix / 2 + n) * slices + slices / 2 - n / 2
        var one = [Float](repeating: 0, count: x.count)
        one[voxel] = 1
        var other = [Float](repeating: 0, count: y.count)
        other[pixel] = 1
        let entry = try projector.projected(one).values[pixel]
        let mirrored = try projector.backProjected(Projections(a, values: other))[voxel]
        #expect(abs(entry - mirrored) <= 1e-6 * max(entry, 1e-3))
      }
    }
  }

  /// T20: without attenuation every view holds the whole activity.
  @Test func viewsHoldTheWholeActivity() throws {
    let a = try CameraObject.acquisition(views: 24, matrix: 64, slices: 40)
    let image = CameraObject.image(a) { x, y, z in
      exp(-(pow(x - 30, 2) + pow(y + 20, 2)) / 900 - z * z / 400)
    }
    let sum = image.reduce(0.0) { $0 + Double($1) }
    for blurs in [false, true] {
      let p = try Projector(a, attenuation: nil, blurs: blurs).projected(image)
      for view in 0..<a.views { #expect(abs(p.total(view: view) / sum - 1) < 1e-3) }
    }
  }

  /// Where a point lands: columns, rows, order of the views, and how wide at its distance.
  @Test func aPointLandsWhereTheGeometrySays() throws {
    let a = try CameraObject.acquisition(views: 8, matrix: 65, slices: 33)
    // (x, y, z) = (40, −60, 24) mm, centres of voxels.
    let image = CameraObject.image(a) { x, y, z in x == 40 && y == -60 && z == 24 ? 1 : 0 }
    let p = try Projector(a, attenuation: nil).projected(image)
    for view in 0..<8 {
      let angle = Double(view) * .pi / 4
      let (c, s) = (cos(angle), sin(angle))
      let (column, depth) = (40 * c + 60 * s, 40 * s - 60 * c)
      var moments = (0.0, 0.0, 0.0, 0.0, 0.0)
      for u in 0..<65 {
        for k in 0..<33 {
          let v = Double(p.values[(view * 65 + u) * 33 + k])
          let (x, z) = ((Double(u) - 32) * 4, (Double(k) - 16) * 4)
          moments = (
            moments.0 + v, moments.1 + v * x, moments.2 + v * z, moments.3 + v * x * x,
            moments.4 + v * z * z
          )
        }
      }
      let (x, z) = (moments.1 / moments.0, moments.2 / moments.0)
      #expect(abs(x - column) < 0.4, "column of view \(view)")
      #expect(abs(z - 24) < 0.01, "row of view \(view)")
      // The camera at angle 0 stands anterior: a posterior point is far from it and wide.
      let spread = (moments.4 / moments.0 - z * z).squareRoot()
      let expected = a.collimator.fwhm(atDistance: 150 - depth) / 2.35482
      #expect(abs(spread / expected - 1) < 0.02, "width of view \(view)")
    }
  }

  /// The near side is weakened less, by as much as lies before it.
  @Test func attenuationLiesBetweenPointAndCamera() throws {
    let a = try CameraObject.acquisition(views: 4, matrix: 65, slices: 9)
    let water = CameraObject.image(a) { x, y, _ in abs(x) <= 82 && abs(y) <= 82 ? 0.15 : 0 }
    let point = CameraObject.image(a) { x, y, z in x == 20 && y == 40 && z == 0 ? 1 : 0 }
    let p = try Projector(a, attenuation: water, blurs: false).projected(point)
    // Anterior 42 mm of water, right 62, posterior 122, left 102; to the middle of the voxel.
    for (view, path) in [4.2, 6.2, 12.2, 10.2].enumerated() {
      #expect(abs(p.total(view: view) - exp(-0.15 * path)) < 1e-5, "view \(view)")
    }
  }

  /// T21: Chang's factor in the middle of a disc is e^μR.
  @Test func changFactorOfADisc() throws {
    for (mu, factor) in [(0.15, 3.857), (0.12, 2.945), (0.11, 2.691)] {
      let a = try CameraObject.acquisition(matrix: 64, slices: 3)
      let projector = try Projector(
        a, attenuation: CameraObject.cylinder(a, radius: 90, value: mu))
      let factors = projector.changFactors()
      let middle = factors[64 * (31 + 64) + 31]
      #expect(abs(Double(middle) / factor - 1) < 0.01, "\(middle)")
      #expect(factors[64 * (31 + 64) + 60] == 1)
    }
    // A disc beside the axis: the same in its own middle, 40 mm right and 24 mm back.
    let a = try CameraObject.acquisition(matrix: 65, slices: 1)
    let aside = CameraObject.image(a) { x, y, _ in hypot(x - 40, y + 24) <= 62 ? 0.15 : 0 }
    let middle = try Projector(a, attenuation: aside).changFactors()[65 * 26 + 42]
    #expect(abs(Double(middle) / exp(0.15 * 6.2) - 1) < 0.02, "\(middle)")
  }

  @Test func attenuationOfNoTissueIsRefused() throws {
    let a = try CameraObject.acquisition(views: 4, matrix: 16, slices: 1)
    for value in [-0.1, 0.6, .nan, .infinity] as [Float] {
      #expect(throws: Problem.self) {
        try Projector(a, attenuation: [Float](repeating: value, count: a.imageCount))
      }
    }
    #expect(throws: Problem.self) { try CameraObject.acquisition(views: 2, slices: 1) }
    #expect(throws: Problem.self) { try CameraObject.acquisition(slices: 1, radius: .nan) }
  }

  @Test func workStopsWhenAsked() throws {
    let a = try CameraObject.acquisition(views: 40, matrix: 16, slices: 2)
    let stop = WorkProgress(report: { _, _ in }, isCancelled: { true })
    let projector = try Projector(a, attenuation: nil)
    let image = [Float](repeating: 1, count: a.imageCount)
    let p = try projector.projected(image)
    #expect(throws: Problem.cancelled) { try projector.projected(image, progress: stop) }
    #expect(throws: Problem.cancelled) { try projector.backProjected(p, progress: stop) }
    #expect(throws: Problem.cancelled) {
      try projector.filteredBackProjection(p, lowPass: .none, chang: false, progress: stop)
    }
    #expect(throws: Problem.cancelled) { try projector.orderedSubsets(p, progress: stop) }
  }
}

/// Against another program's projections of the same head.
@Suite struct CameraReferenceTests {
  struct Reference: Decodable {
    var views: Int
    var matrix: Int
    var slices: Int
    var pixel: Double
    var projections: [Float]
  }

  @Test func projectionsAreThoseOfThePeer() throws {
    let url = RealData.project.appending(path: "Tests/Reference/camera.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    let a = try CameraObject.acquisition(
      views: reference.views, matrix: reference.matrix, slices: reference.slices,
      pixel: reference.pixel)
    func inside(
      _ x: Double, _ y: Double, _ z: Double, _ a: Double, _ b: Double, _ c: Double,
      _ px: Double = 0, _ py: Double = 0
    ) -> Bool {
      let (u, v, w) = ((x - px) / a, (y - py) / b, z / c)
      return u * u + v * v + w * w <= 1
    }
    let activity = CameraObject.image(a) { x, y, z in
      if inside(x, y, z, 9.3, 13.1, 11.7, -17.3, 11.9) { return 2 }
      if inside(x, y, z, 9.3, 13.1, 11.7, 17.3, 11.9) { return 4 }
      if inside(x, y, z, 56.3, 70.1, 50.7, 2.1, 0) { return 1 }
      return inside(x, y, z, 66.3, 82.1, 60.7) ? 4 : 0
    }
    let water = CameraObject.image(a) { x, y, z in inside(x, y, z, 78.3, 96.1, 74.7) ? 0.15 : 0 }
    let p = try Projector(a, attenuation: water).projected(activity)
    #expect(p.values.count == reference.projections.count)
    var (difference, square) = (0.0, 0.0)
    for (ours, theirs) in zip(p.values, reference.projections) {
      difference += Double(ours - theirs) * Double(ours - theirs)
      square += Double(theirs) * Double(theirs)
    }
    let error = (difference / square).squareRoot()
    #expect(error < 1e-3, "NRMSE \(error)")
  }
}
