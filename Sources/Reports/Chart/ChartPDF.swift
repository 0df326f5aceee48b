package import Basics
import Foundation
import Glibc
import ImageFiles

/// A page as PDF, by a program of the system: chromium, else weasyprint.
package enum ChartPDF {
  /// Programs that can, the better first.
  package static let programs = ["chromium", "weasyprint"]

  /// - Throws: a system without any of them.
  package static func printer(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(Problem) -> String {
    if let path = ChildProgram.path(ofAny: programs, in: environment["PATH"]) { return path }
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
    let folder = try PrivateFolder()
    defer { folder.remove() }
    try AtomicFile.write(folder.path + "/page.html", Array(html.utf8), overwrite: false)
    let status = try ChildProgram(printer).run(
      arguments(printer, folder.path), in: folder, secondsAllowed: secondsAllowed,
      progress: progress)
    let made = try? readBytes(folder.path + "/page.pdf", atMost: 512 << 20, as: "a PDF")
    guard let made, made.starts(with: Array("%PDF-".utf8)) else {
      throw Problem(
        .unavailable, fileName(printer),
        "it made no PDF (status \(status))",
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
}
