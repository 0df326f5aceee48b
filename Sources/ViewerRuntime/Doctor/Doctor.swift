package import Basics
import Foundation
import Glibc
import ImageFiles
import Records
import Reports
import Study

/// The machine as far as the program looks at it; a test takes things away from it.
package struct DoctorMachine: Sendable {
  package var environment: [String: String]
  /// Whether standard input and output are a terminal.
  package var isTerminal: Bool
  package var isThere: @Sendable (_ path: String) -> Bool
  package var isProgram: @Sendable (_ path: String) -> Bool
  /// Why a library beside the program cannot be loaded; nil where it can.
  package var libraryProblem: @Sendable (_ name: String) -> String?
  /// Whether a file can be written in a folder, or the folder could be made where it is not there.
  package var isWritable: @Sendable (_ folder: String) -> Bool
  package var availableBytes: Int

  package init(
    environment: [String: String], isTerminal: Bool,
    isThere: @escaping @Sendable (String) -> Bool, isProgram: @escaping @Sendable (String) -> Bool,
    libraryProblem: @escaping @Sendable (String) -> String?,
    isWritable: @escaping @Sendable (String) -> Bool, availableBytes: Int
  ) {
    self.environment = environment
    self.isTerminal = isTerminal
    self.isThere = isThere
    self.isProgram = isProgram
    self.libraryProblem = libraryProblem
    self.isWritable = isWritable
    self.availableBytes = availableBytes
  }

  /// This one.
  package static var own: DoctorMachine {
    DoctorMachine(
      environment: ProcessInfo.processInfo.environment,
      isTerminal: isatty(0) == 1 && isatty(1) == 1,
      isThere: { FileManager.default.fileExists(atPath: $0) },
      isProgram: { FileManager.default.isExecutableFile(atPath: $0) },
      libraryProblem: problemOfLibrary,
      isWritable: { folder in
        // A folder that is only looked for is not made.
        var place = folder
        while place.count > 1, !FileManager.default.fileExists(atPath: place) {
          place = URL(filePath: place).deletingLastPathComponent().path
        }
        return access(place, W_OK | X_OK) == 0
      }, availableBytes: MemoryBudget.availableBytes)
  }

  private static func problemOfLibrary(_ name: String) -> String? {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let folder = program.deletingLastPathComponent().path
    let places = [folder + "/" + name, folder + "/../lib/boldspect/" + name]
    guard let path = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      return "it is not beside the program"
    }
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      return dlerror().map { String(cString: $0) } ?? "it cannot be loaded"
    }
    dlclose(library)
    return nil
  }
}

/// One thing that the program uses, and whether it is there.
package struct DoctorFinding: Sendable, Equatable {
  package enum State: String, Sendable {
    case fine
    /// Something does less without it.
    case lacks
    /// Whole commands do not work without it.
    case needed
  }

  package var name: String
  package var state: State
  package var found: String
  /// The command or the step that mends it; nil where nothing is to be mended.
  package var remedy: String?
}

