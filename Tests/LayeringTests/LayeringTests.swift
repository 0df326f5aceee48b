import Foundation
import TestSupport
import Testing

/// Who imports whom, held against the table of the architecture page.
@Suite struct LayeringTests {
  /// Module to the modules of ours that it may import.
  static let allowed: [String: Set<String>] = [
    "Imaging": [], "CellUI": [], "ImageFiles": ["Imaging", "CNIfTI", "CISAL", "CNettle"],
    "Connectivity": ["Imaging", "CFFTW", "CLAPACK"], "Perfusion": ["Imaging"],
    "Targeting": ["Imaging", "Connectivity"],
    "Workflows": ["Imaging", "Connectivity", "Perfusion", "Targeting"], "Phantoms": ["Imaging"],
    "PixelFiles": ["Imaging", "CellUI", "CPNG", "CFreeType"],
    "CursesTerminal": ["CellUI", "PixelFiles", "CNcurses"],
    "Viewer": ["Imaging", "Connectivity", "Perfusion", "Targeting", "CellUI"],
    "boldspect": [
      "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Workflows", "Phantoms",
      "CellUI", "PixelFiles", "CursesTerminal", "Viewer", "ArgumentParser",
    ],
  ]

  static let systemModules: Set<String> = [
    "Foundation", "FoundationXML", "Glibc", "Dispatch", "Synchronization",
  ]

  struct Import {
    var file: String
    var module: String
    var name: String
    var isInternal: Bool
  }

  static func imports() throws -> [Import] {
    let sources = RealData.project.appending(path: "Sources")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
    var found: [Import] = []
    for case let file as String in files where file.hasSuffix(".swift") {
      let module = try #require(file.split(separator: "/").first.map(String.init))
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        guard let at = words.firstIndex(of: "import"), at <= 1, words.count > at + 1 else {
          continue
        }
        found.append(
          Import(
            file: file, module: module, name: words[at + 1], isInternal: words[0] == "internal"))
      }
    }
    return found
  }

  @Test func everyImportIsInTheTable() throws {
    let imports = try Self.imports()
    #expect(imports.count > 50)
    for i in imports where !Self.systemModules.contains(i.name) {
      let allowed = try #require(Self.allowed[i.module], "\(i.module) is in no table")
      #expect(allowed.contains(i.name), "\(i.file) imports \(i.name)")
    }
  }

  @Test func theViewerReachesNoFileClockOrEnvironment() throws {
    for i in try Self.imports() where i.module == "Viewer" || i.module == "CellUI" {
      #expect(!Self.systemModules.contains(i.name), "\(i.file) imports \(i.name)")
    }
  }

  @Test func cModulesStayInsideTheirWrappers() throws {
    for i in try Self.imports() where i.name.hasPrefix("C") && i.name != "CellUI" {
      guard i.name != "CursesTerminal", i.name != "Connectivity" else { continue }
      #expect(i.isInternal, "\(i.file) must import \(i.name) with `internal import`")
    }
  }

  @Test func onlyTheRightNIfTILibraryIsLinked() throws {
    let manifest = try String(
      contentsOf: RealData.project.appending(path: "Package.swift"), encoding: .utf8)
    #expect(manifest.contains("\"nifti2\", \"znz\", \"z\", \"m\""))
    #expect(!manifest.contains("niftiio"))
  }
}
