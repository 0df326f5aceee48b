import Basics
import Foundation
import Imaging
import Perfusion

/// A head of simple shapes: a shell of four, white matter of one, two deep nuclei, a tilted rim, in
/// water of 0.15 per cm. `Peers/camera.py` makes the same.
struct CameraHead {
  let acquisition: Acquisition
  /// Activity and μ per cm, i fastest.
  let activity: [Float]
  let attenuation: [Float]

  init(views: Int, matrix: Int, slices: Int, pixel: Double) throws {
    acquisition = try Acquisition(
      collimator: .named("symbia-lehr"), views: views, matrix: matrix, slices: slices,
      pixel: pixel)
    var activity: [Float] = []
    var attenuation: [Float] = []
    let middle = Double(matrix - 1) / 2
    for k in 0..<slices {
      let z = (Double(k) - Double(slices - 1) / 2) * pixel
      for j in 0..<matrix {
        let y = (Double(j) - middle) * pixel
        for i in 0..<matrix {
          let x = (Double(i) - middle) * pixel
          func inside(_ a: Double, _ b: Double, _ c: Double, _ px: Double, _ py: Double) -> Bool {
            let (u, v, w) = ((x - px) / a, (y - py) / b, z / c)
            return u * u + v * v + w * w <= 1
          }
          var value: Float = 0
          if inside(66.3, 82.1, 60.7, 0, 0) { value = 4 }
          if inside(56.3, 70.1, 50.7, 2.1, 0) { value = 1 }
          if inside(9.3, 13.1, 11.7, 17.3, 11.9) { value = 4 }
          if inside(9.3, 13.1, 11.7, -17.3, 11.9) { value = 2 }
          activity.append(value)
          attenuation.append(inside(78.3, 96.1, 74.7, 0, 0) ? 0.15 : 0)
        }
      }
    }
    self.activity = activity
    self.attenuation = attenuation
  }
}

/// What the camera costs: the sizes that the wanted times are stated for, and a full matrix.
func cameraCosts() throws {
  let small = try CameraHead(views: 60, matrix: 64, slices: 40, pixel: 4)
  let forward = try median(5) {
    let projector = try Projector(small.acquisition, attenuation: small.attenuation)
    _ = try projector.projected(small.activity)
  }
  row("camera forward, 64×64×40, 60 views", "\(fixed(forward * 1000, 0)) ms", "350 wanted")
  for (matrix, slices, pixel) in [(64, 48, 4.0), (128, 64, 3.32)] {
    let head = try CameraHead(views: 120, matrix: matrix, slices: slices, pixel: pixel)
    let size = "\(matrix)×\(matrix)×\(slices), 120 views"
    let counts = try cameraCounts(head)
    let fbp = try median(3) { _ = try cameraFBP(head, counts) }
    row("camera FBP + Chang, \(size)", "\(fixed(fbp * 1000, 0)) ms", "3000 wanted, 5 M counts")
    let osem = try median(3) { _ = try cameraOSEM(head, counts) }
    row("camera OSEM 4×8 with recovery, \(size)", "\(fixed(osem, 2)) s", "8 wanted")
  }
}

/// Five million counts of a head.
func cameraCounts(_ head: CameraHead) throws -> Projections {
  let expected = try Projector(head.acquisition, attenuation: head.attenuation)
    .projected(head.activity)
  return expected.scaled(by: 5e6 / expected.total).withPoissonNoise(seed: 1)
}

func cameraFBP(_ head: CameraHead, _ counts: Projections) throws -> [Float] {
  try Projector(head.acquisition, attenuation: head.attenuation, blurs: false)
    .filteredBackProjection(counts, lowPass: .usual, chang: true)
}

func cameraOSEM(_ head: CameraHead, _ counts: Projections) throws -> [Float] {
  try Projector(
    head.acquisition, attenuation: head.attenuation, keepsTransmission: true
  ).orderedSubsets(counts)
}

/// The camera's tasks of the peers' table. The forward task also says how far our projections are
/// from the peer's, which it left in a file: root mean square difference over root mean square.
func cameraPeerTask(_ task: String, _ file: String) throws {
  let start = peakMemory()
  let isForward = task == "camera-forward"
  let head = try CameraHead(
    views: isForward ? 60 : 120, matrix: 64, slices: isForward ? 40 : 48, pixel: 4)
  var note = ""
  let time: Double
  switch task {
  case "camera-forward":
    var last: Projections?
    time = try median(5) {
      last = try Projector(head.acquisition, attenuation: head.attenuation)
        .projected(head.activity)
    }
    note = "64x64x40, 60 views; "
    if let last, let peer = FileManager.default.contents(atPath: file),
      peer.count == last.values.count * 4
    {
      let theirs = peer.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      var (difference, square) = (0.0, 0.0)
      for (a, b) in zip(last.values, theirs) {
        difference += Double(a - b) * Double(a - b)
        square += Double(b) * Double(b)
      }
      note += "NRMSE to the peer \(plainNumber((difference / square).squareRoot() * 100, 6)) %"
    } else {
      note += "no projections of the peer to compare with"
    }
  case "camera-fbp":
    let counts = try cameraCounts(head)
    time = try median(5) { _ = try cameraFBP(head, counts) }
    note = "64x64x48, 120 views, 5 M counts; Butterworth 0.5/5, Chang 0"
  default:
    let counts = try cameraCounts(head)
    time = try median(3) { _ = try cameraOSEM(head, counts) }
    note = "64x64x48, 120 views, 5 M counts; 4 x 8, attenuation, recovery"
  }
  let row: [String: Any] = [
    "task": task, "tool": "boldspect", "seconds": time,
    "peak_mb": Double(peakMemory() - start) / 1e6, "note": note,
  ]
  print(String(decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self))
}