/// What is there of what the program uses, and what mends each lack.
package struct Doctor: Sendable {
  package private(set) var findings: [DoctorFinding] = []
  private let machine: DoctorMachine

  package init(_ machine: DoctorMachine = .own) {
    self.machine = machine
    lookAtTerminal()
    lookAtLocale()
    lookAtLibraries()
    lookAtPrograms()
    lookAtData()
    lookAtMemory()
    lookAtFolders()
  }

  /// Whether whole commands do not work.
  package var lacksNeeded: Bool { findings.contains { $0.state == .needed } }

  package var result: [(String, JSON)] {
    [
      ("complete", .bool(findings.allSatisfy { $0.state == .fine })),
      (
        "findings",
        .array(
          findings.map { f in
            .object([
              ("name", .string(f.name)), ("state", .string(f.state.rawValue)),
              ("found", .string(f.found)), ("remedy", .optional(f.remedy)),
            ])
          })
      ),
    ]
  }

  package var text: String {
    let width = (findings.map(\.name.count).max() ?? 0) + 2
    return findings.flatMap { f -> [String] in
      let mark = f.state == .fine ? "ok    " : f.state == .lacks ? "lacks " : "NEEDS "
      let head = mark + f.name + String(repeating: " ", count: width - f.name.count)
      let rest = String(repeating: " ", count: head.count)
      return [head + f.found] + (f.remedy.map { [rest + "mend: " + $0] } ?? [])
    }.joined(separator: "\n")
  }

  private mutating func tell(
    _ name: String, _ isFine: Bool, fine: String, lack: String, remedy: String,
    isNeeded: Bool = false
  ) {
    findings.append(
      DoctorFinding(
        name: name, state: isFine ? .fine : isNeeded ? .needed : .lacks,
        found: visibleText(isFine ? fine : lack, limit: 300), remedy: isFine ? nil : remedy))
  }

  private func value(_ name: String) -> String { machine.environment[name] ?? "" }

  private mutating func lookAtTerminal() {
    let term = value("TERM")
    let isKnown = !term.isEmpty && term != "dumb"
    tell(
      "terminal", machine.isTerminal && isKnown, fine: term,
      lack: isKnown
        ? "standard input and output are no terminal: the viewer cannot open, all commands work"
        : "TERM is \(term.isEmpty ? "not set" : term)",
      remedy: isKnown
        ? "run it in a terminal, or draw with `boldspect snapshot`" : "export TERM=xterm-256color")
    let isDirect = ["truecolor", "24bit"].contains(value("COLORTERM"))
    let noColour = !value("NO_COLOR").isEmpty
    let hasMany =
      isDirect || term.hasSuffix("256color") || term.hasSuffix("direct") || term.contains("kitty")
    tell(
      "colours", hasMany && !noColour,
      fine: isDirect ? "24 bits" : "256, more where the terminal says so",
      lack: noColour
        ? "NO_COLOR is set" : "few: the terminal names neither 256 colours nor 24 bits",
      remedy: noColour ? "unset NO_COLOR" : "export TERM=xterm-256color COLORTERM=truecolor")
    let isInside = !value("TMUX").isEmpty || !value("STY").isEmpty
    let shows =
      term.contains("kitty") || term.contains("ghostty") || term.contains("wezterm")
      || !value("KITTY_WINDOW_ID").isEmpty || value("TERM_PROGRAM") == "WezTerm"
    tell(
      "graphics", shows && !isInside, fine: "images by the kitty protocol",
      lack: isInside
        ? "tmux and screen pass no images on: half blocks are drawn"
        : "no sign that the terminal shows images: it is asked, else half blocks are drawn",
      remedy: isInside ? "run it outside of tmux and screen" : "use kitty, Ghostty or WezTerm")
  }

  private mutating func lookAtLocale() {
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].map(value).first { !$0.isEmpty } ?? ""
    let upper = locale.uppercased()
    tell(
      "locale", upper.contains("UTF-8") || upper.contains("UTF8"), fine: locale,
      lack: (locale.isEmpty ? "none is set" : locale) + ": pictures are drawn in ASCII",
      remedy: "export LC_ALL=C.UTF-8")
  }

  private mutating func lookAtLibraries() {
    for (name, file, what) in [
      ("DICOM", "libboldspect-dicom.so", "DICOM files"),
      ("HDF5", "libboldspect-hdf5.so", ".h5 transforms"),
    ] {
      let problem = machine.libraryProblem(file)
      tell(
        "library \(name)", problem == nil, fine: "\(file) is loaded",
        lack: "\(what) do not open: \(problem ?? "")",
        remedy: "apt install --reinstall boldspect, or `swift build -c release` in the source",
        isNeeded: true)
    }
    tell(
      "DICOM dictionary",
      machine.isThere("/usr/share/libdcmtk17/dicom.dic") || !value("DCMDICTPATH").isEmpty,
      fine: "there", lack: "DICOM files do not open", remedy: "apt install libdcmtk17",
      isNeeded: true)
  }

  private func program(_ names: [String]) -> String? {
    ChildProgram.path(ofAny: names, in: machine.environment["PATH"], isProgram: machine.isProgram)
  }

  private mutating func lookAtPrograms() {
    let elastix = program(["elastix"])
    tell(
      "elastix", elastix != nil, fine: elastix ?? "",
      lack: "`register` and registration in the viewer do not work", remedy: "apt install elastix")
    let printer = program(ChartPDF.programs)
    tell(
      "PDF", printer != nil, fine: printer ?? "",
      lack: "`report --pdf` does not work", remedy: "apt install weasyprint, or chromium")
  }

  private mutating func lookAtData() {
    let missing = ["aal.nii.gz", "ch2bet.nii.gz"].filter {
      !machine.isThere(AtlasFiles.templates + $0)
    }
    tell(
      "atlases", missing.isEmpty, fine: AtlasFiles.templates,
      lack: "no regions have names: \(missing.joined(separator: ", ")) missing",
      remedy: "apt install mricron-data")
    let fonts = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono"
    tell(
      "fonts", machine.isThere(fonts + ".ttf") && machine.isThere(fonts + "-Bold.ttf"),
      fine: "DejaVu Sans Mono", lack: "no PNG and no report can be drawn",
      remedy: "apt install fonts-dejavu-core", isNeeded: true)
  }

  private mutating func lookAtMemory() {
    let megabytes = machine.availableBytes >> 20
    tell(
      "memory", megabytes >= 1024, fine: "\(megabytes) MB may still be taken",
      lack: "\(megabytes) MB may still be taken; a run of ten minutes takes about 500",
      remedy:
        "end other programs, or raise the limit (ulimit -v unlimited, the container's memory)",
      isNeeded: megabytes < 256)
  }

  private mutating func lookAtFolders() {
    func folder(_ variable: String, _ usual: String) -> String {
      let base = value(variable)
      return
        (base.hasPrefix("/")
        ? base : (value("HOME").isEmpty ? "/nonexistent" : value("HOME")) + usual)
        + "/boldspect"
    }
    for words in UserFolders.ignored(in: machine.environment) {
      let variable = String(words.prefix { $0 != " " })
      tell(
        variable, false, fine: "", lack: words,
        remedy: "export \(variable)=FOLDER with a path that begins at the root")
    }
    for (name, path, variable, loss) in [
      (
        "state folder", folder("XDG_STATE_HOME", "/.local/state"), "XDG_STATE_HOME",
        "marks, ratings and accepted registrations are lost"
      ),
      (
        "cache folder", folder("XDG_CACHE_HOME", "/.cache"), "XDG_CACHE_HOME",
        "every folder of people is walked anew when it is opened"
      ),
    ] {
      tell(
        name, machine.isWritable(path), fine: path,
        lack: "\(path) cannot be written: \(loss)",
        remedy: "export \(variable)=FOLDER, a folder of yours")
    }
  }
}
