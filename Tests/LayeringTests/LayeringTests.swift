import Foundation
import TestSupport
import Testing

/// Who imports whom, held against the table of the architecture page.
@Suite struct LayeringTests {
  /// Module to the modules that it may import, as the architecture page's table says.
  static func allowed() throws -> [String: Set<String>] {
    let page = RealData.project.appending(
      path: "Sources/boldspect/Documentation.docc/Architecture.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    func names(_ cell: Substring) -> Set<String> {
      Set(cell.matches(of: /`(\w+)`/).map { String($0.output.1) })
    }
    var rows: [(module: String, cell: Substring)] = []
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|")
      guard cells.count >= 3, let module = names(cells[0]).first else { continue }
      rows.append((module, cells[2]))
    }
    let all = Set(rows.map(\.module))
    return Dictionary(
      uniqueKeysWithValues: rows.map { module, cell in
        let isAll = cell.trimmingPrefix(while: { $0 == " " }).hasPrefix("all")
        return (
          module, isAll ? all.subtracting(names(cell)).union(["ArgumentParser"]) : names(cell)
        )
      })
  }

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
    let table = try Self.allowed()
    #expect(imports.count > 50)
    #expect(table.count >= 15)
    for i in imports where !Self.systemModules.contains(i.name) {
      let allowed = try #require(table[i.module], "\(i.module) is in no table")
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
