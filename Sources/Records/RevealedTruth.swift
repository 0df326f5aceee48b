package import Basics
import Foundation
import ImageFiles
package import Imaging

/// What `truth.json` beside a synthetic person's files says: the known answers, for a screen to reveal.
///
/// Nothing of it is taken on trust: places must be numbers within a head, texts are cleaned and cut, and what a
/// newer version wrote is refused.
package struct RevealedTruth: Sendable, Equatable {
  package struct Network: Sendable, Equatable {
    /// In the label file of networks.
    package let label: Int
    package let name: String
    /// "over-active", "under-active", "out of sync" or "as normals".
    package let state: String
    /// Its activity by that of normals.
    package let activity: Double
    /// Part of a region's fluctuation that it shares with its network, and that of normals.
    package let coupling: Double
    package let usualCoupling: Double
  }

  package struct Event: Sendable, Equatable {
    package let place: WorldPoint
    package let startSeconds: Double
    package let seconds: Double
    package let risePercent: Double
  }

  package struct Lesion: Sendable, Equatable {
    package let place: WorldPoint
    package let side: String
    package let labels: [Int]
    package let shareOfUptake: Double
  }

  package struct Change: Sendable, Equatable {
    package let network: String
    package let seed: WorldPoint
    package let before: Double
    package let after: Double
  }

  package let person: Int
  package let session: Int
  package let isReliable: Bool
  package let minutes: Double
  package let target: WorldPoint
  package let sgACC: WorldPoint
  package let networks: [Network]
  /// Nil in sessions without one.
  package let event: Event?
  package let lesion: Lesion
  package let change: Change
  package let meanFramewiseDisplacement: Double

  /// Newest form that is understood.
  package static let format = 1

  /// The answers in the folder of a run or in the one above; nil where there are none, as beside a real
  /// person's.
  package static func beside(_ run: String) throws(Problem) -> RevealedTruth? {
    let folder = URL(filePath: run).deletingLastPathComponent()
    for place in [folder, folder.deletingLastPathComponent()] {
      let path = place.appending(path: SampleFiles.truth).path
      if FileManager.default.fileExists(atPath: path) { return try RevealedTruth(path) }
    }
    return nil
  }

  package init(_ path: String) throws(Problem) {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(filePath: path).resolvingSymlinksInPath().path)
    guard let size = attributes?[.size] as? Int, size <= 1 << 20 else {
      throw Problem(
        .data, fileName(path), "it is missing or has more than a million bytes",
        expected: "a small file of answers")
    }
    let (json, _) = try parsedFile(path)
    try self.init(json, file: fileName(path))
  }

  package init(_ json: JSON, file: String) throws(Problem) {
    try requireKnownVersion(json, file: file, format: Self.format)
    let reader = TruthReader(json: json, file: file)
    guard json["format"]?.number == Double(Self.format) else {
      throw reader.refused("format", "\(Self.format)")
    }
    person = try reader.whole("person", 1...2)
    session = try reader.whole("session", 1...2)
    isReliable = try reader.flag("reliable")
    minutes = try reader.number("minutes", 1...60)
    target = try reader.place("true_target_mm")
    sgACC = try reader.place("sgACC_mm")
    guard let list = json["networks"]?.items, list.count <= 100 else {
      throw reader.refused("networks", "a list of at most 100")
    }
    var found: [Network] = []
    for one in list { found.append(try Network(TruthReader(json: one, file: file))) }
    networks = found
    if let event = json["event"], event != .null {
      self.event = try Event(TruthReader(json: event, file: file))
    } else {
      event = nil
    }
    lesion = try Lesion(try reader.part("lesion"))
    change = try Change(try reader.part("change"))
    meanFramewiseDisplacement = try reader.part("motion").number(
      "mean_framewise_displacement_mm", 0...100)
  }

  /// One line for each answer, for a screen and for speech.
  package var lines: [String] {
    [targetLine] + networkLines + [eventLine ?? "no event in this session", lesionLine, changeLine]
      + [
        "mean framewise displacement \(fixed(meanFramewiseDisplacement, 2)) mm, "
          + (isReliable ? "the reliable person" : "the unreliable person")
      ]
  }

  package var targetLine: String {
    "true target \(millimetres(target)), coupled against sgACC \(millimetres(sgACC))"
  }

  /// The networks that are not as those of normals.
  package var networkLines: [String] {
    networks.filter { $0.state != "as normals" }.map { network in
      let words =
        network.state == "out of sync"
        ? "coupling \(fixed(network.coupling, 2)), normals \(fixed(network.usualCoupling, 2))"
        : "activity \(fixed(network.activity, 2)) of normals"
      return "\(network.name): \(network.state) (\(words))"
    }
  }

  /// Nil in sessions without an event.
  package var eventLine: String? {
    event.map {
      "event of \(plainNumber($0.seconds)) s at \(plainNumber($0.startSeconds)) s, "
        + "+\(plainNumber($0.risePercent)) %, \(millimetres($0.place))"
    }
  }

  package var lesionLine: String {
    "SPECT lesion on the \(lesion.side), \(plainNumber(100 * lesion.shareOfUptake, 0)) % of the uptake left, "
      + millimetres(lesion.place)
  }

  package var changeLine: String {
    "treatment changes \(change.network): coupling \(fixed(change.before, 2)) before, "
      + "\(fixed(change.after, 2)) after"
  }
}

