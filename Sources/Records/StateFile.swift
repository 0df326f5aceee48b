package import Basics
import Foundation
import Glibc
import ImageFiles

/// How one kind of kept thing looks as a file.
package struct StateForm<Item> {
  /// What a person calls it, such as "marks".
  package var what: String
  /// The member that holds the list.
  package var member: String
  package var json: (Item) -> JSON
  /// The list from the text of a file; the name is for messages.
  package var items: (_ text: String, _ name: String) throws(Problem) -> [Item]
  package var isSame: (Item, Item) -> Bool
  /// One list of what is kept here and what another session wrote meanwhile.
  package var joined: (_ mine: [Item], _ others: [Item]) -> [Item] = { $0 + $1 }
  /// The file of a version that kept it elsewhere, which is read where there is no other and never changed.
  package var older: (name: String, items: (String) -> [Item])?

  package init(
    what: String, member: String, json: @escaping (Item) -> JSON,
    items: @escaping (_ text: String, _ name: String) throws(Problem) -> [Item],
    isSame: @escaping (Item, Item) -> Bool
  ) {
    self.what = what
    self.member = member
    self.json = json
    self.items = items
    self.isSame = isSame
  }
}

extension StateForm {
  /// A list of which every item must be readable.
  ///
  /// - Parameters:
  ///   - item: nil for what cannot be one.
  ///   - expected: what every item has.
  package init(
    what: String, member: String, json: @escaping (Item) -> JSON,
    item: @escaping (JSON) -> Item?, expected: String, isSame: @escaping (Item, Item) -> Bool
  ) {
    self.init(
      what: what, member: member, json: json,
      items: { (text, name) throws(Problem) in
        guard let items = try? JSON.parse(text).value[member]?.items else {
          throw Problem(.data, name, "it holds no \(member)", expected: what)
        }
        var out: [Item] = []
        for one in items {
          guard let read = item(one) else {
            throw Problem(.data, name, "one of its \(member) cannot be read", expected: expected)
          }
          out.append(read)
        }
        return out
      }, isSame: isSame)
  }
}

