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
  /// - Parameter secondsAllowed: after which the child is stopped.
  package static func movingFromFixed(
    moving: Volume, fixed: Volume, _ kind: RegistrationKind, secondsAllowed: Double,
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
    for (n, stage) in kind.stages.enumerated() {
      try AtomicFile.write(
        folder + "/p\(n).txt", Array(ElastixParameters.text(stage).utf8), overwrite: false)
      arguments += ["-p", "p\(n).txt"]
    }
    try run(program, arguments, in: folder, kind, secondsAllowed, progress)
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
    _ program: String, _ arguments: [String], in folder: String, _ kind: RegistrationKind,
    _ secondsAllowed: Double, _ progress: WorkProgress
  ) throws(Problem) {
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
    let pipe = Pipe()
    process.standardOutput = pipe
    // Lines of iterations begin with their number; they alone are counted, nothing of them is shown.
    let counted = Mutex<(lines: Int, rest: [UInt8])>((0, []))
    pipe.fileHandleForReading.readabilityHandler = { handle in
      let bytes = [UInt8](handle.availableData)
      counted.withLock { state in
        for byte in bytes {
          if byte == 10 {
            if let first = state.rest.first, first >= 48, first <= 57 { state.lines += 1 }
            state.rest.removeAll(keepingCapacity: true)
          } else if state.rest.count < 8 {
            state.rest.append(byte)
          }
        }
      }
    }
    do { try process.run() } catch {
      throw Problem(.unavailable, "elastix", "it cannot be started")
    }
    PrivateFolder.began(process.processIdentifier)
    defer { PrivateFolder.ended(process.processIdentifier) }
    let total = Double(
      kind.stages.count * ElastixParameters.resolutions * ElastixParameters.iterations)
    let end = DispatchTime.now() + secondsAllowed
    var problem: Problem?
    while process.isRunning {
      usleep(50_000)
      progress.report("registering", min(0.99, Double(counted.withLock { $0.lines }) / total))
      if progress.isCancelled() {
        problem = .cancelled
      } else if DispatchTime.now() > end {
        problem = Problem(
          .unavailable, "elastix",
          "it did not end within \(plainNumber(secondsAllowed, 0)) s and was stopped",
          remedy: "Allow more with --time-limit")
      }
      if problem != nil {
        process.terminate()
        usleep(200_000)
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        break
      }
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
}
