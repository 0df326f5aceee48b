import Basics
import Synchronization
import Testing
import ViewerRuntime

/// What is taken away is named, with what mends it.
@Suite struct DoctorTests {
  static let whole = DoctorMachine(
    environment: [
      "TERM": "xterm-kitty", "COLORTERM": "truecolor", "LANG": "en_GB.UTF-8", "PATH": "/usr/bin",
      "HOME": "/home/a",
    ], isTerminal: true, isThere: { _ in true }, isProgram: { _ in true },
    libraryProblem: { _ in nil }, isWritable: { _ in true }, availableBytes: 8 << 30)

  @Test func nothingLacksOnAWholeMachine() {
    let doctor = Doctor(Self.whole)
    #expect(doctor.findings.allSatisfy { $0.state == .fine && $0.remedy == nil })
    #expect(doctor.findings.count >= 13)
    #expect(!doctor.lacksNeeded)
  }

  /// What is taken, the finding that names it, a part of its remedy, and whether commands stop without it.
  static let taken: [(String, @Sendable (inout DoctorMachine) -> Void, String, Bool)] = [
    ("terminal", { $0.environment["TERM"] = "dumb" }, "export TERM", false),
    ("terminal", { $0.isTerminal = false }, "boldspect snapshot", false),
    ("colours", { $0.environment["NO_COLOR"] = "1" }, "unset NO_COLOR", false),
    (
      "colours",
      { machine in
        machine.environment["TERM"] = "xterm"
        machine.environment["COLORTERM"] = nil
      }, "COLORTERM=truecolor", false
    ),
    ("graphics", { $0.environment["TMUX"] = "/tmp/x" }, "outside of tmux", false),
    ("locale", { $0.environment["LC_ALL"] = "C" }, "LC_ALL=C.UTF-8", false),
    (
      "library DICOM", { $0.libraryProblem = { $0.contains("dicom") ? "gone" : nil } },
      "apt install", true
    ),
    (
      "library HDF5", { $0.libraryProblem = { $0.contains("hdf5") ? "gone" : nil } }, "apt install",
      true
    ),
    ("DICOM dictionary", { $0.isThere = { !$0.contains("dcmtk") } }, "libdcmtk17", true),
    ("elastix", { $0.isProgram = { !$0.hasSuffix("/elastix") } }, "apt install elastix", false),
    (
      "PDF", { $0.isProgram = { !$0.hasSuffix("/chromium") && !$0.hasSuffix("/weasyprint") } },
      "weasyprint", false
    ),
    ("atlases", { $0.isThere = { !$0.contains("mricron") } }, "mricron-data", false),
    ("fonts", { $0.isThere = { !$0.contains("DejaVu") } }, "fonts-dejavu-core", true),
    ("memory", { $0.availableBytes = 200 << 20 }, "ulimit", true),
    (
      "state folder", { $0.isWritable = { !$0.contains("state") } }, "XDG_STATE_HOME", false
    ),
  ]

  @Test(arguments: taken.indices)
  func whatIsTakenAwayIsNamed(_ n: Int) {
    let (name, take, remedy, isNeeded) = Self.taken[n]
    var machine = Self.whole
    take(&machine)
    let doctor = Doctor(machine)
    let lacking = doctor.findings.filter { $0.state != .fine }
    #expect(lacking.map(\.name).contains(name))
    #expect(lacking.allSatisfy { $0.remedy?.isEmpty == false })
    #expect(lacking.first { $0.name == name }?.remedy?.contains(remedy) == true)
    #expect(doctor.lacksNeeded == isNeeded)
    #expect(doctor.text.contains("mend: "))
  }
}
