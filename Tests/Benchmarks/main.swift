import Basics
import CellUI
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Registration
import Viewer

// Prints one table: what a step costs and how that compares with the machine's own limit, measured
// in the same run. Not a test: nothing here passes or fails.

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "open" {
  try openAndReport(arguments[2], mask: arguments[3])
  exit(0)
}
if arguments.count == 4, arguments[1] == "measure" {
  try measureAndReport(arguments[2], mask: arguments[3])
  exit(0)
}
if arguments.count == 4, arguments[1] == "peers" {
  try peerTable(arguments[2], arguments[3])
  exit(0)
}
if arguments.count == 5, arguments[1] == "peer-task" {
  try peerTask(arguments[2], arguments[3], arguments[4])
  exit(0)
}
if arguments.count == 4, arguments[1] == "targets", let count = Int(arguments[2]),
  let coupling = Double(arguments[3])
{
  try targetBenchmark(count, coupling: coupling)
  exit(0)
}
if arguments.count > 1, arguments[1] == "honesty" {
  exit(try honesty(Array(arguments.dropFirst(2))) ? 0 : 64)
}
if arguments.count == 2, arguments[1] == "camera" {
  try cameraCosts()
  exit(0)
}
if arguments.count == 2, arguments[1] == "averaging" {
  try averagingCosts()
  exit(0)
}
if arguments.count == 4, arguments[1] == "averaging-task" {
  try averagingPeerTask(arguments[2], arguments[3])
  exit(0)
}
if arguments.count == 4, arguments[1] == "camera-task" {
  try cameraPeerTask(arguments[2], arguments[3])
  exit(0)
}
if arguments.count >= 3, arguments[1] == "registration", let trials = Int(arguments[2]) {
  var bench = RegistrationBench(trials: trials)
  if arguments.contains("provoked") { try bench.provokedFailures() } else { try bench.run() }
  exit(0)
}
if arguments.count >= 3, arguments[1] == "brains" {
  for path in arguments[2...] {
    let volume = try ImageReader.readVolume(path).volume
    for (name, image) in [
      ("as stored", volume), ("2 mm", RegistrationBench.coarse(volume, 2, fwhm: 1.5)),
    ] {
      let found = BrainFinder.brain(of: image)
      print(
        "\(fileName(path))\t\(name)\t"
          + (found.map { "\($0.kind.rawValue), \(plainNumber($0.millilitres, 0)) ml" } ?? "NONE"))
    }
  }
  exit(0)
}
if arguments.count == 4, arguments[1] == "flips", let each = Int(arguments[2]) {
  var bench = FlipBench(each: each, which: arguments[3])
  try bench.run()
  exit(0)
}
if arguments.count == 2, arguments[1] == "empty" {
  print(peakMemory())
  exit(0)
}

print("boldspect benchmark, \(ProcessInfo.processInfo.activeProcessorCount) cores, medians")
let bandwidth = measureBandwidth()
row("memory bandwidth, reading 1 GiB", "\(fixed(bandwidth / 1e9, 1)) GB/s", "")
try seedMapAtHCPSize(bandwidth)
try exponents()
try keyToBytes()
try liveTargets()
try cameraCosts()
try averagingCosts()
if arguments.count >= 2 { try openingCost(arguments[1]) }
if arguments.contains("--hcp") { try hcpMemory() }

/// Reads files of HCP size from disk and says what stays in memory.
func openAndReport(_ path: String, mask: String) throws {
  let start = peakMemory()
  let given = try ImageReader.readVolume(mask).volume
  let run = try ImageReader.readRun(
    path,
    mask: { (d) throws(Problem) in Mask(grid: d.grid, origin: "given") { given.values[$0] > 0 } }
  ).run
  let reduced = try ReducedSeries(run, Denoising())
  let seed = Seed.sphere(centre: WorldPoint(0, -52, 26), radius: 6, name: nil)
  let map = try reduced.seedMap(seed)
  let kept = run.samples.bytes.count + reduced.coordinateBytes
  print("\(start) \(peakMemory()) \(kept) \(map.degreesOfFreedom)")
}