/// One list in the user's state folder, kept at every change and shared with other sessions.
///
/// It is replaced as a whole or not at all, with what another session wrote since it was read. What cannot
/// be read is put aside under another name; what a newer version wrote is left as it is and refused.
package final class StateFile<Item> {
  private let folder: String
  private let path: String
  private let form: StateForm<Item>
  private let isShared: Bool
  /// What this session wrote last, and what it has read: all else in the file is another session's.
  private var written: [Item] = []
  private var read: [Item] = []

  /// The newest format that is understood; files of 0.1 state none.
  package static var format: Int { 1 }

  /// - Parameters:
  ///   - name: in the folder, without its ending.
  ///   - isShared: whether others may read and write it too, by the umask.
  package init(
    _ name: String, in folder: String, isShared: Bool = false, _ form: StateForm<Item>
  ) {
    self.folder = folder
    self.isShared = isShared
    path = folder + "/" + name + ".json"
    self.form = form
  }

  /// Writes the list beside what other sessions wrote; an emptied one stays as `.old`.
  ///
  /// - Parameter knowsRead: whether whoever made the list had seen what `recovered` gave: only then does a
  ///   missing item mean that it was removed.
  /// - Returns: what was put aside to make room.
  @discardableResult
  package func keep(_ items: [Item], knowsRead: Bool = true) throws(Problem) -> Problem? {
    try UserFolders.make(folder, for: form.what, isShared: isShared)
    let lock = FolderLock(folder)
    defer { lock.open() }
    let stored: Stored
    var aside: Problem?
    do throws(Problem) { stored = try load() } catch {
      guard error.kind == .data else { throw error }
      aside = try putAside()
      stored = Stored(items: [], format: Self.format)
    }
    try requireReadable(stored.format)
    let known = knowsRead ? written + read : written
    let others = stored.items.filter { there in
      !known.contains { form.isSame($0, there) } && !items.contains { form.isSame($0, there) }
    }
    let all = form.joined(items, others)
    if FileManager.default.fileExists(atPath: path) {
      if stored.format < Self.format { try copyOnce(".0.1") }
      if all.isEmpty { try move(to: path + ".old") }
    }
    if !all.isEmpty { try write(all) }
    written = items
    if knowsRead { read = [] }
    return aside
  }

  /// Adds one item beside all that is there, whoever wrote it.
  ///
  /// - Returns: what was put aside to make room.
  @discardableResult
  package func add(_ item: Item) throws(Problem) -> Problem? {
    try UserFolders.make(folder, for: form.what, isShared: isShared)
    let lock = FolderLock(folder)
    defer { lock.open() }
    var all: [Item] = []
    var aside: Problem?
    do throws(Problem) {
      let stored = try load()
      try requireReadable(stored.format)
      all = stored.items
    } catch {
      guard error.kind == .data else { throw error }
      aside = try putAside()
    }
    if !all.contains(where: { form.isSame($0, item) }) { try write(all + [item]) }
    return aside
  }

  /// What is there, for whoever only looks: nothing is put aside.
  package func stored() throws(Problem) -> [Item] {
    let stored = try load()
    try requireReadable(stored.format)
    return stored.items
  }

  private func write(_ items: [Item]) throws(Problem) {
    let document = JSON.object([
      ("GeneratedBy", .string("boldspect")), ("kind", .string(form.what)),
      ("format", .int(Self.format)), (form.member, .array(items.map(form.json))),
    ])
    try AtomicFile.write(path, Array((document.text + "\n").utf8), overwrite: true)
    guard isShared else { return }
    let mask = umask(0)
    umask(mask)
    chmod(path, 0o666 & ~mask)
  }

  /// What earlier sessions left; nothing of it is changed.
  ///
  /// - Throws: what cannot be read, once it was put aside, or what a newer version wrote.
  package func recovered() throws(Problem) -> [Item] {
    // What a killed session left goes although nothing is kept this time.
    AtomicFile.removeLeftovers(in: folder)
    do throws(Problem) {
      let stored = try load()
      try requireReadable(stored.format)
      read = stored.items
      return read
    } catch {
      if error.kind == .data { throw try putAside() }
      throw error
    }
  }

  private struct Stored {
    var items: [Item]
    var format: Int
  }

  private func load() throws(Problem) -> Stored {
    guard FileManager.default.fileExists(atPath: path) else {
      let text = form.older.flatMap { try? readTextFile(folder + "/" + $0.name) }
      return Stored(items: text.flatMap { form.older?.items($0) } ?? [], format: Self.format)
    }
    let name = form.what + Problem.earlierSession
    let text = try readTextFile(path)
    let json: JSON
    do throws(JSONFault) { json = try JSON.parse(text).value } catch {
      throw Problem(.data, name, "line \(error.line): \(error.found)", expected: "JSON")
    }
    let format: Int
    switch json["format"] {
    case .none: format = 0
    case .int(let n)?: format = n
    case .number(let x)? where x == x.rounded() && abs(x) < 1e6: format = Int(x)
    case .some: throw Problem(.data, name, "its format is no number", expected: "a number")
    }
    // How a newer version writes its items is not known here.
    if format > Self.format { return Stored(items: [], format: format) }
    return Stored(items: try form.items(text, name), format: format)
  }

  private func requireReadable(_ format: Int) throws(Problem) {
    guard format > Self.format else { return }
    throw Problem(
      .unavailable, form.what + Problem.earlierSession,
      "a newer version of boldspect wrote them, in format \(format)",
      expected: "format \(Self.format) or older",
      remedy: "They stay as they are, and no \(form.what) are kept here")
  }

  /// Moves what cannot be read to another name, which the problem says.
  private func putAside() throws(Problem) -> Problem {
    var aside = path + ".damaged-\(Int(Date().timeIntervalSince1970))"
    while FileManager.default.fileExists(atPath: aside) { aside += "x" }
    try move(to: aside)
    return Problem(
      .data, form.what + Problem.earlierSession, "they cannot be read and were put aside",
      expected: form.what, remedy: "\(fileName(aside)) in the state folder holds them")
  }

  private func move(to other: String) throws(Problem) {
    guard rename(path, other) == 0 else {
      throw Problem(.inputOutput, form.what, "they cannot be put aside")
    }
  }

  /// The file as an older version wrote it, before it is written anew for the first time.
  private func copyOnce(_ ending: String) throws(Problem) {
    guard !FileManager.default.fileExists(atPath: path + ending) else { return }
    do { try FileManager.default.copyItem(atPath: path, toPath: path + ending) } catch {
      try? FileManager.default.removeItem(atPath: path + ending)
      throw Problem(.inputOutput, form.what, "the older file cannot be copied before it is changed")
    }
  }
}

/// Two sessions that read and write at once would each lose what the other wrote.
private struct FolderLock {
  private let descriptor: Int32

  init(_ folder: String) {
    descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Where a file system knows no locks the rest goes on as without.
    if descriptor >= 0 { _ = flock(descriptor, LOCK_EX) }
  }

  func open() { if descriptor >= 0 { close(descriptor) } }
}
