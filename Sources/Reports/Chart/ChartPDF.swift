package import Basics
import Foundation
import Glibc
import ImageFiles

/// A page as PDF, by a program of the system: chromium, else weasyprint.
package enum ChartPDF {
  /// Programs that can, the better first.
  static let programs = ["chromium", "weasyprint"]

  /// - Throws: a system without any of them.
  package static func printer(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(Problem) -> String {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for name in programs {
      for folder in folders where folder.hasPrefix("/") {
        let path = folder + "/" + name
        if FileManager.default.isExecutableFile(atPath: path) { return path }
      }
    }
    throw Problem(
      .unavailable, "PDF", "neither chromium nor weasyprint is installed",
      expected: "one of Debian's packages chromium and weasyprint",
      remedy: "Install one, or print the HTML from a browser")
  }

  /// The bytes of a PDF.
  ///
  /// - Parameter secondsAllowed: after which the program is stopped.
  package static func bytes(
    ofHTML html: String, by printer: String, secondsAllowed: Double = 120,
    progress: WorkProgress = .silent
  ) throws(Problem) -> [UInt8] {
    let folder = try privateFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(folder + "/page.html", Array(html.utf8), overwrite: false)
    let process = Process()
    process.executableURL = URL(filePath: printer)
    process.arguments = arguments(printer, folder)
    process.currentDirectoryURL = URL(filePath: folder)
    // Nothing of our own surroundings, and no home that it could leave something in.
    process.environment = [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      throw Problem(.unavailable, fileName(printer), "it cannot be started")
    }
    let end = DispatchTime.now() + secondsAllowed
    while process.isRunning {
      usleep(50_000)
      let isLate = DispatchTime.now() > end
      guard isLate || progress.isCancelled() else { continue }
      process.terminate()
      usleep(200_000)
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      if !isLate { throw .cancelled }
      throw Problem(
        .unavailable, fileName(printer),
        "it did not end within \(plainNumber(secondsAllowed, 0)) s and was stopped")
    }
    let made = try? readBytes(folder + "/page.pdf", atMost: 512 << 20, as: "a PDF")
    guard let made, made.starts(with: Array("%PDF-".utf8)) else {
      throw Problem(
        .unavailable, fileName(printer),
        "it made no PDF (status \(process.terminationStatus))",
        remedy: "Print the HTML from a browser")
    }
    return made
  }

  private static func arguments(_ printer: String, _ folder: String) -> [String] {
    guard printer.hasSuffix("/chromium") else { return ["page.html", "page.pdf"] }
    return [
      "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync",
      "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
      "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder)/profile",
      "--no-pdf-header-footer", "--print-to-pdf=\(folder)/page.pdf", "file://\(folder)/page.html",
    ] + (geteuid() == 0 ? ["--no-sandbox"] : [])
  }

  private static func privateFolder() throws(Problem) -> String {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array((base + "/boldspect-pdf-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Problem(.cannotCreate, "PDF", "no temporary folder can be made in \(visibleText(base))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
