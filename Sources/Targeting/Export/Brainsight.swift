package import Basics
import Imaging

/// Brainsight's text file of targets, tab separated (targeting.md 5.1).
package enum Brainsight {
  /// Which file version is written: 12 for Brainsight up to 2.5.2, 14 for later ones; they name the
  /// coordinate system in different ways.
  package enum Version: Int, Sendable, CaseIterable { case v12 = 12, v14 = 14 }

  /// The form of the anatomy's header that its coordinates follow, and that form's code.
  package struct Form: Sendable, Equatable {
    package var isQform: Bool
    package var code: Int

    package init(isQform: Bool, code: Int) {
      self.isQform = isQform
      self.code = code
    }
  }

  static let intents = [
    1: "Scanner", 2: "Aligned", 3: "Talairach", 4: "MNI-152", 5: "Other-Template",
  ]

  /// The coordinate system's name for a form.
  ///
  /// - Throws: a code that Brainsight has no name for.
  package static func coordinateSystem(
    _ form: Form, _ version: Version, file: String
  ) throws(Problem) -> String {
    guard let intent = intents[form.code] else {
      throw Problem(
        .data, file, "its form code is \(form.code), for which Brainsight has no name",
        expected: "a code from 1 to 5")
    }
    switch version {
    case .v12: return "NIfTI:\(intent)"
    case .v14: return "NIfTI:\(form.isQform ? "Q" : "S"):\(intent)"
    }
  }

  private static let columns = [
    "Target Name", "Loc. X", "Loc. Y", "Loc. Z", "m0n0", "m0n1", "m0n2", "m1n0", "m1n1", "m1n2",
    "m2n0",
    "m2n1", "m2n2",
  ]

  /// Three rows: the target and the scalp point with the coil's axes, and the coil itself.
  package static func text(
    _ plan: CoilPlan, _ form: Form, _ version: Version, program: String, file: String
  ) throws(Problem) -> String {
    let system = try coordinateSystem(form, version, file: file)
    let head = [
      "# Version: \(version.rawValue)", "# Coordinate system: \(system)",
      "# Created by: \(program)", "# Units: millimetres, degrees, milliseconds, and microvolts",
      "# Encoding: UTF-8",
      "# Notes: Each column is delimited by a tab. Each value within a column is delimited by a semicolon.",
      "# \(columns.joined(separator: "\t"))",
    ]
    let rows = plan.points.map { p in
      row("\(plainName(p.name))_\(p.role.rawValue)", p.point, plan.pose)
    }
    return (head + rows).joined(separator: "\n") + "\n"
  }

  /// One line: the place and the coil's x, y, z axes, x and z turned round (B = M diag(−1, 1, −1, 1)).
  static func row(_ name: String, _ p: WorldPoint, _ pose: CoilPose) -> String {
    let axes = [(pose.x, -1.0), (pose.y, 1.0), (pose.z, -1.0)]
    let numbers =
      [p.x, p.y, p.z] + axes.flatMap { a, sign in [sign * a.x, sign * a.y, sign * a.z] }
    return ([name] + numbers.map { decimals($0, 4) }).joined(separator: "\t")
  }

  /// What a file says: its coordinate system and its points.
  package static func read(
    _ text: String, file: String
  ) throws(Problem) -> (system: String, points: [NavigatedPoint]) {
    var system: String?
    var columns: [String: Int] = [:]
    var out: [NavigatedPoint] = []
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("# Coordinate system:") {
        system = String(line.dropFirst(20)).trimmingPrefix { $0 == " " }.description
      } else if line.hasPrefix("# Target Name") {
        let names = line.dropFirst(2).split(separator: "\t", omittingEmptySubsequences: false)
        columns = Dictionary(
          names.enumerated().map { (String($1), $0) }, uniquingKeysWith: { a, _ in a })
      } else if line.hasPrefix("#") {
        // Samples, electrodes and the rest begin with a header line of their own.
        if line.contains("\t") { columns = [:] }
      } else if !columns.isEmpty {
        out.append(try point(line, columns, file))
      }
    }
    guard let system else {
      throw foreignProblem(file, .brainsight, "it names no coordinate system")
    }
    return (system, out)
  }

  private static func point(
    _ line: Substring, _ columns: [String: Int], _ file: String
  ) throws(Problem) -> NavigatedPoint {
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
    func number(_ name: String) throws(Problem) -> Double {
      guard let at = columns[name], at < cells.count, let value = Double(cells[at]), value.isFinite
      else { throw foreignProblem(file, .brainsight, "a target has no number under \(name)") }
      return value
    }
    let p = WorldPoint(try number("Loc. X"), try number("Loc. Y"), try number("Loc. Z"))
    var m: [[Double]] = []
    for row in 0..<3 {
      var line: [Double] = []
      for column in 0..<3 {
        line.append((column == 1 ? 1 : -1) * (try number("m\(column)n\(row)")))
      }
      m.append(line + [p[row]])
    }
    let full = String(cells[columns["Target Name"] ?? 0])
    let role = NavigatedPoint.Role.allNames.first { full.hasSuffix("_" + $0.rawValue) }
    let name = role.map { String(full.dropLast($0.rawValue.count + 1)) } ?? full
    let shown = visibleText(name, limit: NavigatorNames.longestRead)
    let pose = try CoilPose(matrix: Affine(rows: m), name: shown)
    // A row of another program is a coil: it has axes.
    let isCoil = role == nil || role == .coil
    return NavigatedPoint(
      name: shown, role: role ?? .coil, point: p, pose: isCoil ? pose : nil)
  }
}

extension NavigatedPoint.Role {
  static let allNames: [Self] = [.target, .entry, .coil]
}