extension RevealedTruth.Network {
  fileprivate init(_ reader: TruthReader) throws(Problem) {
    label = try reader.whole("label", 1...100_000)
    name = try reader.text("name")
    state = try reader.text("state")
    activity = try reader.number("activity_of_normals", 0...100)
    coupling = try reader.number("coupling", 0...1)
    usualCoupling = try reader.number("coupling_of_normals", 0...1)
  }
}

extension RevealedTruth.Event {
  fileprivate init(_ reader: TruthReader) throws(Problem) {
    place = try reader.place("mm")
    startSeconds = try reader.number("start_s", 0...36_000)
    seconds = try reader.number("seconds", 0...36_000)
    risePercent = try reader.number("rise_percent", -100...100)
  }
}

extension RevealedTruth.Lesion {
  fileprivate init(_ reader: TruthReader) throws(Problem) {
    place = try reader.place("mm")
    side = try reader.side("side", place)
    guard let items = reader.json["aal_labels"]?.items, items.count <= 200 else {
      throw reader.refused("aal_labels", "a list of at most 200")
    }
    var found: [Int] = []
    for item in items {
      guard let n = item.number, n == n.rounded(), (1...100_000).contains(n) else {
        throw reader.refused("aal_labels", "whole numbers")
      }
      found.append(Int(n))
    }
    labels = found
    shareOfUptake = try reader.number("share_of_uptake", 0...10)
  }
}

extension RevealedTruth.Change {
  fileprivate init(_ reader: TruthReader) throws(Problem) {
    network = try reader.text("network")
    seed = try reader.place("seed_mm")
    before = try reader.number("coupling_before", 0...1)
    after = try reader.number("coupling_after", 0...1)
  }
}

/// Checked members of an object of answers.
private struct TruthReader {
  let json: JSON
  let file: String

  func refused(_ name: String, _ expected: String) -> Problem {
    Problem(.data, file, "its member \(name) is none", expected: expected)
  }

  func part(_ name: String) throws(Problem) -> TruthReader {
    guard let found = json[name], found.members != nil else { throw refused(name, "an object") }
    return TruthReader(json: found, file: file)
  }

  func number(_ name: String, _ range: ClosedRange<Double>) throws(Problem) -> Double {
    guard let x = json[name]?.number, range.contains(x) else {
      throw refused(
        name, "a number from \(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound))")
    }
    return x
  }

  func whole(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int {
    guard let x = json[name]?.number, x == x.rounded(), abs(x) < 1e9, range.contains(Int(x)) else {
      throw refused(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return Int(x)
  }

  func flag(_ name: String) throws(Problem) -> Bool {
    guard case .bool(let b)? = json[name] else { throw refused(name, "true or false") }
    return b
  }

  func text(_ name: String) throws(Problem) -> String {
    guard let s = json[name]?.asString, !s.isEmpty else { throw refused(name, "a text") }
    return visibleText(s, limit: 40)
  }

  /// A place in RAS+ mm within reach of a head.
  func place(_ name: String) throws(Problem) -> WorldPoint {
    guard let items = json[name]?.items, items.count == 3 else {
      throw refused(name, "three numbers in mm")
    }
    let xyz = items.compactMap(\.number).filter { abs($0) <= 300 }
    guard xyz.count == 3 else { throw refused(name, "three numbers in mm, at most 300") }
    return WorldPoint(xyz[0], xyz[1], xyz[2])
  }

  /// A side that agrees with its place: a wrong side is worse than none.
  func side(_ name: String, _ place: WorldPoint) throws(Problem) -> String {
    let side = try text(name)
    guard side == "left" && place.x < 0 || side == "right" && place.x > 0 else {
      throw refused(name, "left for x below 0, right for x above")
    }
    return side
  }
}
