package import Basics
import Foundation
import FoundationXML
import Imaging

/// Localite TMS Navigator's XML (targeting.md 5.2): instrument markers for the coil, and entry and target
/// points for a place without a coil angle.
package enum Localite {
  /// RAS for projects made of NIfTI images, LPS for those made of DICOM.
  package enum Axes: String, Sendable, CaseIterable { case ras = "RAS", lps = "LPS" }

  /// The coil as Localite turns it: x into the head, y along the handle, z as SimNIBS's x
  /// (L = M · [[0,0,1],[0,−1,0],[1,0,0]]).
  static func rows(_ pose: CoilPose, _ axes: Axes) -> [[Double]] {
    let (x, y, z, c) = (pose.x, pose.y, pose.z, pose.centre)
    let rows = (0..<3).map { [z[$0], -y[$0], x[$0], c[$0]] }
    let sign = axes == .lps ? [-1.0, -1, 1] : [1, 1, 1]
    return zip(rows, sign).map { row, s in row.map { s * $0 } } + [[0, 0, 0, 1]]
  }

  /// How much the field of a marker holds; a comment has room for all.
  package static let shortLimit = 300

  /// - Parameter short: the note in the marker's own field; nil for the same as in the comment.
  package static func instrumentMarkers(
    _ plan: CoilPlan, _ axes: Axes, note: String, short: String? = nil, program: String
  ) -> String {
    let m = rows(plan.pose, axes)
    let data = (0..<4).map { r in
      (0..<4).map { c in "data\(r)\(c)=\"\(m[r][c])\"" }.joined(separator: " ")
    }.joined(separator: "\n                ")
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <InstrumentMarkerList coordinateSpace="\(axes.rawValue)">
          <!--Written by \(comment(program)). \(comment(note))-->
          <InstrumentMarker alwaysVisible="false" index="0" selected="false">
              <Marker additionalInformation="\(escaped(short ?? note, limit: shortLimit))" color="#ff0000" description="\(escaped(plan.name))" set="true">
                  <Matrix4D \(data)/>
              </Marker>
          </InstrumentMarker>
      </InstrumentMarkerList>

      """
  }

  package static func entryTarget(
    _ plan: CoilPlan, _ axes: Axes, note: String, program: String
  ) -> String {
    func point(_ kind: String, _ p: WorldPoint, _ name: String, _ colour: String) -> String {
      let s = axes == .lps ? -1.0 : 1
      return """
            <\(kind) alwaysVisible="false" index="0" selected="true">
                <Marker color="\(colour)" description="\(escaped(name))" drawAura="false" radius="4.0" set="true">
                    <ColVec3D data0="\(s * p.x)" data1="\(s * p.y)" data2="\(p.z)"/>
                </Marker>
            </\(kind)>
        """
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <EntryTargetList coordinateSpace="\(axes.rawValue)">
          <!--Written by \(comment(program)). \(comment(note))-->
      \(point("Entry", plan.scalp, plan.name, "#00ff00"))
      \(point("Target", plan.cortex, plan.name, "#00ffff"))
      </EntryTargetList>

      """
  }

  /// Text that is safe in an attribute, scalar by scalar: a mark with an accent on it is a mark too.
  private static func escaped(_ text: String, limit: Int = 2500) -> String {
    var out = ""
    for c in visibleText(text, limit: limit).unicodeScalars {
      switch c {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      default: out.unicodeScalars.append(c)
      }
    }
    return out
  }

  /// The same in a comment, where no two hyphens may meet, nor one the end.
  private static func comment(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for c in escaped(text).unicodeScalars {
      if c == "-", out.last == "-" { out.append(" ") }
      out.append(c)
    }
    if out.last == "-" { out.append(" ") }
    return String(out)
  }

  /// Points and poses of either kind of file; markers that were never set or tracked are left out.
  package static func read(_ text: String, file: String) throws(Problem) -> [NavigatedPoint] {
    let reader = Reader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.shouldResolveExternalEntities = false
    parser.delegate = reader
    guard parser.parse(), let space = reader.space else {
      throw foreignProblem(file, .localite, "it is no XML list of markers")
    }
    guard let axes = Axes(rawValue: space) else {
      throw foreignProblem(
        file, .localite, "its coordinate space is \(visibleText(space, limit: 20)), not RAS or LPS")
    }
    let s = axes == .lps ? -1.0 : 1
    var out: [NavigatedPoint] = []
    for marker in reader.markers where marker.isSet {
      let name = visibleText(marker.name, limit: NavigatorNames.longestRead)
      guard marker.numbers.allSatisfy(\.isFinite) else {
        throw foreignProblem(file, .localite, "a marker holds something that is no number")
      }
      if marker.numbers.count == 3 {
        let p = WorldPoint(s * marker.numbers[0], s * marker.numbers[1], marker.numbers[2])
        out.append(
          NavigatedPoint(name: name, role: marker.kind == "Entry" ? .entry : .target, point: p))
        continue
      }
      guard marker.numbers.count == 16 else {
        throw foreignProblem(file, .localite, "a marker has \(marker.numbers.count) numbers")
      }
      let m = (0..<3).map { r in
        (0..<4).map { c in (r < 2 ? s : 1) * marker.numbers[4 * r + c] }
      }
      // What an untracked coil looks like.
      if (0..<3).allSatisfy({ m[$0][3] == 0 }) { continue }
      let pose = try CoilPose(
        matrix: Affine(rows: m.map { [$0[2], -$0[1], $0[0], $0[3]] }), name: name)
      out.append(NavigatedPoint(name: name, role: .coil, point: pose.centre, pose: pose))
    }
    return out
  }

  private final class Reader: NSObject, XMLParserDelegate {
    struct Found {
      var kind: String
      var name = ""
      var isSet = true
      var numbers: [Double] = []
    }
    var space: String?
    var markers: [Found] = []
    private var kind = ""

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      switch element {
      case "InstrumentMarkerList", "EntryTargetList": space = attributes["coordinateSpace"]
      case "InstrumentMarker", "Entry", "Target": kind = element
      case "Marker":
        markers.append(
          Found(
            kind: kind, name: attributes["description"] ?? "", isSet: attributes["set"] != "false"))
      case "Matrix4D", "ColVec3D":
        guard !markers.isEmpty else { return }
        let keys =
          element == "ColVec3D"
          ? ["data0", "data1", "data2"]
          : (0..<4).flatMap { r in (0..<4).map { "data\(r)\($0)" } }
        markers[markers.count - 1].numbers = keys.map { Double(attributes[$0] ?? "") ?? .nan }
      default: break
      }
    }
  }
}
