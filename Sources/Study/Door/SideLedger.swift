package import Basics
package import ImageFiles
package import Imaging
import Synchronization

/// What a person decided about the sides of two images that seem mirrored against each other.
package struct SideDecision: Sendable, Equatable {
  package var reason: String
  /// Who, as the system knows it.
  package var rater: String
  /// UTC, ISO 8601.
  package var time: String

  package init(reason: String, rater: String, time: String) {
    self.reason = reason
    self.rater = rater
    self.time = time
  }
}

/// What is known of the sides of two images, by their hashes.
package struct JudgedSides: Sendable, Equatable {
  package var first: String
  package var second: String
  /// What the voxels of either are known by in whatever file they lie.
  package var firstVoxels: String?
  package var secondVoxels: String?
  /// What the two look like; kept of a mirrored pair alone.
  package var firstLikeness: ImageLikeness?
  package var secondLikeness: ImageLikeness?
  package var agreement: SideAgreement
  package var decision: SideDecision?
  /// Where a person took the last decision back.
  package var withdrawal: SideDecision?
  /// Whether something was kept of an image that cannot be read any more: then it may have been anything.
  package private(set) var isUnreadable = false

  package init(
    first: String, second: String, agreement: SideAgreement, decision: SideDecision? = nil
  ) {
    self.first = first
    self.second = second
    self.agreement = agreement
    self.decision = decision
  }

  /// What stands for a record of an image that is there and cannot be read.
  package static func unreadable(_ hash: String) -> JudgedSides {
    var out = JudgedSides(
      first: hash, second: "unknown",
      agreement: SideAgreement(verdict: .mirrored, margin: 0, stored: 0, mirrored: 0))
    out.isUnreadable = true
    return out
  }

  /// What was found, in words.
  package var words: String {
    isUnreadable
      ? "what was found cannot be read any more: the record of it is damaged" : agreement.words
  }

  /// Whether nothing may rest on the sides of the two.
  package var isBlocking: Bool { agreement.verdict == .mirrored && decision == nil }

  package func other(than hash: String) -> String {
    first == hash || firstVoxels == hash ? second : first
  }

  /// Whether a hash of a file or of voxels is that of one of the two.
  package func isOf(_ hash: String) -> Bool {
    [first, second, firstVoxels, secondVoxels].contains(hash)
  }

  /// Whether it is of these two images, in whichever order they are named.
  package func isOf(_ a: String, _ b: String) -> Bool {
    let (one, two) = ([first, firstVoxels], [second, secondVoxels])
    return one.contains(a) && two.contains(b) || one.contains(b) && two.contains(a)
  }

  /// Keeps what the voxels of the two are known by, from images among which they are.
  ///
  /// - Returns: whether that is news.
  @discardableResult
  package mutating func name(voxelsOf images: [(sha256: String, voxels: String?)]) -> Bool {
    let before = (firstVoxels, secondVoxels)
    for image in images {
      if image.sha256 == first { firstVoxels = image.voxels ?? firstVoxels }
      if image.sha256 == second { secondVoxels = image.voxels ?? secondVoxels }
    }
    return before != (firstVoxels, secondVoxels)
  }

  /// Who decided what, when and for which images.
  package var decisionWords: String? {
    decision.map {
      "SIDES BY DECISION of \(visibleText($0.rater, limit: 40)) on \($0.time.prefix(10)) for \(first.prefix(12)) and "
        + "\(second.prefix(12)): \(visibleText($0.reason, limit: 120))"
    }
  }
}

