import Basics
import ImageFiles

/// The people of a study as bytes, so that they need not be put together again while no folder changes.
///
/// Only ever read back where the tree that they were made of is the same; what cannot be read is as good as none.
/// Layout: the program, the number of labels that several data sets have, of files, the words that occur again and again, the
/// folders, the lengths of what is written of each person, and that. A number is seven bits a byte, the lowest first.
enum ListingBytes {
  /// Which program put people together: another build may do it otherwise. Empty where nothing says it.
  private static let maker: [Int] =
    FileIdentity("/proc/self/exe").map { own in
      // Numbers are written in 56 bits.
      [Int(own.inode & 0xff_ffff_ffff), Int(own.size), Int(own.modifiedNanoseconds / 1000)]
    } ?? []

  static func bytes(of listing: SortedPeople, root: String) -> [UInt8] {
    let (words, folders) = (WordTable(), WordTable())
    let people = listing.people.map { person -> [UInt8] in
      var writer = PersonWriter(root: root, words: words, folders: folders)
      writer.put(person)
      return writer.out.bytes
    }
    var out = ByteWriter()
    out.put(maker) { $0.put($1) }
    for number in [listing.doubledCount, listing.fileCount] { out.put(number) }
    for table in [words, folders] { out.put(table.all) { $0.put(text: $1) } }
    out.put(people) { $0.put($1.count) }
    for person in people { out.bytes += person }
    return out.bytes
  }

  /// Nil where the bytes are of another program, or of no listing.
  static func people(_ bytes: [UInt8], root: String, only: String?) -> SortedPeople? {
    var reader = ByteReader(bytes, 0..<bytes.count)
    guard !maker.isEmpty, reader.list({ $0.number() }) == maker,
      let doubled = reader.number(), let files = reader.number(),
      let words = reader.list({ $0.text() }), let folders = reader.list({ $0.textRange() }),
      let lengths = reader.list({ $0.number() })
    else { return nil }
    var starts: [Int] = []
    var at = reader.at
    for length in lengths {
      starts.append(at)
      guard length <= bytes.count - at else { return nil }
      at += length
    }
    guard at == bytes.count else { return nil }
    let wanted = only.map { Array($0.utf8) }
    let begins = starts
    let found = parallelMap(lengths.count) { n -> StudyPerson?? in
      let own = ByteReader(bytes, begins[n]..<(begins[n] + lengths[n]))
      var reader = PersonReader(own, root: Array(root.utf8), words: words, folders: folders)
      return reader.person(only: wanted)
    }
    var people: [StudyPerson] = []
    people.reserveCapacity(found.count)
    for one in found {
      guard let one else { return nil }
      if let one { people.append(one) }
    }
    // Of one label it is told whether that is of several data sets, not how many others are.
    let own = people.contains { $0.family != nil } ? 1 : 0
    return SortedPeople(
      people: people, doubledCount: only == nil ? doubled : own, fileCount: files)
  }
}

/// What is put together of a tree.
struct SortedPeople: Equatable, Sendable {
  var people: [StudyPerson]
  /// How many labels several data sets have.
  var doubledCount: Int
  var fileCount: Int
}
