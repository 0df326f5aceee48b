import Basics
import ImageFiles
import Imaging
import Records
import Targeting

/// The targets of a file that may go out, each with its place in the person's own space.
struct ExportedTargets {
  /// A target, and the image in whose world its place is.
  struct Place {
    var target: ExportTarget
    var imageSHA256: String?
    /// What it rests on beside: the voxels of that image and what they were made of.
    var origin: [String]
  }

  var places: [Place] = []
  var findings: [Finding] = []

  /// - Parameter output: the folder that they go into, whose name says no other side.
  /// - Throws: for a target that a person rejected, that nobody accepted, that has no side or a name of the other side,
  ///   or that lies in the space of a template alone.
  init(_ path: String, names: [String], takesUndecided: Bool, into output: String) throws(Problem) {
    let all = try TargetFiles.load(path)
    let file = fileName(path)
    for name in names where !all.contains(where: { $0.name == name }) {
      throw Problem(
        .usage, "--name", "\(file) holds no target \(visibleText(name, limit: 60))",
        expected: all.map(\.name).joined(separator: ", "))
    }
    let wanted = names.isEmpty ? all : all.filter { names.contains($0.name) }
    let rejected = wanted.filter { $0.decision == .rejected }
    if let first = rejected.first, !names.isEmpty || rejected.count == wanted.count {
      throw Problem(
        .data, first.name, "a person rejected this target", expected: "one that was not rejected")
    }
    for record in wanted where record.decision != .rejected {
      guard record.decision == .accepted || takesUndecided else {
        throw Problem(
          .data, record.name, "no person accepted this target", expected: "one that was accepted",
          remedy: "Look at it in the viewer, or state --undecided")
      }
      try SideInName.require(file: fileName(output), holding: [record])
      places.append(try Self.place(record))
    }
    guard !places.isEmpty else {
      throw Problem(.data, file, "it holds no target", expected: "targets of boldspect")
    }
    if !rejected.isEmpty {
      findings.append(
        Finding(
          "rejected", .note, "\(rejected.count) targets that a person rejected stay here.",
          file: file))
    }
  }

  private static func place(_ record: TargetRecord) throws(Problem) -> Place {
    guard record.side != .unknown else {
      throw Problem(
        .data, record.name, "nothing tells its left from its right", expected: "a known side")
    }
    try SideInName.require(
      record.name, side: record.side, subject: record.name,
      remedy: "Look at the target, and save it under a name that is right")
    let own: NativePlace? =
      record.space == .native
      ? NativePlace(point: record.point, imageSHA256: record.imageSHA256 ?? "") : record.native
    guard let own else {
      throw Problem(
        .data, record.name, "its place is known in \(record.spaceName) alone",
        expected: "a target in the person's own space",
        remedy: "Search with --transform, so that the native place is saved too")
    }
    var remarks = [record.method, decision(record)].filter { !$0.isEmpty }
    if record.space != .native {
      remarks.append("\(record.spaceName), RAS+ mm: \(millimetres(record.point)).")
    }
    if !record.note.isEmpty { remarks.append("Note: " + record.note) }
    remarks += record.warnings.map { "Warning: " + $0 }
    remarks.append("Native place, RAS+ mm: \(millimetres(own.point)).")
    let target = ExportTarget(
      name: visibleText(record.name, limit: 60), point: own.point, side: record.side,
      label: record.label, r: record.r, remarks: remarks)
    return Place(
      target: target, imageSHA256: own.imageSHA256.isEmpty ? nil : own.imageSHA256,
      origin: [record.imageSHA256].compactMap { $0 } + record.imageOrigin)
  }

  private static func decision(_ record: TargetRecord) -> String {
    (record.decision == .accepted
      ? "Accepted " + (record.decider?.words ?? "by a person")
      : "Accepted by nobody")
      + (record.isAcknowledged ? ", its warnings in view." : ", not confirmed on a screen.")
  }
}
