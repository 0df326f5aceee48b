package import Basics
package import Foundation
import Glibc

/// Another program that works in a private folder: found by a stated path, ended with this one, with nothing of our
/// own surroundings, and no home that it could leave something in.
package struct ChildProgram: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Where the first of some programs is that can be had; nil where none is.
  ///
  /// - Parameters:
  ///   - names: the better first.
  ///   - folders: as PATH has them, of which a relative one counts for nothing; nothing is the system's own.
  package static func path(
    ofAny names: [String],
    in folders: String? = ProcessInfo.processInfo.environment["PATH"],
    isProgram: (String) -> Bool = { FileManager.default.isExecutableFile(atPath: $0) }
  ) -> String? {
    let stated = (folders ?? "").split(separator: ":").map(String.init)
    let places = stated.isEmpty ? ["/usr/bin"] : stated
    for name in names {
      let paths = places.filter { $0.hasPrefix("/") }.map { $0 + "/" + name }
      if let path = paths.first(where: isProgram) { return path }
    }
    return nil
  }

  /// util-linux's way to have a child ended with its parent, however that ends: the kernel sees to it.
  private static let leash = "/usr/bin/setpriv"

  /// Runs it to its end, which is also a person who cancels, or the end of its time.
  ///
  /// - Parameters:
  ///   - more: what to do where the time is up.
  ///   - output: is given what the program prints, on a thread of its own; nil lets it go.
  ///   - tick: called about twenty times a second.
  /// - Returns: its exit status.
  package func run(
    _ arguments: [String], in folder: PrivateFolder, secondsAllowed: Double, more: String? = nil,
    output: (@Sendable (Data) -> Void)? = nil, progress: WorkProgress, tick: () -> Void = {}
  ) throws(Problem) -> Int32 {
    let process = child(arguments, in: folder.path)
    let pipe = output.map { _ in Pipe() }
    process.standardOutput = pipe ?? FileHandle.nullDevice
    if let output {
      pipe?.fileHandleForReading.readabilityHandler = { output($0.availableData) }
    }
    do { try process.run() } catch {
      throw Problem(.unavailable, fileName(path), "it cannot be started")
    }
    PrivateFolder.began(process.processIdentifier)
    defer { PrivateFolder.ended(process.processIdentifier) }
    let problem = supervise(process, secondsAllowed, more, progress, tick)
    process.waitUntilExit()
    pipe?.fileHandleForReading.readabilityHandler = nil
    if let problem { throw problem }
    return process.terminationStatus
  }

  private func child(_ arguments: [String], in folder: String) -> Process {
    let process = Process()
    if FileManager.default.isExecutableFile(atPath: Self.leash) {
      process.executableURL = URL(filePath: Self.leash)
      process.arguments = ["--pdeathsig", "KILL", path] + arguments
    } else {
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  /// - Returns: why it was ended; nil when it ended by itself.
  private func supervise(
    _ process: Process, _ secondsAllowed: Double, _ more: String?, _ progress: WorkProgress,
    _ tick: () -> Void
  ) -> Problem? {
    let end = DispatchTime.now() + secondsAllowed
    while process.isRunning {
      usleep(50_000)
      tick()
      var problem: Problem?
      if progress.isCancelled() {
        problem = .cancelled
      } else if DispatchTime.now() > end {
        problem = Problem(
          .unavailable, fileName(path),
          "it did not end within \(plainNumber(secondsAllowed, 0)) s and was stopped", remedy: more)
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
