package import Basics
import Foundation
import Glibc
package import ImageFiles
package import Imaging
package import Study
import Synchronization

extension JudgedSides {
  package var json: JSON {
    .object([
      ("first", .string(first)), ("second", .string(second)),
      ("first_voxels", .optional(firstVoxels)), ("second_voxels", .optional(secondVoxels)),
      ("first_likeness", .optional(firstLikeness?.text)),
      ("second_likeness", .optional(secondLikeness?.text)),
      ("verdict", .string(agreement.verdict.rawValue)), ("margin", .number(agreement.margin)),
      ("stored", .number(agreement.stored)), ("mirrored", .number(agreement.mirrored)),
      ("decision", decision?.json ?? .null), ("withdrawal", withdrawal?.json ?? .null),
    ])
  }

  init?(_ json: JSON) {
    guard let first = json["first"]?.asString, let second = json["second"]?.asString,
      let verdict = json["verdict"]?.asString.flatMap(SideAgreement.Verdict.init(rawValue:)),
      let margin = json["margin"]?.number, let stored = json["stored"]?.number,
      let mirrored = json["mirrored"]?.number
    else { return nil }
    self.init(
      first: first, second: second,
      agreement: SideAgreement(
        verdict: verdict, margin: margin, stored: stored, mirrored: mirrored))
    (firstVoxels, secondVoxels) = (
      json["first_voxels"]?.asString, json["second_voxels"]?.asString
    )
    firstLikeness = json["first_likeness"]?.asString.flatMap(ImageLikeness.init(text:))
    secondLikeness = json["second_likeness"]?.asString.flatMap(ImageLikeness.init(text:))
    if let made = json["decision"], made != .null {
      guard let read = SideDecision(made) else { return nil }
      decision = read
    }
    if let made = json["withdrawal"], made != .null {
      guard let read = SideDecision(made) else { return nil }
      withdrawal = read
    }
  }
}

extension SideDecision {
  fileprivate var json: JSON {
    .object([
      ("reason", .string(reason)), ("rater", .string(rater)), ("time", .string(time)),
    ])
  }

  fileprivate init?(_ json: JSON) {
    guard let reason = json["reason"]?.asString, let rater = json["rater"]?.asString,
      let time = json["time"]?.asString
    else { return nil }
    self.init(reason: reason, rater: rater, time: time)
  }
}

