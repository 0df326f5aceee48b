import Foundation
import TestSupport
import Testing

/// The hazard list names tests that exist, and every library that is used.
@Suite struct HazardTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func rows(_ text: String, under heading: String) -> [[String]] {
    guard let start = text.firstRange(of: heading)?.upperBound else { return [] }
    let part = text[start...].components(separatedBy: "\n## ")[0]
    return part.components(separatedBy: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// `Suite/function` of everything that is marked as a test.
  private static func tests() throws -> Set<String> {
    var out: Set<String> = []
    let folder = root.appending(path: "Tests").path
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where path.hasSuffix(".swift") {
      var (suite, isMarked) = ("", false)
      for line in try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
        .components(separatedBy: "\n")
      {
        if let name = line.firstMatch(of: /^(?:@Suite.* )?(?:struct|final class) (\w+)/)?.1 {
          suite = String(name)
        }
        if line.contains("@Test") { isMarked = true }
        guard isMarked, let name = line.firstMatch(of: /func (\w+)/)?.1 else { continue }
        out.insert(suite + "/" + name)
        isMarked = false
      }
    }
    return out
  }

  @Test func everyHazardNamesTestsThatExist() throws {
    let document = try Self.text("Sources/boldspect/Documentation.docc/Hazards.md")
    let hazards = Self.rows(document, under: "## The table")
    let known = try Self.tests()
    #expect(hazards.count >= 30 && known.count > 500)
    #expect(hazards.map { $0[0] } == (1...hazards.count).map { "H\($0)" })
    for hazard in hazards {
      try #require(hazard.count == 5, "\(hazard)")
      let named = hazard[4].matches(of: /`(\w+\/\w+)`/).map { String($0.1) }
      #expect(!named.isEmpty, "\(hazard[0])")
      for test in named where !known.contains(test) {
        Issue.record("\(hazard[0]) names \(test), which is no test")
      }
    }
  }

  @Test func everyLibraryIsListed() throws {
    let document = try Self.text("Sources/boldspect/Documentation.docc/Hazards.md")
    let rows = Self.rows(document, under: "## What is used of others")
    let listed = Set(
      rows.flatMap { $0[0].matches(of: /`([\w.-]+)`/).map { String($0.1) } })
    // These build or test, and are no part of what runs.
    let tools = ["pkg-config", "bsdutils", "procps"]
    let installed = try Self.text("Scripts/debian-packages").components(separatedBy: "\n")
      .filter { !$0.isEmpty && !$0.hasPrefix("#") && !tools.contains($0) }
    #expect(installed.count > 10)
    for package in installed where !listed.contains(package) {
      Issue.record("\(package) is not listed")
    }
    #expect(listed.contains("swift-argument-parser"))
    #expect(try Self.text("Package.swift").contains("1.8.2"))
    for row in rows { #expect(row.count == 3 && row[1].contains(/\d/), "\(row)") }
  }
}
