package import Basics
import Foundation
import ImageFiles
package import Imaging
import Synchronization

/// Runs elastix as a child in a private folder.
package enum Elastix {
  /// Where it is; refused when it is not installed.
  package static func executable() throws(Problem) -> String {
    let folders =
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
      + ["/usr/bin"]
    for folder in folders where folder.hasPrefix("/") {
      let path = folder + "/elastix"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw Problem(
      .unavailable, "elastix", "it is not installed", expected: "Debian's package elastix",
      remedy: "Install it, or bring a matrix in with `boldspect transform import`")
  }

  /// The map from FIXED's points to MOVING's, both RAS+ mm.
  ///
  /// - Parameters:
  ///   - masks: where each of the two is looked at; nil for everywhere.
  ///   - effort: how long it looks.
  ///   - secondsAllowed: after which the child is stopped.
  package static func movingFromFixed(
    moving: Volume, fixed: Volume, masks: (moving: Volume?, fixed: Volume?) = (nil, nil),
    _ kind: RegistrationKind, effort: ElastixParameters = .full, secondsAllowed: Double,
    progress: WorkProgress
  ) throws(Problem) -> Affine {
    let program = try executable()
    let own = try PrivateFolder()
    defer { own.remove() }
    let folder = own.path
    progress.report("writing images", 0)
    try MetaImage.write(fixed, to: folder + "/fixed.mha")
    try MetaImage.write(moving, to: folder + "/moving.mha")
    var arguments = ["-f", "fixed.mha", "-m", "moving.mha", "-out", ".", "-threads", "2"]
    for (option, name, mask) in [
      ("-fMask", "fixed-mask.mha", masks.fixed), ("-mMask", "moving-mask.mha", masks.moving),
    ] {
      guard let mask else { continue }
      try MetaImage.write(mask, to: folder + "/" + name)
      arguments += [option, name]
    }
    for (n, stage) in kind.stages.enumerated() {
      try AtomicFile.write(
        folder + "/p\(n).txt", Array(effort.text(stage).utf8), overwrite: false)
      arguments += ["-p", "p\(n).txt"]
    }
    try run(
      program, arguments, in: folder, kind.stages.count * effort.steps, secondsAllowed, progress)
    var pull = Affine.identity
    for n in kind.stages.indices {
      let stage = try ElastixResult.affine(
        try readTextFile(folder + "/TransformParameters.\(n).txt"))
      pull = stage.composed(after: pull)
    }
    return pull.withFlippedXY
  }

  /// util-linux's way to have a child ended with its parent, however that ends: the kernel sees to it.
  private static let leash = "/usr/bin/setpriv"

  private static func run(
    _ program: String, _ arguments: [String], in folder: String, _ steps: Int,
    _ secondsAllowed: Double, _ progress: WorkProgress
  ) throws(Problem) {
    let process = child(program, arguments, in: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    let iterations = IterationCounter()
    pipe.fileHandleForReading.readabilityHandler = { iterations.read($0.availableData) }
    do { try process.run() } catch {
      throw Problem(.unavailable, "elastix", "it cannot be started")
    }
    PrivateFolder.began(process.processIdentifier)
    defer { PrivateFolder.ended(process.processIdentifier) }
    let problem = supervise(process, secondsAllowed, progress) {
      Double(iterations.count) / Double(steps)
    }
    process.waitUntilExit()
    pipe.fileHandleForReading.readabilityHandler = nil
    if let problem { throw problem }
    guard process.terminationStatus == 0 else {
      throw Problem(
        .data, "elastix", "it found no registration (status \(process.terminationStatus))",
        expected: "two images of one head that overlap",
        remedy: "Look at both images, or bring a matrix in with `boldspect transform import`")
    }
  }

  /// The child as it will be started: on the leash where there is one, with nothing of our own environment.
  private static func child(
    _ program: String, _ arguments: [String], in folder: String
  ) -> Process {
    let process = Process()
    if FileManager.default.isExecutableFile(atPath: leash) {
      process.executableURL = URL(filePath: leash)
      process.arguments = ["--pdeathsig", "KILL", program] + arguments
    } else {
      process.executableURL = URL(filePath: program)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": folder]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  /// Reports until the child ends, and ends it when the person cancels or its time is up.
  ///
  /// - Returns: why it was ended; nil when it ended by itself.
  private static func supervise(
    _ process: Process, _ secondsAllowed: Double, _ progress: WorkProgress,
    partDone: () -> Double
  ) -> Problem? {
    let end = DispatchTime.now() + secondsAllowed
    while process.isRunning {
      usleep(50_000)
      progress.report("registering", min(0.99, partDone()))
      var problem: Problem?
      if progress.isCancelled() {
        problem = .cancelled
      } else if DispatchTime.now() > end {
        problem = Problem(
          .unavailable, "elastix",
          "it did not end within \(plainNumber(secondsAllowed, 0)) s and was stopped",
          remedy: "Allow more with --time-limit")
      }
      guard let problem else { continue }
      process.terminate()
      usleep(200_000)
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      return problem
    }
    return nil
  }
}

/// How many iterations elastix has told of: the lines that begin with a number. Nothing of them is shown.
private final class IterationCounter: Sendable {
  private struct State {
    var count = 0
    /// The beginning of the line that has not ended.
    var line: [UInt8] = []
  }
  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }

  func read(_ bytes: Data) {
    state.withLock { state in
      for byte in bytes {
        if byte == UInt8(ascii: "\n") {
          if let first = state.line.first, (48...57).contains(first) { state.count += 1 }
          state.line.removeAll(keepingCapacity: true)
        } else if state.line.count < 8 {
          state.line.append(byte)
        }
      }
    }
  }
}
