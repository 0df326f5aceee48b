package import Basics
import Foundation
import ImageFiles
import Study

/// How the work on one visit of a person ended.
package struct Outcome: Equatable, Sendable {
  package enum Status: String, Sendable { case done, failed }

  package var participant: String
  package var session: String?
  package var status: Status
  /// Of a failure its cause; else what was left out, if anything.
  package var reason: String
  /// Of the run that did the work; nil where that ended before it could say so.
  package var seconds: Double?

  package init(
    participant: String, session: String?, status: Status, reason: String, seconds: Double?
  ) {
    self.participant = participant
    self.session = session
    self.status = status
    self.reason = reason
    self.seconds = seconds
  }

  /// Whether both are of one visit of one person.
  package func isSameVisit(as other: Outcome) -> Bool {
    tableCell(participant) == tableCell(other.participant)
      && session.map(tableCell) == other.session.map(tableCell)
  }
}

/// `outcomes.tsv`: a row for every visit that was worked on, whichever run did it.
package struct OutcomeTable: Equatable, Sendable {
  package static let columns = ["participant", "session", "status", "reason", "seconds"]
  package var rows: [Outcome]

  package init(rows: [Outcome]) { self.rows = rows }

  package init(_ text: String, file: String) throws(Problem) {
    let table = try TextTable(text, file: file)
    guard table.names == Self.columns else {
      throw Problem(
        .data, file, "its columns are \(table.names.joined(separator: ", "))",
        expected: Self.columns.joined(separator: ", "))
    }
    rows = []
    for cells in table.rows {
      guard let status = Outcome.Status(rawValue: cells[2]) else {
        throw Problem(
          .data, file, "\(visibleText(cells[2])) is no status", expected: "done or failed")
      }
      rows.append(
        Outcome(
          participant: cells[0], session: cells[1] == "n/a" ? nil : cells[1], status: status,
          reason: cells[3] == "n/a" ? "" : cells[3], seconds: Double(cells[4])))
    }
  }

  /// Puts a visit's row in, instead of the one that it had.
  package mutating func put(_ row: Outcome) {
    rows.removeAll { $0.isSameVisit(as: row) }
    rows.append(row)
    rows.sort {
      $0.participant == $1.participant
        ? comesBefore($0.session ?? "", $1.session ?? "")
        : comesBefore($0.participant, $1.participant)
    }
  }

  package var text: String {
    let lines = rows.map { row in
      [
        tableCell(row.participant), tableCell(row.session ?? ""), row.status.rawValue,
        tableCell(row.reason), row.seconds.map { plainNumber($0, 1) } ?? "n/a",
      ].joined(separator: "\t")
    }
    return ([Self.columns.joined(separator: "\t")] + lines).joined(separator: "\n") + "\n"
  }
}
