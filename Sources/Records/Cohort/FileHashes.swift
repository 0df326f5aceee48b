package import Basics
package import ImageFiles
import Synchronization

/// Hashes of files, of those that did not change since they were read last without reading them again.
package final class FileHashes: Sendable {
  private let book: FactBook
  /// Whether what is known is not believed, and every file is read.
  private let provesAll: Bool
  private let proved = Mutex<[String: String]>([:])

  package init(_ book: FactBook, provesAll: Bool) {
    self.book = book
    self.provesAll = provesAll
  }

  /// Of a file as it is now; nil where there is none.
  package func hash(of path: String) throws(Problem) -> String? {
    guard let identity = FileIdentity(path) else { return nil }
    if let known = proved.withLock({ $0[path] }) { return known }
    if !provesAll, let known = book.facts(of: identity)?.sha256 { return known }
    let found = try sha256(ofFile: path)
    learn(found, of: path, seen: identity)
    return found
  }

  /// A file was read, or written, and had this hash; what has changed since it was looked at is not remembered.
  package func learn(_ sha256: String, of path: String, seen: FileIdentity? = nil) {
    guard let now = FileIdentity(path), seen == nil || seen == now else { return }
    var facts = FileFacts()
    facts.sha256 = sha256
    book.learn(facts, of: now)
    if provesAll { proved.withLock { $0[path] = sha256 } }
  }
}
