package import Basics
import Foundation
import Imaging
package import Study

extension JudgedSides {
  package var json: JSON {
    .object([
      ("first", .string(first)), ("second", .string(second)),
      ("verdict", .string(agreement.verdict.rawValue)), ("margin", .number(agreement.margin)),
      ("stored", .number(agreement.stored)), ("mirrored", .number(agreement.mirrored)),
      (
        "decision",
        decision.map {
          .object([
            ("reason", .string($0.reason)), ("rater", .string($0.rater)),
            ("time", .string($0.time)),
          ])
        } ?? .null
      ),
    ])
  }

  init?(_ json: JSON) {
    guard let first = json["first"]?.asString, let second = json["second"]?.asString,
      let verdict = json["verdict"]?.asString.flatMap(SideAgreement.Verdict.init(rawValue:)),
      let margin = json["margin"]?.number, let stored = json["stored"]?.number,
      let mirrored = json["mirrored"]?.number
    else { return nil }
    var decision: SideDecision?
    if let made = json["decision"], made != .null {
      guard let reason = made["reason"]?.asString, let rater = made["rater"]?.asString,
        let time = made["time"]?.asString
      else { return nil }
      decision = SideDecision(reason: reason, rater: rater, time: time)
    }
    self.init(
      first: first, second: second,
      agreement: SideAgreement(
        verdict: verdict, margin: margin, stored: stored, mirrored: mirrored), decision: decision)
  }
}

/// What is kept of sides, under the hash of either image, so that what is known of one is one file.
package struct KeptSides: Sendable {
  private let folder: RecordsFolder

  package init(_ folder: RecordsFolder = .own) { self.folder = folder }

  private func file(of hash: String) -> StateFile<JudgedSides> {
    StateFile(
      "sides-\(hash.prefix(32))", in: folder.path, isShared: folder.isShared,
      StateForm(
        what: "sides", member: "sides", json: \.json, item: { JudgedSides($0) },
        expected: "two images and a verdict", isSame: ==))
  }

  private func all(of hash: String) -> [JudgedSides] {
    let path = "\(folder.path)/sides-\(hash.prefix(32)).json"
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return ((try? file(of: hash).stored()) ?? []).filter { $0.first == hash || $0.second == hash }
  }

  /// The newest that was said of two images, in whichever order they are named.
  package func judged(_ a: String, _ b: String) -> JudgedSides? {
    all(of: a).last { $0.other(than: a) == b }
  }

  /// A pair that is mirrored and undecided, of which an image with this hash is one.
  package func blocking(_ hash: String) -> JudgedSides? {
    let known = all(of: hash)
    return known.last { one in
      one.isBlocking
        && known.last { $0.other(than: hash) == one.other(than: hash) } == one
    }
  }

  /// - Returns: what was put aside to make room.
  @discardableResult
  package func keep(_ judged: JudgedSides) throws(Problem) -> Problem? {
    let first = try file(of: judged.first).add(judged)
    let second = try file(of: judged.second).add(judged)
    return first ?? second
  }

  /// A person's decision about two images that were compared.
  ///
  /// - Throws: where they were not, or where no reason is given.
  package func decide(
    _ a: String, _ b: String, reason: String, rater: String = NSUserName(),
    time: String = utcNow()
  ) throws(Problem) -> JudgedSides {
    let words = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard words.count >= 8 else {
      throw Problem(
        .usage, "the decision", "\"\(visibleText(words, limit: 20))\" is no reason",
        expected: "why the sides are right, in words")
    }
    guard var judged = judged(a, b) else {
      throw Problem(
        .data, "the decision", "the two images were not compared",
        expected: "a pair that `boldspect flipcheck` has judged")
    }
    judged.decision = SideDecision(
      reason: visibleText(words, limit: 400), rater: rater, time: time)
    try keep(judged)
    return judged
  }
}