/// What is kept of sides, under the hash of either image and of its voxels, so that what is known of one is one file,
/// and a copy of it is known by what it holds.
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

  private func path(of hash: String) -> String {
    "\(folder.path)/sides-\(hash.prefix(32)).json"
  }

  private func all(of hash: String) -> [JudgedSides] {
    stored(under: hash).filter { $0.isOf(hash) }
  }

  /// Records that were read, as long as their files do not change: every image asks for all of them.
  private static let known = Mutex<[String: (identity: FileIdentity, pairs: [JudgedSides])]>([:])

  private func stored(under hash: String) -> [JudgedSides] {
    let path = path(of: hash)
    guard let identity = FileIdentity(path) else { return [] }
    if let known = Self.known.withLock({ $0[path] }), known.identity == identity {
      return known.pairs
    }
    let pairs = (try? file(of: hash).stored()) ?? []
    Self.known.withLock { $0[path] = (identity, pairs) }
    return pairs
  }

  /// The newest that was said of two images, in whichever order they are named.
  package func judged(_ a: String, _ b: String) -> JudgedSides? {
    all(of: a).last { $0.isOf(a, b) }.map(current)
  }

  /// The same with what was found or decided last, perhaps about copies of the two.
  private func current(_ one: JudgedSides) -> JudgedSides {
    guard let a = one.firstVoxels, let b = one.secondVoxels,
      let newest = all(of: a).last(where: { $0.isOf(a, b) })
    else { return one }
    var out = one
    (out.agreement, out.decision, out.withdrawal) = (
      newest.agreement, newest.decision, newest.withdrawal
    )
    return out
  }

  /// A pair that is mirrored and undecided, of which an image with this hash is one.
  ///
  /// Each record lies under the hashes of both images: where one of them was lost, the other still tells.
  package func blocking(_ hash: String) -> JudgedSides? {
    if isOutOfReach { return .unreadable(hash) }
    let known = all(of: hash)
    // A record is never written empty: what cannot be read may have said mirrored.
    if known.isEmpty, isThere(path(of: hash)) { return .unreadable(hash) }
    let own = known.last { one in
      known.last { $0.isOf(one.first, one.second) } == one && current(one).isBlocking
    }
    return own ?? (known.isEmpty ? allBlocking.last { $0.isOf(hash) } : nil)
  }

  /// A pair that a person decided on, of which an image with this hash is one.
  package func decided(_ hash: String) -> JudgedSides? {
    all(of: hash).last { current($0).decision != nil }.map(current)
  }

  /// Whether the folder cannot be looked into: then anything may be kept there.
  private var isOutOfReach: Bool {
    var status = stat()
    guard lstat(folder.path, &status) != 0 else { return access(folder.path, R_OK | X_OK) != 0 }
    return errno != ENOENT
  }

  /// Whether something has the name, and be it a link that leads nowhere.
  private func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static let listed = Mutex<[String: (folder: FolderState, names: [String])]>([:])

  /// A folder as it was when it was listed.
  private struct FolderState: Equatable {
    var device: UInt64
    var inode: UInt64
    var seconds: Int
    var nanoseconds: Int

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }

    /// Whether a later change could have the same time: clocks of file systems go in steps.
    var isFresh: Bool { abs(time(nil) - seconds) < 2 }
  }

  /// Every image asks for them, and a folder may hold thousands of other records.
  private var names: [String] {
    let state = FolderState(folder.path)
    if let state, !state.isFresh, let known = Self.listed.withLock({ $0[folder.path] }),
      known.folder == state
    {
      return known.names
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasPrefix("sides-") && $0.hasSuffix(".json") }.sorted()
    if let state { Self.listed.withLock { $0[folder.path] = (state, names) } }
    return names
  }

  /// Whether nothing was found out about any images.
  package var isEmpty: Bool { names.isEmpty && !isOutOfReach }

  /// Every pair that is mirrored and undecided, and every record that cannot be read and may have said so.
  package var allBlocking: [JudgedSides] {
    names.flatMap {
      name -> [JudgedSides] in
      let hash = String(name.dropFirst("sides-".count).dropLast(".json".count))
      let known = stored(under: hash)
      if known.isEmpty { return [.unreadable(hash)] }
      return known.filter { one in
        current(one).isBlocking && known.last { $0.isOf(one.first, one.second) } == one
      }
    }
  }

  /// Images of mirrored and undecided pairs that look like copies of one with this likeness.
  ///
  /// - Parameter voxels: the hash by which the image itself is known; one whose own sides were found to agree with
  ///   another's, or were decided about, stands for itself.
  package func resembling(_ likeness: ImageLikeness, voxels: String?) -> [String] {
    if let voxels, all(of: voxels).contains(where: { !current($0).isBlocking }) { return [] }
    var out: Set<String> = []
    for pair in allBlocking where voxels.map(pair.isOf) != true {
      for (hash, own) in [
        (pair.first, pair.firstLikeness), (pair.second, pair.secondLikeness),
      ] where own.map(likeness.isCopy) == true { out.insert(hash) }
    }
    return out.sorted()
  }

  /// Keeps what was found. A person's decision about the two stays beside it, until a person withdraws it.
  ///
  /// - Returns: what was put aside to make room.
  @discardableResult
  package func keep(_ found: JudgedSides) throws(Problem) -> Problem? {
    var judged = found
    if found.decision == nil, found.withdrawal == nil, let before = known(found) {
      (judged.decision, judged.withdrawal) = (before.decision, before.withdrawal)
    }
    var aside: Problem?
    for hash in [judged.first, judged.second, judged.firstVoxels, judged.secondVoxels] {
      guard let hash else { continue }
      let made = try file(of: hash).add(judged)
      aside = aside ?? made
    }
    return aside
  }

  /// What is known of the two of a comparison, by their files or else by their voxels.
  private func known(_ found: JudgedSides) -> JudgedSides? {
    judged(found.first, found.second)
      ?? found.firstVoxels.flatMap { a in found.secondVoxels.flatMap { judged(a, $0) } }
  }

  /// Keeps what was found of two images and whose they are, and makes it what is known now.
  package func keep(
    _ judged: inout JudgedSides, isNew: Bool, of images: [ImageDescription]
  ) throws(Problem) {
    let people = KeptPeople(folder)
    for d in images {
      for hash in d.hashes { try people.keep(d.patient, path: d.path, sha256: hash) }
    }
    // What was kept before voxels were looked at learns of them.
    let isNamed = judged.name(voxelsOf: images.map { ($0.sha256, $0.voxelsSHA256) })
    let isOfCopies = take(images, into: &judged)
    guard isNew || isNamed || isOfCopies else { return }
    try keep(judged)
    judged = self.judged(judged.first, judged.second) ?? judged
  }

  /// Puts copies of the two in their place: what is made of them names them by their own files.
  private func take(_ images: [ImageDescription], into judged: inout JudgedSides) -> Bool {
    func own(_ hash: String, _ voxels: String?) -> String {
      if images.contains(where: { $0.sha256 == hash }) { return hash }
      return images.first { voxels != nil && $0.voxelsSHA256 == voxels }?.sha256 ?? hash
    }
    let before = (judged.first, judged.second)
    judged.first = own(judged.first, judged.firstVoxels)
    judged.second = own(judged.second, judged.secondVoxels)
    return before != (judged.first, judged.second)
  }

  /// The same of a comparison that may not have been possible.
  package func keep(
    _ sides: (judged: JudgedSides, isNew: Bool)?, of images: [ImageDescription]
  ) throws(Problem) {
    guard let sides else { return }
    var judged = sides.judged
    try keep(&judged, isNew: sides.isNew, of: images)
  }

  /// What stood in the way of keeping something that was worked out: the work is answered first and this thrown last.
  ///
  /// - Throws: anything but a disk or a folder that does not take it.
  package static func problemOfKeeping(
    _ what: String, _ keep: () throws(Problem) -> Void
  ) throws(Problem) -> Problem? {
    do throws(Problem) {
      try keep()
      return nil
    } catch {
      guard error.kind == .inputOutput || error.kind == .cannotCreate else { throw error }
      return error.asUnkept(what)
    }
  }

  /// A person's decision about two images that were compared.
  ///
  /// - Throws: where they were not, or where no reason is given.
  package func decide(
    _ a: String, _ b: String, reason: String, rater: String = NSUserName(),
    time: String = utcNow()
  ) throws(Problem) -> JudgedSides {
    let words = try typedReason(
      reason, of: "the decision", expected: "why the sides are right, in words")
    guard var judged = judged(a, b) else {
      throw Problem(
        .data, "the decision", "the two images were not compared",
        expected: "a pair that `boldspect flipcheck` has judged")
    }
    judged.decision = SideDecision(reason: words, rater: rater, time: time)
    judged.withdrawal = nil
    try keep(judged)
    return judged
  }

  /// Takes a person's decision about two images back.
  ///
  /// - Throws: where there is none, or where no reason is given.
  package func withdraw(
    _ a: String, _ b: String, reason: String, rater: String = NSUserName(),
    time: String = utcNow()
  ) throws(Problem) -> JudgedSides {
    let words = try typedReason(
      reason, of: "the withdrawal", expected: "why the decision does not hold, in words")
    guard var judged = judged(a, b), judged.decision != nil else {
      throw Problem(
        .data, "the withdrawal", "nobody decided about the two images",
        expected: "a pair that a person decided about")
    }
    judged.decision = nil
    judged.withdrawal = SideDecision(reason: words, rater: rater, time: time)
    try keep(judged)
    return judged
  }
}
