package import Basics
import Foundation
import ImageFiles
package import Imaging
import Synchronization

/// Runs elastix as a child in a private folder.
package enum Elastix {
  /// Where it is; refused when it is not installed.
  package static func executable() throws(Problem) -> String {
    if let path = ChildProgram.path(ofAny: ["elastix"]) { return path }
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
      program, arguments, in: own, kind.stages.count * effort.steps, secondsAllowed, progress)
    var pull = Affine.identity
    for n in kind.stages.indices {
      let stage = try ElastixResult.affine(
        try readTextFile(folder + "/TransformParameters.\(n).txt"))
      pull = stage.composed(after: pull)
    }
    return pull.withFlippedXY
  }

  private static func run(
    _ program: String, _ arguments: [String], in folder: PrivateFolder, _ steps: Int,
    _ secondsAllowed: Double, _ progress: WorkProgress
  ) throws(Problem) {
    let iterations = IterationCounter()
    let status = try ChildProgram(program).run(
      arguments, in: folder, secondsAllowed: secondsAllowed, more: "Allow more with --time-limit",
      output: { iterations.read($0) }, progress: progress
    ) { progress.report("registering", min(0.99, Double(iterations.count) / Double(steps))) }
    guard status == 0 else {
      throw Problem(
        .data, "elastix", "it found no registration (status \(status))",
        expected: "two images of one head that overlap",
        remedy: "Look at both images, or bring a matrix in with `boldspect transform import`")
    }
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
