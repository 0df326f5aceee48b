import Basics
import Foundation
import ImageFiles

/// Whose a file's name says that it is, where it lies in another person's folder.
struct Stranger: Equatable {
  /// Another person of the list; nil where the name only carries words that may be a person's.
  var person: String?

  var words: String {
    person.map { "its name is that of \($0), another person of this list" }
      ?? "its name may be somebody else's"
  }

  var reason: String { words + ": opened only when it is chosen" }
}

/// The words that the people of a list are called by.
struct ListedNames: Sendable {
  /// For each word the people who have it.
  private var people: [Substring: Set<String>] = [:]

  init(_ subjects: some Sequence<String>) {
    for subject in subjects {
      for word in Self.tellingWords(of: subject) { people[word, default: []].insert(subject) }
    }
  }

  /// Words that may tell people apart: names, and numbers as long as a patient's.
  private static func tellingWords(of text: String) -> [Substring] {
    lowerWords(text).filter { word in
      isNobodysWord(word)
        ? false : word.allSatisfy(\.isNumber) ? word.count > 3 : word.count > 2 && word != "sub"
    }
  }

  /// Whose a file's name says that it is, where that is not who it lies with.
  ///
  /// - Parameter isImage: whether it is one of a visit's images, whose names carry no other words than these.
  func stranger(in name: EntityName, of subject: String, isImage: Bool) -> Stranger? {
    let own = Set(lowerWords(subject))
    let words = lowerWords(name.stem)
    let others = words.filter { word in
      guard !own.contains(word), let theirs = people[word] else { return false }
      return !theirs.contains(subject)
    }
    // Who has most of the words: of one family name there may be several.
    let best = Set(others.flatMap { people[$0] ?? [] }).max { a, b in
      func count(_ one: String) -> Int { others.count { people[$0]?.contains(one) ?? false } }
      return count(a) == count(b) ? comesBefore(b, a) : count(a) < count(b)
    }
    if let best { return Stranger(person: best) }
    guard isImage, own.isDisjoint(with: words), let owner = PlainNames.owner(of: name),
      lowerWords(owner).contains(where: mayBeName)
    else { return nil }
    return Stranger()
  }
}

/// Whether a word is one of letters that no kind of image, space or program explains: numbers and marks of processing
/// are no names.
func mayBeName(_ word: Substring) -> Bool {
  word.count > 2 && word.contains(where: \.isLetter) && !isNobodysWord(word)
}

/// Whether a word is of images, spaces, programs or exports, and no person's.
func isNobodysWord(_ word: Substring) -> Bool {
  if [kindWords, visitWords, whenWords, technicalWords].contains(where: { $0.contains(word) }) {
    return true
  }
  if ["nicht", "kein", "keine", "ohne"].contains(word) || isWordOfImages(word) { return true }
  if ["mni", "icbm", "img", "export", "serie", "scan", "recon", "spect"].contains(where: {
    word.hasPrefix($0)
  }) {
    return true
  }
  // w, sw, r and the like before a word of a kind: what SPM writes in front.
  return (1...3).contains { word.count > $0 + 2 && isWordOfImages(word.dropFirst($0)) }
}

private let technicalWords: Set<Substring> = [
  "space", "res", "acq", "dir", "desc", "label", "trc", "hemi", "den", "echo", "part", "rec",
  "preproc", "template", "talairach", "colin", "colin27", "standard", "norm", "normalised",
  "normalized", "registered", "warped", "resampled", "aligned", "realigned", "copy", "kopie", "new",
  "neu", "old", "alt", "test", "image", "images", "bild", "file", "exam", "series", "slice",
  "slices", "transversal", "recon", "tomo", "nuc", "nuk", "siemens", "philips", "xeleris", "syngo",
  "iterative", "attenuation", "scatter", "butterworth", "gauss", "eyes", "open", "closed", "left",
  "right", "day", "night", "first", "second", "third", "one", "two", "three", "dual", "multi",
  "band", "multiband", "sms", "dwi", "asl", "swi", "gre", "tse", "tfe", "ffe", "mocap", "moco",
  "bet", "masked", "stripped", "skullstripped", "bias", "aroma", "ica", "smoothed", "unsmoothed",
  "control", "sample", "default", "unknown", "anonymous", "anonym", "anon", "inbox", "outbox",
  "incoming", "upload", "download", "downloads", "neurology", "psychiatry", "neurologie",
  "psychiatrie", "hospital", "clinic", "klinik", "ward", "station", "injection", "rcbf", "cbf",
]

/// Whose an image's name says that it is, where the folder it lies in is another person's; nil where nothing says so.
///
/// Asked of the folders alone, for who names a file without a list: the person's folder is the one above the visits,
/// and another person's lies beside it.
func strangerWords(ofPath path: String) -> String? {
  let name = EntityName(fileName(path))
  let folders = absolutePath(path).split(separator: "/").dropLast().map(String.init)
  guard name.subject == nil, !folders.contains(where: FolderPerson.isSubject),
    let at = folders.lastIndex(where: { !isVisit($0) && !isKindOfImage($0) }),
    lowerWords(folders[at]).contains(where: { !isNobodysWord($0) })
  else { return nil }
  let person = folders[at]
  let stem = Set(lowerWords(name.stem))
  let above = "/" + folders[..<at].joined(separator: "/")
  let others = ((try? FileManager.default.contentsOfDirectory(atPath: above)) ?? []).filter {
    // Every word of it: who lies beside is not known to be a person.
    let words = lowerWords($0)
    return $0 != person && !words.isEmpty && stem.isSuperset(of: words)
      && words.contains(where: { mayBeName($0) || $0.count > 3 && $0.allSatisfy(\.isNumber) })
  }
  let file = SortedFile(
    path: path, name: name, folders: [], dataset: "", layout: .plain, isAbsent: false)
  let isOfVisit = folders[at...].contains(where: isVisit)
  let found = ListedNames(others).stranger(
    in: name, of: person, isImage: isOfVisit && PlainNames.isNamedAsKind(file))
  return found.map { one in
    (one.person.map { "its name is that of \(visibleText($0, limit: 60))" }
      ?? "its name may be somebody else's")
      + ", and it lies in the folder of \(visibleText(person, limit: 60))"
  }
}

/// The folder beside the person's own that a file lies in: of two people in one study each has a folder.
///
/// - Parameter person: as the target has it, "Mueller_Anna 2024-03-01": a folder's name and perhaps a visit.
package func folderOfAnother(_ path: String, than person: String) -> String? {
  let words = person.split(separator: " ")
  let names = (1...max(1, words.count)).map { words.prefix($0).joined(separator: " ") }
  let parts = absolutePath(path).split(separator: "/").dropLast().map(String.init)
  // In the person's own folder, whatever else lies around it.
  if parts.contains(where: names.contains) { return nil }
  for depth in parts.indices.reversed() {
    let above = "/" + parts[..<depth].joined(separator: "/")
    for name in names where !name.isEmpty {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(
        atPath: (above == "/" ? "" : above) + "/" + name, isDirectory: &isFolder),
        isFolder.boolValue
      {
        return parts[depth]
      }
    }
  }
  return nil
}