/// Where every study asks what was found out and decided about sides; the program says at its start where that is
/// kept.
package enum SideLedger {
  package typealias Source = @Sendable (_ a: String, _ b: String) -> JudgedSides?

  private static let source = Mutex<Source>({ _, _ in nil })

  /// A mirrored pair that nobody decided on, of which an image with this hash is one.
  package typealias Blocks = @Sendable (_ sha256: String) -> JudgedSides?

  private static let blocks = Mutex<Blocks>({ _ in nil })
  /// A mirrored pair that a person decided on, of which an image with this hash is one.
  private static let decided = Mutex<Blocks>({ _ in nil })
  private static let any = Mutex<@Sendable () -> Bool>({ true })
  /// Whether anything at all was found out about sides, without which nothing is blocked.
  static var blocksAny: Bool { any.withLock { $0 }() }

  /// - Parameter any: whether anything is kept, which is quicker told than what.
  package static func use(
    _ new: @escaping Source, blocks: @escaping Blocks = { _ in nil },
    decided: @escaping Blocks = { _ in nil }, any: @escaping @Sendable () -> Bool = { true }
  ) {
    source.withLock { $0 = new }
    Self.any.withLock { $0 = any }
    Self.blocks.withLock { $0 = blocks }
    Self.decided.withLock { $0 = decided }
  }

  /// What is told of an image alone: that it, or what it was made of, was found mirrored against one that is not here.
  package static func finding(of d: ImageDescription) -> Finding? {
    finding(of: d.hashes, name: d.name)
      ?? finding(of: d.header.lineage, name: d.name)
  }

  /// The same of an image by all that it is known by.
  package static func finding(of hashes: [String], name: String) -> Finding? {
    hashes.lazy.compactMap { finding(of: $0, name: name) }.first
      ?? decision(on: hashes, name: name)
  }

  /// What is told wherever something rests on sides that a person decided against a comparison.
  private static func decision(
    on hashes: some Sequence<String>, name: String, source: String = ""
  ) -> Finding? {
    for hash in hashes where !hash.isEmpty {
      guard let judged = decided.withLock({ $0 })(hash), let words = judged.decisionWords else {
        continue
      }
      return Finding(
        "sides-decided", .warning,
        "\(source)Compared with another image (SHA-256 \(judged.other(than: hash).prefix(12))…), "
          + "\(judged.words). \(words)", file: name)
    }
    return nil
  }

  /// What follows for work as long as nobody has decided.
  package static let undecidedWords =
    "Until a person decides, no target and no export rests on it."

  /// What an image is told beside: that it was found mirrored against one that is not here.
  package static func finding(of sha256: String, name: String) -> Finding? {
    guard !sha256.isEmpty, let judged = blocks.withLock({ $0 })(sha256) else { return nil }
    return Finding(
      "sides-mirrored", .blocking,
      "Compared with another image (SHA-256 \(judged.other(than: sha256).prefix(12))…), \(judged.words). "
        + undecidedWords, file: name)
  }

  /// The same of what an image was made of: it has the sides of that.
  package static func finding(of lineage: Lineage, name: String) -> Finding? {
    let hashes = lineage.ancestors
    for hash in hashes {
      guard let judged = blocks.withLock({ $0 })(hash) else { continue }
      let other = judged.other(than: hash).prefix(12)
      let text =
        lineage.lookalikes.contains(hash)
        ? "It was not compared itself. It looks like an image (SHA-256 \(hash.prefix(12))…) that was compared with "
          + "another (\(other)…): \(judged.words). If it is a copy, its sides are as doubtful; if it is another scan, "
          + "compare it itself with `boldspect flipcheck`. \(undecidedWords)"
        : "It was made of an image (SHA-256 \(hash.prefix(12))…) that was compared with another (\(other)…): "
          + "\(judged.words). " + undecidedWords
      return Finding("sides-mirrored", .blocking, text, file: name)
    }
    let written = hashes.filter { !lineage.lookalikes.contains($0) }
    return decision(
      on: written, name: name, source: "It was made of an image that a person decided about. ")
      ?? decision(
        on: lineage.lookalikes, name: name,
        source: "It looks like an image that a person decided about. ")
  }

  /// Refuses what rests on the sides of an image that was found mirrored against another, or was made of such a one.
  ///
  /// - Parameter hashes: of the image's file and of its voxels.
  package static func requireUnblocked(
    _ hashes: [String], ancestors: some Sequence<String>, name: String, for what: String
  ) throws(Problem) {
    for hash in hashes { try requireUnblocked(hash, name: name, for: what) }
    for hash in ancestors {
      guard let judged = blocks.withLock({ $0 })(hash) else { continue }
      throw mirroredProblem(
        name, "the image with SHA-256 \(judged.other(than: hash).prefix(12))…", judged, for: what,
        source: "\(hash.prefix(12))…, of which it was made or which it looks like, ")
    }
  }

  /// Refuses what rests on the sides of an image that was found mirrored against another, whichever is wrong.
  package static func requireUnblocked(
    _ sha256: String?, name: String, for what: String
  ) throws(Problem) {
    guard let sha256, let judged = blocks.withLock({ $0 })(sha256) else { return }
    throw mirroredProblem(
      name, "the image with SHA-256 \(judged.other(than: sha256).prefix(12))…", judged, for: what)
  }

  /// What is known of two images by all that they are known by; nil where the check was never run.
  package static func judged(_ a: ImageDescription, _ b: ImageDescription) -> JudgedSides? {
    for one in a.hashes {
      if let found = b.hashes.lazy.compactMap({ judged(one, $0) }).first { return found }
    }
    return nil
  }

  /// What is known of two images by one hash of each; nil where the check was never run.
  package static func judged(_ a: String, _ b: String) -> JudgedSides? {
    guard !a.isEmpty, !b.isEmpty, a != b else { return nil }
    return source.withLock { $0 }(a, b)
  }
}

extension Finding {
  /// Whether a person and no file says which side is left: it goes along with everything that rests on it.
  package var isOfDecidedSides: Bool { ["sides-decided", TrustedForm.findingCode].contains(code) }
}

func mirroredProblem(
  _ a: String, _ b: String, _ judged: JudgedSides, for what: String, source: String = ""
) -> Problem {
  Problem(
    .data, a, "\(what) is blocked: \(source)compared with \(b), \(judged.words)",
    expected: "images that agree about left and right, or a person's decision",
    remedy:
      judged.isUnreadable
      ? "Compare the two again with `boldspect flipcheck`, which puts the damaged record aside"
      : "Find out which of the two is wrong; if both are right, say why with `boldspect flipcheck --decide`"
  )
}

