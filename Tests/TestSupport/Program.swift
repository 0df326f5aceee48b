package import Foundation

/// The built program, run as a person would run it.
package enum Program {
  package struct Result {
    package var status: Int32
    package var output: String
    package var errors: String
  }

  /// Beside the tests' own executable.
  package static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "boldspect")

  /// What is kept between runs is of these tests, not of whoever runs them.
  private static let state =
    NSTemporaryDirectory() + "boldspect-test-state-\(ProcessInfo.processInfo.processIdentifier)"

  /// - Parameters:
  ///   - input: what comes on standard input; nil for nothing.
  ///   - place: the folder that it runs in; nil for this one.
  package static func run(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
    in place: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    if let place { process.currentDirectoryURL = URL(filePath: place) }
    var variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if environment["XDG_STATE_HOME"] == nil, environment["HOME"] == nil {
      variables["XDG_STATE_HOME"] = state
    }
    process.environment = variables
    let folder = FileManager.default.temporaryDirectory
    let out = folder.appending(path: "boldspect-\(UUID().uuidString).out")
    let err = folder.appending(path: "boldspect-\(UUID().uuidString).err")
    for file in [out, err] { try Data().write(to: file) }
    defer { for file in [out, err] { try? FileManager.default.removeItem(at: file) } }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    let typed = folder.appending(path: "boldspect-\(UUID().uuidString).in")
    defer { try? FileManager.default.removeItem(at: typed) }
    if let input {
      try Data(input.utf8).write(to: typed)
      process.standardInput = try FileHandle(forReadingFrom: typed)
    }
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationReason == .exit ? process.terminationStatus : -1,
      output: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: err), as: UTF8.self))
  }
}
