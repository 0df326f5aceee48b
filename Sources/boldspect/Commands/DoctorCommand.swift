import ArgumentParser
import Basics
import Imaging
import Reports
import ViewerRuntime

/// `boldspect doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "What is there of what the program uses, and what mends each lack.")

  @Flag(help: envelopeHelp)
  var json = false

  func run() throws {
    let doctor = Doctor()
    try printResult(json ? CommandAnswer("doctor", result: doctor.result).json.text : doctor.text)
    if doctor.lacksNeeded {
      throw Problem(.unavailable, "doctor", "something is missing that whole commands need")
    }
  }
}
