import Basics
import Connectivity
import Dispatch
import Foundation
import Imaging
import Phantoms
import Synchronization
import Targeting

/// What a search said of one made-up person, and what is true.
struct HonestTarget: Sendable {
  var request: PhantomRequest
  var truth: WorldPoint?
  var isSelected: Bool
  var p: Double
  var point: WorldPoint?
  var centre: WorldPoint?
  var confidence: TargetConfidence?
  var controlCount: Int
  var controlShare: Double
  var degreesOfFreedom: Int
  var seconds: Double

  var error: Double? {
    guard let truth, let point else { return nil }
    return point.distance(to: truth)
  }
  var isCovered: Bool {
    guard let error, let radius = confidence?.radius95Millimetres else { return false }
    return error <= radius
  }

  /// Cleans and searches as the program does by itself, with 24 motion columns and nothing censored.
  init(_ request: PhantomRequest, _ settings: TargetProtocol) throws {
    self.request = request
    let start = Date()
    let person = PhantomPerson(request)
    truth = person.truth
    let table = Confounds(
      names: person.motion.map(\.name), columns: person.motion.map(\.values))
    let columns = try table.selected(
      NuisancePreset.twentyFour.columnNames(in: table, file: "phantom"),
      frameCount: person.run.frameCount, file: "phantom")
    let reduced = try ReducedSeries(
      person.run,
      Denoising(
        removesGlobalSignal: settings.removesGlobalSignal, confounds: columns,
        smoothingFWHM: settings.smoothingFWHM))
    var result = try searchTargets(
      reduced, settings, greyMatter: nil, atlas: nil, progress: .silent)
    // Without a p of at most 0.05 nothing is selected, whatever halves and redrawn maps say.
    if result.candidates.first.map({ $0.regionWideP <= 0.05 }) == true {
      result = try result.confirmed(reduced, settings)
    }
    isSelected = result.selected != nil
    p = result.candidates.first?.regionWideP ?? 1
    point = result.candidates.first?.point
    centre = result.centre
    confidence = result.confidence
    controlCount = result.null.controlCount
    controlShare = result.null.controlShare
    degreesOfFreedom = result.map.degreesOfFreedom
    seconds = Date().timeIntervalSince(start)
  }
}

/// The people of the table, drawn at random with a fixed seed, so that every prefix holds a little of all.
///
/// A little more than half have no site. Sites have r 0.2, 0.35 or 0.5 and more over 1 cm³.
func honestRequests(_ people: Int) -> [PhantomRequest] {
  var random = SeededGenerator(seed: 2027)
  func one<T>(_ values: [T]) -> T {
    values[min(values.count - 1, Int(random.uniform() * Double(values.count)))]
  }
  let structures = PhantomStructure.allCases
  return (0..<people).map { n in
    let hasSite = random.uniform() < 0.47
    let coupling = hasSite ? one([0.2, 0.2, 0.2, 0.35, 0.35, 0.35, 0.5, 0.5, 0.5, 0.5]) : 0
    var minutes = one([6.0, 12, 24, 40])
    if hasSite, random.uniform() < 0.04 { minutes = 3 }
    let voxels =
      hasSite
      ? [2.0, 2, 2, 2.5, 2.5, 2.5, 3, 3, 3, 4, 4, 4] : [2.0, 2.5, 2.5, 3, 3, 3, 3, 4, 4, 4, 4, 4]
    return PhantomRequest(
      seed: UInt64(n) + 2_000_000, structure: one(structures + structures.filter(\.isHeldOut)),
      minutes: minutes, voxelMillimetres: one(voxels), coupling: coupling,
      repetitionTimeSeconds: minutes >= 40 ? 3 : minutes >= 24 ? 2.5 : 2)
  }
}

/// Prints how often a 95 % radius holds the site, and how often people without one get a target.
func honestyOfTargets(people: Int, dump: String?) throws {
  var settings = TargetProtocol()
  settings.surrogateCount = 499
  let chosen = settings
  let requests = honestRequests(people)
  let found = Mutex<[Int: HonestTarget]>([:])
  var all: [HonestTarget] = []
  for start in stride(from: 0, to: people, by: 100) {
    DispatchQueue.concurrentPerform(iterations: min(100, people - start)) { n in
      do {
        let one = try HonestTarget(requests[start + n], chosen)
        found.withLock { $0[start + n] = one }
      } catch { print("person \(start + n): \(error)") }
    }
    all = requests.indices.compactMap { n in found.withLock { $0[n] } }
    if let dump {
      try all.map(\.line).joined().write(toFile: dump, atomically: true, encoding: .utf8)
    }
  }
  honestyTable(all)
}

extension HonestTarget {
  /// Everything that a radius is made of, tab-separated, for choosing its constants.
  var line: String {
    func p(_ p: WorldPoint) -> String {
      [p.x, p.y, p.z].map { String(format: "%.2f", $0) }.joined(separator: " ")
    }
    let c = confidence
    let cells: [String] = [
      request.structure.rawValue, plainNumber(request.minutes),
      plainNumber(request.voxelMillimetres), plainNumber(request.coupling, 2),
      isSelected ? "1" : "0", plainNumber(self.p, 4), truth.map(p) ?? "-", point.map(p) ?? "-",
      centre.map(p) ?? "-", plainNumber(c?.splitMillimetres ?? 99, 2),
      plainNumber(c?.radius95Millimetres ?? 99, 2), "\(controlCount)",
      plainNumber(controlShare, 3), plainNumber(seconds, 2), "\(degreesOfFreedom)", "0",
      (c?.redrawn ?? []).map(p).joined(separator: ";"),
    ]
    return cells.joined(separator: "\t") + "\n"
  }
}
