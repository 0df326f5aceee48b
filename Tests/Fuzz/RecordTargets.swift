import Basics
import Foundation
import ImageFiles
import Records
import Study
import Targeting
import Viewer
import ViewerRuntime
import Workflows

private let hash = String(repeating: "0123456789abcdef", count: 4)

private let target =
  #"{"name": "t1", "note": "n", "mm": [-40.0, 30.0, 34.0], "space": "MNI152", "template": null, "side": "LEFT", "label": "DLPFC", "r": -0.4, "method": "m", "decision": "accepted", "warnings": ["w"], "acknowledged": true, "image_sha256": ""#
  + hash + #"", "native": {"mm": [1.0, 2.0, 3.0], "image_sha256": ""# + hash + #""}}"#

private let entry =
  #"{"rating": "good", "text": "t", "rater": "r", "time": "2026-01-01T00:00:00.000Z", "subject": "sub-1", "session": null, "file": "f.nii", "sha256": ""#
  + hash + #"", "place": "p"}"#

private let registration =
  #"{"moving": {"sha256": ""# + hash
  + #"", "space": "native", "template": null}, "fixed": {"sha256": ""# + hash
  + #"", "space": "MNI152", "template": null}, "fixed_from_moving": [[1, 0, 0, 1], [0, 1, 0, 2], [0, 0, 1, 3]], "origin": "hand", "accepted": true, "warnings": [], "accepted_because": null, "rater": "r", "time": "t"}"#

private let sides =
  #"{"first": "a", "second": "b", "verdict": "mirrored", "margin": 0.2, "stored": 0.1, "mirrored": 0.3, "decision": {"reason": "r", "rater": "x", "time": "t"}, "withdrawal": null}"#

private func state(_ member: String, _ item: String) -> String {
  #"{"GeneratedBy": "boldspect", "kind": "k", "format": 1, "\#(member)": [\#(item)]}"#
}

/// Reads what an earlier session left, and keeps it: what is then there reads the same.
private func keepAgain<Item>(
  _ bytes: [UInt8], _ name: String, _ isSame: (Item, Item) -> Bool,
  _ file: (RecordsFolder) -> StateFile<Item>
) throws(Problem) {
  let folder = RecordsFolder(path: Scratch.root + "/state", isShared: false)
  Scratch.file("state/\(name).json", bytes)
  defer { Scratch.remove("state/\(name).json") }
  let items = try file(folder).stored()
  let mine = file(folder)
  _ = try mine.recovered()
  try mine.keep(items)
  let after = try file(folder).stored()
  require(
    after.count == items.count && zip(after, items).allSatisfy(isSame),
    "\(name) changed when it was kept")
  Scratch.remove("state/\(name).json.0.1")
  Scratch.remove("state/\(name).json.old")
}

let recordTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "json", words: ["\\u", "\\ud83d\\ude00", "true", "false", "null", "1e5", "\"\\\"\""],
    seeds: FuzzTarget.texts(
      #"{"a": [1, -2.5e3, "x\u00e9\n", true, null], "b": {"c": {}}}"#, "[[[]]]")
  ) { (bytes) throws(Problem) in
    let given = text(bytes)
    do throws(JSONFault) {
      let (value, lines) = try JSON.parse(given)
      requirePlain(value.text, "JSON", except: ["\n"])
      require(lines.values.allSatisfy { $0 > 0 && $0 <= bytes.count + 1 }, "a line that is none")
      // What is written is read as the same.
      require(
        (try? JSON.parse(value.text).value) == value, "JSON that is not read back: \(value.text)")
    } catch {
      requirePlain(visibleText(error.found), "a fault")
      require(error.line > 0, "a fault without a line")
    }
  },
  FuzzTarget(
    name: "workspace", most: 8192,
    words: [
      "\"workspace\"", "\"request\"", "\"view\"", "\"commands\"", "\"targets\"", "\"bookmarks\"",
      "\"bold\"",
      "\"path\"", "\"sha256\"", "\"seed\"", "\"option\"", "\"values\"", "\"--seed\"",
    ],
    seeds: FuzzTarget.texts(
      #"{"GeneratedBy": "boldspect", "version": "0.1.0", "kind": "workspace", "format": 1, "request": {"seed": "PCC", "smooth": 6.0, "band": "0.01,0.1"}, "view": {"zoom": 2.0}, "seed": "PCC", "commands": ["threshold 0.3"], "targets_open": false, "bookmarks": [{"name": "b", "mm": [1.0, 2.0, 3.0], "note": ""}], "targets": [\#(target)]}"#,
      #"{"kind": "session", "request": [{"option": "--seed", "values": ["PCC"]}, {"option": "--no-gsr", "values": []}], "view": {}, "commands": [], "targets_open": true, "bookmarks": [], "targets": []}"#
    )
  ) { (bytes) throws(Problem) in
    let found = try Workspace(Scratch.file("w.json", bytes))
    // What was let in may be written again.
    _ = try RequestFile.json(found.request)
    _ = ViewField.json(found.view).text
  },
  FuzzTarget(
    name: "config",
    words: [
      "\"view\"", "\"keys\"", "\"mouse\"", "\"colours\"", "\"probe\"", "\"zoom\"", "\"C-x\"",
    ],
    seeds: FuzzTarget.texts(
      #"{"view": {"zoom": 2.0, "radiological": true}, "keys": {"quit": ["q", "C-q"]}, "mouse": false}"#
    )
  ) { (bytes) throws(Problem) in
    let config = try Config(Scratch.file("c.json", bytes))
    var state = ViewState()
    for (field, value) in config.fields {
      require(field.read(&state, value), "a setting of the config file that cannot be set")
    }
  },
  FuzzTarget(
    name: "marks", words: ["\"targets\""], seeds: FuzzTarget.texts(state("targets", target))
  ) {
    (bytes) throws(Problem) in
    try keepAgain(bytes, "marks-0123456789abcdef0123456789abcdef", { $0.isReadBack(as: $1) }) {
      marksFile(of: hash, in: $0)
    }
  },
  FuzzTarget(
    name: "reviews", words: ["\"ratings\""],
    seeds: FuzzTarget.texts(state("entries", entry), state("reviews", entry))
  ) {
    (bytes) throws(Problem) in
    try keepAgain(bytes, "review-0123456789abcdef0123456789abcdef", ==) {
      reviewFile(of: hash, in: $0)
    }
  },
  FuzzTarget(name: "registrations", seeds: FuzzTarget.texts(state("registrations", registration))) {
    (bytes) throws(Problem) in
    try keepAgain(bytes, "registered-0123456789abcdef0123456789abcdef", ==) {
      registrationFile(of: hash, in: $0)
    }
  },
  FuzzTarget(name: "last-view", seeds: FuzzTarget.texts(state("views", #"{"zoom": 2.0}"#))) {
    (bytes) throws(Problem) in
    try keepAgain(bytes, "view-0123456789abcdef0123456789abcdef", ==) { viewFile(of: hash, in: $0) }
  },
  FuzzTarget(
    name: "typed", seeds: FuzzTarget.texts(state("typed", #""seed PCC", "threshold 0.3""#))
  ) {
    (bytes) throws(Problem) in
    try keepAgain(bytes, "typed", ==) { StateFile.typedCommands(in: $0.path) }
  },
  FuzzTarget(
    name: "kept-sides", seeds: FuzzTarget.texts(state("sides", sides), state("pairs", sides))
  ) {
    (bytes) throws(Problem) in
    let folder = RecordsFolder(path: Scratch.root + "/sides", isShared: false)
    Scratch.file("sides/sides-0123456789abcdef0123456789abcdef.json", bytes)
    let kept = KeptSides(folder)
    _ = kept.judged(hash, hash)
    _ = kept.blocking(hash)
    for judged in kept.allBlocking { requirePlain(judged.json.text, "JSON", except: ["\n"]) }
  },
  FuzzTarget(
    name: "targets", words: ["\"LEFT\"", "\"RIGHT\"", "\"set\"", "\"tsv_sha256\""],
    seeds: FuzzTarget.texts(state("targets", target), #"{"targets": []}"#)
  ) { (bytes) throws(Problem) in
    let records = try TargetFiles.load(Scratch.file("t.json", bytes))
    let table = try TextTable(TargetRecord.tsv(records), file: "t.tsv")
    require(table.rows.count == records.count, "a target that takes two rows")
    for row in table.rows { for cell in row { requirePlain(cell, "a cell") } }
  },
  FuzzTarget(
    name: "protocol",
    words: ["\"target protocol\"", "\"seed\"", "\"region\"", "\"centres_mm\"", "\"method\""],
    seeds: {
      [Array(TargetProtocols.json(TargetProtocol()).text.utf8)]
        + TargetProtocol.shipped.map { Array(TargetProtocols.json($0.settings).text.utf8) }
    }
  ) { (bytes) throws(Problem) in
    let read = try TargetProtocols.named(Scratch.file("p.json", bytes))
    requirePlain(TargetProtocols.json(read).text, "a protocol", except: ["\n"])
  },
  FuzzTarget(
    name: "visit-record", words: ["\"cohort visit\"", "\"inputs\"", "\"outputs\"", "\"cleaning\""],
    seeds: FuzzTarget.texts(
      #"{"kind": "cohort visit", "version": "0.1.0", "reason": "", "options": {}, "inputs": [{"role": "r", "path": "p", "sha256": "s"}], "outputs": [], "cleaning": {}}"#
    )
  ) { (bytes) throws(Problem) in
    guard let record = VisitRecord(text(bytes)) else { return }
    require(VisitRecord(record.json.text) == record, "a record that is not read back")
  },
  FuzzTarget(
    name: "truth",
    words: ["\"networks\"", "\"event\"", "\"lesion\"", "\"change\"", "\"motion\"", "\"format\""],
    seeds: { [Array(try Data(contentsOf: Samples.truth))] }
  ) { (bytes) throws(Problem) in _ = try RevealedTruth(Scratch.file("truth.json", bytes)) },
  FuzzTarget(
    name: "facts", words: ["f1 ", "sha=", "frames=", "tr=", "fd=", "left=", "form=", "origin="],
    seeds: FuzzTarget.texts(
      "f1 1 2 3 4 sha=\(hash) frames=200 form=4 tr=2.0 fd=0.1 left=0.9 origin=measured\n")
  ) { (bytes) throws(Problem) in
    let path = Scratch.file("facts/files", bytes)
    let book = FactBook(folder: Scratch.root + "/facts")
    if let own = FileIdentity(path) { _ = book.facts(of: own) }
    _ = book.facts(of: FileIdentity(device: 1, inode: 2, size: 3, modifiedNanoseconds: 4))
  },
  FuzzTarget(
    name: "folder-index", words: ["boldspect folders 2\n"], seeds: { try Samples.folderIndex() }
  ) { (bytes) throws(Problem) in
    // With its sums as they would be, so that what is behind them is reached.
    let path = Scratch.file("index", FolderIndex.sealed(bytes))
    guard let index = FolderIndex(path, root: Samples.folder), let tree = index.tree else { return }
    for n in tree.folders.indices {
      _ = tree.path(of: n)
      _ = tree.hasChild("anat", of: n)
      tree.forEachFile(of: n) { _, name in _ = EntityName(bytes: name) }
    }
    let listing = try StudyFolder.listing(of: tree)
    for finding in listing.findings { requireShowable(finding) }
  },
  FuzzTarget(
    name: "value-making",
    words: ["\"measure\"", "\"cleaning\"", "\"parameters\"", "\"GeneratedBy\"", "\"group\""],
    seeds: FuzzTarget.texts(
      #"{"GeneratedBy": "boldspect", "measure": "falff", "parameters": {"cleaning": {"band_hz": [0.01, 0.1]}}, "people": 12}"#
    )
  ) { (bytes) throws(Problem) in
    Scratch.file("v.nii", Seeds.nifti1())
    Scratch.file("v.json", bytes)
    let path = Scratch.root + "/v.nii"
    if let making = ValueMaking(besides: path) {
      _ = making.difference(from: ValueMaking(measure: "reho"))
      attempt { () throws(Problem) in try making.requireSame(as: nil, file: "v.nii") }
    }
    _ = try SourceFrame.sidecar(of: path)
  },
  FuzzTarget(
    name: "projections",
    words: ["\"collimator\"", "\"views\"", "\"matrix\"", "\"counts_recorded\"", "\"camera_grid\""],
    seeds: FuzzTarget.texts(Samples.projections)
  ) { (bytes) throws(Problem) in
    var image = Seeds.nifti1(frames: 1, type: 16, bits: 32)
    image.replaceSubrange(148..<157, with: Array("SIMULATED".utf8))
    // No form: where the views lie is told beside them.
    image.replaceSubrange(252..<256, with: [0, 0, 0, 0])
    let path = Scratch.file("p.nii", image)
    Scratch.file("p.json", bytes)
    _ = try ProjectionsFile(path)
  },
]