extension LoadedStudy {
  /// Tells what is known of the sides of a file against those that are here already.
  mutating func tellSides(of file: StudyFile) {
    guard file.role.isOfPerson else { return }
    let here = Set(files.flatMap(\.hashes))
    if let told = SideLedger.finding(of: file.lineage, name: file.name),
      !findings.contains(told)
    {
      findings.append(told)
    }
    if let told = SideLedger.finding(of: file.hashes, name: file.name),
      !here.contains(where: { other in
        file.hashes.contains { own in
          // What is told of the two is told below.
          sides(other, own).map { told.severity == .blocking ? $0.isBlocking : $0.decision != nil }
            ?? false
        }
      }), !findings.contains(told)
    {
      findings.append(told)
    }
    for other in files where other.role.isOfPerson {
      guard !other.sha256.isEmpty, !file.sha256.isEmpty,
        let judged = Self.judged(other, file, sides)
      else { continue }
      let words = "Compared with \(other.name), \(judged.agreement.words)."
      var told: [Finding] = []
      switch judged.agreement.verdict {
      case .same: told = [Finding("sides-agree", .note, words, file: file.name)]
      case .unknown: told = [Finding("sides-not-told", .note, words, file: file.name)]
      case .mirrored:
        told = [
          Finding(
            "sides-mirrored", judged.isBlocking ? .blocking : .warning, words, file: file.name)
        ]
      }
      if let words = judged.decisionWords {
        told.append(Finding("sides-decided", .warning, words, file: file.name))
      }
      for one in told where !findings.contains(one) { findings.append(one) }
    }
  }

  /// Tells anew what is known of the sides of its files, once that has changed.
  package mutating func retellSides() {
    findings.removeAll { LoadedStudy.isOfSides($0) }
    let all = files
    files = []
    for file in all {
      tellSides(of: file)
      files.append(file)
    }
  }

  /// Whether something is told of sides that were compared, and not of what an image was made of.
  package static func isOfSides(_ finding: Finding) -> Bool {
    ["sides-agree", "sides-not-told", "sides-mirrored", "sides-decided"].contains(finding.code)
      && !Lineage.isOfOrigin(finding)
  }

  /// Two of its files whose sides were compared.
  package struct JudgedPair: Sendable {
    package var first: StudyFile
    package var second: StudyFile
    package var judged: JudgedSides
  }

  /// What is known of two files, by their own hashes or by those of their voxels.
  private static func judged(
    _ a: StudyFile, _ b: StudyFile, _ known: SideLedger.Source
  ) -> JudgedSides? {
    for one in a.hashes {
      for other in b.hashes {
        if let found = known(one, other) { return found }
      }
    }
    return nil
  }

  /// All that is known of the sides of its files.
  package func judgedPairs(_ known: SideLedger.Source) -> [JudgedPair] {
    let own = files.filter { $0.role.isOfPerson && !$0.sha256.isEmpty }
    return own.indices.flatMap { n in
      own[..<n].compactMap { a in
        Self.judged(a, own[n], known).map { JudgedPair(first: a, second: own[n], judged: $0) }
      }
    }
  }

  /// Scans and anatomies of the person whose sides were found to agree with no other's; none of a single image.
  package var uncomparedSides: [String] { Self.uncomparedSides(files, sides) }

  /// The same of files that were let in by several doors.
  package static func uncomparedSides(
    _ files: [StudyFile], _ known: SideLedger.Source = { SideLedger.judged($0, $1) }
  ) -> [String] {
    let own = files.filter { [.bold, .anatomy, .spect, .interictal, .second].contains($0.role) }
    var seen: Set<String> = []
    let images = own.filter { seen.insert($0.sha256).inserted }
    guard images.count > 1 else { return [] }
    return images.filter { one in
      !images.contains { other in
        other.sha256 != one.sha256
          && judged(one, other, known).map { $0.agreement.verdict != .unknown } ?? false
      }
    }.map(\.name)
  }

  /// Refuses what is kept by hashes, where a person's decision and not a file says which side is left.
  package func requireOwnGeometry(for what: String) throws(Problem) {
    guard let found = files.first(where: \.hasTrustedForm) else { return }
    throw TrustedForm.problem(found.name, for: what)
  }

  /// Refuses work that rests on sides while two images of the study are mirrored against each other.
  package func requireSidesDecided(for what: String) throws(Problem) {
    // What images were made of is read from disk: only where something is blocked at all.
    if SideLedger.blocksAny {
      for file in files where file.role.isOfPerson && !file.sha256.isEmpty {
        try SideLedger.requireUnblocked(
          file.hashes, ancestors: try file.lineage.followed().hashes, name: file.name, for: what)
      }
    }
    for pair in judgedPairs(sides) where pair.judged.isBlocking {
      throw mirroredProblem(pair.second.name, pair.first.name, pair.judged, for: what)
    }
  }
}
