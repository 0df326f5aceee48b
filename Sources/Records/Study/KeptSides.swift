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

/// What is kept of sides, under the hash of the one of two images that comes first in order.
package struct KeptSides: Sendable {
  private let folder: RecordsFolder

  package init(_ folder: RecordsFolder = .own) { self.folder = folder }

  private func file(_ a: String, _ b: String) -> StateFile<JudgedSides> {
    StateFile(
      "sides-\(min(a, b).prefix(32))", in: folder.path, isShared: folder.isShared,
      StateForm(
        what: "sides", member: "sides", json: \.json, item: { JudgedSides($0) },
        expected: "two images and a verdict", isSame: ==))
  }

  /// The newest that was said of two images, in whichever order they are named.
  package func judged(_ a: String, _ b: String) -> JudgedSides? {
    let path = "\(folder.path)/sides-\(min(a, b).prefix(32)).json"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return ((try? file(a, b).stored()) ?? []).last { Set([$0.first, $0.second]) == Set([a, b]) }
  }

  /// A pair that is mirrored and undecided, of which an image with this hash is one.
  package func blocking(_ hash: String) -> JudgedSides? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names.sorted() where name.hasPrefix("sides-") && name.hasSuffix(".json") {
      let path = "\(folder.path)/\(name)"
      // Most have nothing to do with it: their text tells.
      guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.contains(hash),
        let kept = (try? JSON.parse(text))?.value["sides"]?.items
      else { continue }
      let pairs = kept.compactMap { JudgedSides($0) }.filter {
        $0.first == hash || $0.second == hash
      }
      for one in pairs {
        let other = one.first == hash ? one.second : one.first
        if let last = judged(hash, other), last.isBlocking { return last }
      }
    }
    return nil
  }

  /// - Returns: what was put aside to make room.
  @discardableResult
  package func keep(_ judged: JudgedSides) throws(Problem) -> Problem? {
    try file(judged.first, judged.second).add(judged)
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
