import Basics
import Foundation
import ImageFiles
import Records
import Study
import Workflows

/// A page of thumbnails of a whole study, in one file that loads nothing: who is odd is seen at a glance.
struct QCPage {
  let folder: CohortFolder
  let members: [GroupRun.Member]
  let outcomes: OutcomeTable
  let findings: [Finding]

  func html() throws(Problem) -> String {
    var body = ""
    for row in outcomes.rows where row.status == .failed {
      let name = row.participant + (row.session.map { " " + $0 } ?? "")
      body += "<p class=\"bad\"><b>\(escaped(name))</b> failed: \(escaped(row.reason))</p>\n"
    }
    for finding in findings {
      body +=
        "<p class=\"bad\">\(escaped(finding.text))</p>\n"
    }
    body += "<div class=\"all\">\n"
    for member in members { body += try card(member) }
    body += "</div>\n"
    return Self.head(count: members.count) + body + "<p>\(escaped(researchUse))</p></body></html>\n"
  }

  private static func head(count: Int) -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(ChartPage.policy)">
    <title>boldspect: a study at a glance</title>
    <style>
    body { font: 15px/1.4 sans-serif; margin: 1.5em; color: #111; background: #fff }
    .all { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 1em }
    figure { margin: 0; border: 1px solid #bbb; padding: 0.5em; break-inside: avoid }
    img { width: 100%; image-rendering: pixelated; background: #000 }
    figcaption { overflow-wrap: anywhere } .bad { color: #a00000; overflow-wrap: anywhere }
    </style></head><body>
    <h1>A study at a glance: \(counted(count, "person", "people"))</h1>
    <p>First row the mean of the run with the first seed's map (orange above r 0.3, blue below -0.3), below it the
    perfusion image, each through its own middle: axial, coronal, sagittal (front on the left). L and R are the person's own, radiological: the person's LEFT is on the right.</p>

    """
  }

  private func card(_ member: GroupRun.Member) throws(Problem) -> String {
    let (visit, record) = (member.visit, member.record)
    var out = "<figure>"
    if let picture = record.outputs.first(where: { $0.role == "picture" }) {
      let bytes = try readBytes(
        folder.root + "/" + picture.path, atMost: 4 << 20, as: "a PNG of this program")
      out +=
        "<img alt=\"slices of \(escaped(visit.name))\" src=\"data:image/png;base64,"
        + Data(bytes).base64EncodedString() + "\">"
    }
    let lines = try motionLines(visit, record) + (record.reason.isEmpty ? [] : [record.reason])
    out += "<figcaption><b>\(escaped(visit.name))</b>"
    if let page = record.outputs.first(where: { $0.role == "report" && $0.path.hasSuffix(".html") })
    {
      let link =
        page.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? page.path
      out += " <a href=\"../\(escaped(link))\">report</a>"
    }
    if let words = Self.simulatedWords(member) { out += " <b class=\"bad\">\(words)</b>" }
    for line in lines { out += "<br>" + escaped(line) }
    return out + "</figcaption></figure>\n"
  }

  /// By what stands beside the results: which of them are no measurement.
  private static func simulatedWords(_ member: GroupRun.Member) -> String? {
    let unmeasured = member.unmeasuredSidecars
    if unmeasured.isEmpty { return nil }
    let kinds = [("_boldmap.json", "BOLD"), ("_cerebralmap.json", "perfusion")]
      .filter { kind in unmeasured.contains { $0.hasSuffix(kind.0) } }.map(\.1)
    return "SIMULATED" + (kinds.isEmpty ? "" : ": " + kinds.joined(separator: ", "))
  }

  private func motionLines(
    _ visit: CohortVisit, _ record: VisitRecord
  ) throws(Problem) -> [String] {
    let path = folder.stem(of: visit) + "_motion.tsv"
    guard record.outputs.contains(where: { $0.path == path }) else { return [] }
    let table = try TextTable(try readTextFile(folder.root + "/" + path), file: path)
    func cell(_ row: [String], _ name: String) -> String {
      table.names.firstIndex(of: name).map { row[$0] } ?? "n/a"
    }
    return table.rows.map { row in
      "run \(cell(row, "run")): \(cell(row, "minutes_kept")) min kept, mean FD \(cell(row, "mean_fd_mm")) mm, "
        + "\(cell(row, "frames_censored")) frames censored, \(cell(row, "degrees_of_freedom")) degrees of freedom"
        + (cell(row, "motion_modelled") == "1" ? "" : ", MOTION NOT MODELLED")
    }
  }

  /// Text of any origin as text of a page.
  private func escaped(_ text: String) -> String {
    escapedMarkup(text, limit: 2000)
  }
}
