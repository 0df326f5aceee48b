package import Basics
import Foundation
import Synchronization

/// What stands beside an image of how it came about: what it was made of, and what was decided on the way.
package struct Lineage: Sendable, Equatable {
  /// SHA-256 of what it was made of, and of what that was made of, as far as boldspect wrote it down.
  package private(set) var ancestors: [String] = []
  /// Images of these that nobody wrote down, but of which it seems to be a copy.
  package private(set) var lookalikes: [String] = []
  /// Decisions and doubts about what it was made of, which hold for it too.
  package private(set) var inherited: [Finding] = []
  /// What another program says that it was made of, by BIDS: paths or URIs.
  private var sources: [String] = []
  /// Whether boldspect wrote down everything that it was made of.
  private var isWritten = false
  private var path = ""

  /// Of an image beside which nothing stands.
  package init() {}

  /// What is told of an input is told of all that is made of it.
  private static let inheritedCodes: Set<String> = [
    TrustedForm.findingCode, "not-accepted", "carried", "transform-warned", "sides-decided",
    "mixed-people", "other-person", "space-stated", "kind-stated", CleanedBefore.code,
  ]

  /// Whether something that is told of an image holds for all that is made of it.
  package static func isInherited(_ finding: Finding) -> Bool {
    inheritedCodes.contains(finding.code) && finding.severity > .note
  }

  /// What the JSON beside a file tells, an image's sidecar or what a transform is between; and what the image's own
  /// header tells, which goes with it when it is parted from that.
  package init(ofFile path: String) {
    self.path = path
    if let own = LineageExtension.members(ofFile: path) {
      isWritten = true
      ancestors = (own["ancestors"] as? [String] ?? []).filter(Self.isHash)
      inherited = (own["findings"] as? [[String: Any]] ?? []).compactMap(Self.finding)
    }
    let lower = path.lowercased()
    guard let ending = Self.endings.filter(lower.hasSuffix).max(by: { $0.count < $1.count }),
      let object = try? ImageReader.smallJSON(path.dropLast(ending.count) + ".json")
    else { return }
    read(object)
  }

  /// Of files whose name without the ending a JSON beside them has.
  private static let endings = [
    ".nii", ".nii.gz", ".hdr", ".img", ".hdr.gz", ".img.gz", ".txt", ".mgh", ".mgz", ".mgh.gz",
    ".head", ".brik", ".brik.gz",
  ]

  private mutating func read(_ object: [String: Any]) {
    sources = ["Sources", "RawSources"].flatMap { key -> [String] in
      (object[key] as? [String]) ?? (object[key] as? String).map { [$0] } ?? []
    }
    guard object["GeneratedBy"] as? String == "boldspect" else { return }
    let ends =
      (object["inputs"] as? [[String: Any]] ?? [])
      + [
        object["moving"], object["fixed"],
      ].compactMap { $0 as? [String: Any] }
    let older = object["ancestors"] as? [String]
    let imported = object["SourcesSHA256"] as? String
    isWritten = isWritten || older != nil || imported != nil
    let all =
      ends.compactMap { $0["sha256"] as? String } + [imported].compactMap { $0 } + (older ?? [])
    ancestors = Set(ancestors + all.filter(Self.isHash)).sorted()
    for one in (object["findings"] as? [[String: Any]] ?? []).compactMap(Self.finding)
    where !inherited.contains(one) {
      inherited.append(one)
    }
  }

  /// What it seems to be a copy of counts as what it was made of.
  package mutating func add(lookalikes: [String]) {
    guard !lookalikes.isEmpty else { return }
    self.lookalikes = lookalikes
    ancestors = Set(ancestors + lookalikes).sorted()
  }

  private static func isHash(_ text: String) -> Bool {
    text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
  }

  private static func finding(_ object: [String: Any]) -> Finding? {
    guard let code = object["code"] as? String, inheritedCodes.contains(code),
      let severity = (object["severity"] as? String).flatMap(Finding.Severity.init(rawValue:)),
      severity > .note, let text = object["text"] as? String
    else { return nil }
    return Finding(code, .warning, text.hasPrefix(originMark) ? text : originMark + text)
  }

  private static let originMark = "Of what it was made of: "

  /// Whether it was told of what an image was made of.
  package static func isOfOrigin(_ finding: Finding) -> Bool { finding.text.hasPrefix(originMark) }

  /// Everything that the image was made of, the files that other programs name followed too, and whether nothing is
  /// left unknown.
  ///
  /// - Throws: where a file that is named and there cannot be read.
  package func followed() throws(Problem) -> (hashes: Set<String>, isWhole: Bool) {
    var seen: Set<String> = []
    return try followed(&seen)
  }

  private func followed(
    _ seen: inout Set<String>
  ) throws(Problem) -> (hashes: Set<String>, isWhole: Bool) {
    var hashes = Set(ancestors)
    var isWhole = isWritten || !sources.isEmpty
    for name in sources {
      guard let file = resolved(name), seen.count < 64 else {
        isWhole = false
        continue
      }
      guard seen.insert(file).inserted else { continue }
      hashes.formUnion(try Self.hashes(ofSource: file))
      let before = Lineage(ofFile: file)
      // What names nothing that it was made of may be what was measured.
      let more = try before.followed(&seen)
      hashes.formUnion(more.hashes)
      if !before.sources.isEmpty { isWhole = isWhole && more.isWhole }
    }
    return (hashes, isWhole)
  }

  /// Hashes of sources as long as the program runs: one file is named by many.
  private static let known = Mutex<[FileIdentity: [String]]>([:])

  /// Of the file and, where it opens as an image, of its voxels: the source may be a copy of what is known.
  private static func hashes(ofSource file: String) throws(Problem) -> [String] {
    let identity = FileIdentity(file)
    if let identity, let hashes = known.withLock({ $0[identity] }) { return hashes }
    let hashes: [String]
    if let image = try? ImageReader.identify(file) {
      hashes = image.hashes
    } else {
      hashes = [try sha256(ofFile: file)]
    }
    // A file that was replaced while it was read is not remembered.
    if let identity, FileIdentity(file) == identity { known.withLock { $0[identity] = hashes } }
    return hashes
  }

  /// The file that a BIDS URI or a path means; nil where it is not there.
  private func resolved(_ name: String) -> String? {
    var relative = name
    var dataset = ""
    if name.hasPrefix("bids:") {
      let parts = name.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      (dataset, relative) = (String(parts[1]), String(parts[2]))
    }
    let beside = URL(filePath: absolutePath(path)).deletingLastPathComponent().path
    if relative.hasPrefix("/") { return isRegular(relative) ? relative : nil }
    var places = [beside]
    var folder = beside
    for _ in 0..<8 {
      if isRegular(folder + "/dataset_description.json") {
        places.append(folder)
        if let link = Self.link(dataset, in: folder) { places.insert(link, at: 0) }
      }
      let above = URL(filePath: folder).deletingLastPathComponent().path
      if above == folder { break }
      folder = above
    }
    return places.map { $0 + "/" + relative }.first(where: isRegular)
  }

  /// Where a data set says that another one lies (DatasetLinks).
  private static func link(_ name: String, in root: String) -> String? {
    guard !name.isEmpty,
      let about = try? ImageReader.smallJSON(root + "/dataset_description.json"),
      let text = (about["DatasetLinks"] as? [String: Any])?[name] as? String
    else { return nil }
    let path = text.hasPrefix("file://") ? String(text.dropFirst(7)) : text
    return path.hasPrefix("/") ? path : absolutePath(root + "/" + path)
  }

  private func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
