package import Basics
import ImageFiles
import Records
package import Study

/// The list of a folder's people as a table and as JSON.
package enum StudyPage {
  package static func result(_ listing: StudyListing, _ rows: [StudyRow]) -> [(String, JSON)] {
    [
      ("folder", .string(listing.root)), ("people", .int(listing.people.count)),
      ("visits", .int(listing.people.reduce(0) { $0 + $1.visits.count })),
      ("files", .int(listing.fileCount)),
      ("rows", .array(parallelMap(rows.count) { row(rows[$0]) })),
    ]
  }

  private static func row(_ r: StudyRow) -> JSON {
    let b = r.bold
    func path(_ kind: Companion.Kind) -> JSON { .optional(b?.companion(kind)?.path) }
    let anat = b?.companion(.anat) ?? r.anat
    let first = r.spect.first { !$0.isStrangers }
    return .object([
      ("subject", .string(r.subject)), ("session", .optional(r.session)),
      ("folder", .optional(r.family)), ("images", .array(r.unknown.map(JSON.string))),
      ("task", .optional(b?.task)), ("run", .optional(b?.run)), ("space", .optional(b?.space)),
      ("resolution", .optional(b?.name[.resolution])), ("echo", .optional(b?.name[.echo])),
      ("acquisition", .optional(b?.name[.acquisition])),
      ("layout", .optional(b?.layout.rawValue)), ("dataset", .optional(b?.dataset)),
      ("bold", .optional(b?.path)), ("mask", path(.mask)), ("confounds", path(.confounds)),
      ("boldref", path(.boldref)), ("anat", .optional(anat?.path)), ("gm", path(.gm)),
      ("wm", path(.wm)), ("csf", path(.csf)),
      (
        "transforms",
        .array((b?.companions ?? []).filter { $0.kind == .transform }.map { .string($0.path) })
      ),
      ("spect", .optional(first?.path)), ("role", .optional(first.flatMap { r.role(of: $0) })),
      ("tracer", .optional(first.flatMap { r.tracer(of: $0) })),
      ("spects", .array(r.spect.map { spect($0, r) })),
      ("reason", .object(reasons(r))), ("minutes", .meant(r.known.minutes.map(rounded))),
      ("minutes_kept", .meant(r.known.minutesKept.map(rounded))),
      ("mean_fd_mm", .meant(r.known.meanDisplacementMillimetres.map(rounded))),
      ("registered", r.known.isRegistered.map(JSON.bool) ?? .null),
      ("registration", .optional(r.known.registration?.rawValue)),
      ("accepted", r.known.isLookedUp ? .int(r.known.accepted) : .null),
      ("rating", .optional(r.known.rating?.rawValue)),
      ("rating_reason", .optional(r.known.reason)),
      ("notes", .array(r.known.notes.map(JSON.string))),
      ("rating_of_another", .bool(r.known.isSaidOfAnother)),
      ("other_version", .bool(r.known.isOtherVersion)),
      ("changed", .array(r.known.changed.map(JSON.string))),
      ("same_bytes", .array(r.known.twins.map(JSON.string))),
      ("records_looked_up", .bool(r.known.isLookedUp)), ("sha256", .optional(r.known.sha256)),
      // Found by device, inode, size and time: only opening the file proves the hash.
      ("sha256_proven", r.known.sha256 == nil ? .null : .bool(false)),
      ("unmeasured", .optional(r.known.unmeasured)), ("cleaned", .bool(b?.isCleaned ?? false)),
      ("absent", .bool(b?.isAbsent ?? false)),
      ("targets", .int(r.targets)), ("problems", .array(r.problems.map(JSON.string))),
    ])
  }

  private static func rounded(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }

  private static func spect(_ s: SPECTFile, _ r: StudyRow) -> JSON {
    .object([
      ("path", .string(s.path)), ("role", .optional(r.role(of: s))),
      ("tracer", .optional(r.tracer(of: s))),
      ("space", .optional(s.space)), ("reason", .string(s.reason)), ("absent", .bool(s.isAbsent)),
      ("named_as_another", .bool(s.isStrangers)),
    ])
  }

  private static func reasons(_ r: StudyRow) -> [(String, JSON)] {
    var out: [(String, JSON)] = []
    for one in r.bold?.companions ?? [] where !out.contains(where: { $0.0 == one.kind.rawValue }) {
      out.append((one.kind.rawValue, .string(one.reason)))
    }
    if r.bold?.companion(.anat) == nil, let anat = r.anat {
      out.append(("anat", .string(anat.reason)))
    }
    if let first = r.spect.first(where: { !$0.isStrangers }) {
      out.append(("spect", .string(first.reason)))
    }
    return out
  }

  // MARK: - Text

  private static let heads = [
    "subject", "session", "task", "run", "space", "minutes", "kept", "FD mm", "SPECT", "registered",
    "targets", "rating",
  ]

  package static func text(_ listing: StudyListing, _ rows: [StudyRow]) -> String {
    let visits = listing.people.reduce(0) { $0 + $1.visits.count }
    var lines = [
      "\(counted(listing.people.count, "person", "people")), \(counted(visits, "visit", "visits")), "
        + "\(counted(rows.count { $0.bold != nil }, "BOLD file", "BOLD files")) of "
        + "\(listing.fileCount) files looked at"
    ]
    if !rows.isEmpty {
      let cells = parallelMap(rows.count) { line(rows[$0]) }
      lines += AlignedTable(heads: heads, rightColumns: [5, 6, 7], rows: cells).lines
    }
    for row in rows {
      guard let word = row.known.unmeasured else { continue }
      let whose = [row.subject, row.session, row.bold?.task].compactMap { $0 }
      lines.append("\(visibleText(whose.joined(separator: " "))): \(word)")
    }
    for row in rows where row.known.isOtherVersion {
      let whose = [row.subject, row.session, row.bold?.task].compactMap { $0 }
      lines.append(
        "\(visibleText(whose.joined(separator: " "))): "
          + (row.known.changed.isEmpty
            ? "what was said of it belongs to another version of this file"
            : row.known.changed.map { visibleText($0) }.joined(separator: ", ")
              + ": not what was opened or rated before")
      )
    }
    for row in rows where row.known.isSaidOfAnother {
      let whose = [row.subject, row.session, row.bold?.task].compactMap { $0 }
      lines.append(
        visibleText(
          "\(whose.joined(separator: " ")): rated or noted \(row.known.reason ?? ""); these are its bytes under another name",
          limit: 400))
    }
    for (n, row) in rows.enumerated() where !row.unknown.isEmpty {
      // A visit has a row for each of its runs.
      if n > 0, rows[n - 1].person == row.person, rows[n - 1].visit == row.visit { continue }
      let names = row.unknown.map { visibleText(fileName($0), limit: 60) }
      lines.append(
        "\(visibleText([row.subject, row.session].compactMap { $0 }.joined(separator: " "))): "
          + counted(names.count, "image", "images") + " of unknown kind: "
          + names.joined(separator: ", "))
    }
    for row in rows where !row.problems.isEmpty {
      // Whose it is as the first column has it, and not a task that several people have.
      let whose = [row.subject, row.session].compactMap { $0 }.joined(separator: " ")
      lines.append(
        "\(visibleText(whose)): " + row.problems.map { visibleText($0) }.joined(separator: "; "))
    }
    lines.append(researchUse)
    return lines.joined(separator: "\n")
  }

  private static func counted(_ n: Int, _ one: String, _ many: String) -> String {
    "\(n) \(n == 1 ? one : many)"
  }

  private static func line(_ r: StudyRow) -> [String] {
    func number(_ x: Double?, _ digits: Int) -> String { x.map { fixed($0, digits) } ?? "–" }
    let own = r.spect.filter { !$0.isStrangers }
    let spect =
      own.count > 3
      ? "\(own.count) SPECT"
      : own.map { r.role(of: $0) ?? r.tracer(of: $0) ?? "SPECT" }.joined(separator: "+")
    let registered = r.known.registration?.rawValue ?? "–"
    // Whether it is still the same file is proven when it is opened.
    let doubt = r.known.sha256 == nil ? "" : "?"
    let subject: String = r.subject + (r.family.map { " in " + $0 } ?? "")
    var series = "–"
    var space = "no BOLD"
    if let run = r.bold {
      series = run.task ?? (run.layout == .plain ? run.name.stem : "–")
      space = run.space ?? (r.known.isMNI ? "MNI152" : "native")
    }
    // Nothing is said of a file that was not looked up; a dash says that nothing is kept.
    let none = r.known.isLookedUp ? "–" : "?"
    let accepted: String =
      r.known.accepted > 0
      ? "\(r.known.accepted)" + doubt : r.known.hidesTargets ? "unreadable" : none
    // In brackets what was said of the same bytes under another name.
    let version = r.known.isOtherVersion ? "≠" : ""
    let rating: String =
      r.known.rating.map {
        (r.known.isSaidOfAnother ? "(\($0.rawValue))" : $0.rawValue + doubt) + version
      } ?? (!version.isEmpty ? version : r.known.hidesRating ? "unreadable" : none)
    let cells: [String] = [
      subject, r.session ?? "–", series, r.bold?.run ?? "–", space, number(r.known.minutes, 1),
      number(r.known.minutesKept, 1), number(r.known.meanDisplacementMillimetres, 2),
      spect.isEmpty ? "–" : spect, registered, accepted, rating,
    ]
    return cells.map { visibleText($0) }
  }
}
