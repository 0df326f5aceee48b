package import Basics
import Foundation

/// A series of a folder, as a list shows it.
package struct DICOMSeries: Sendable {
  /// The folder that its files lie in.
  package let folder: String
  /// The path that stands for it: its first file.
  package let path: String
  package let fileCount: Int
  package let number: Int?
  package let uid: String
  package let studyUID: String
  package let kind: DICOMKind
  /// As YYYY-MM-DD; nil when it says none.
  package let date: String?
  /// As HH:MM.
  package let time: String?
  package let description: String
  /// Columns, rows, slices and times, when it can be opened.
  package let shape: [Int]?
  package let minutes: Double?
  package let tracer: String?
  /// Why it cannot be opened.
  package let problem: Problem?
  /// A hash that two series of one patient share; it names nobody and stands in no file.
  package let person: DICOMPatient
  /// Its files as they were laid out; nil where they cannot be.
  let laid: DICOMSeriesFiles?

  /// What BIDS keeps beside its image; nil where it cannot be opened.
  package var sidecar: [(key: String, value: JSON)]? { laid?.sidecar }

  package var canBeOpened: Bool { problem == nil }
}

/// What a folder holds of DICOM.
package struct DICOMFolder: Sendable {
  package let series: [DICOMSeries]
  /// Files that are no DICOM, and DICOM directories.
  package let otherFiles: Int
  /// Files with the mark of DICOM that cannot be parsed, the first with the reason.
  package let damaged: [Problem]
  /// Whether there was more than is looked at.
  package let isCut: Bool

  /// More files than a patient's whole record has.
  static let mostFiles = 200_000

  /// Looks at every file of a folder and those below it.
  package init(
    _ path: String, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(Problem) {
    var walk = FolderWalk(keeps: { _ in true }, enters: { _ in true })
    walk.isCancelled = isCancelled
    let tree = try walk.tree(absolutePath(path))
    try Self.requireNames(tree, path)
    var paths: [String] = []
    var isCut = tree.isCut
    for n in tree.folders.indices {
      let folder = ([tree.root] + tree.path(of: n)).joined(separator: "/")
      tree.forEachFile(of: n) { kind, name in
        guard kind == .file else { return }
        guard paths.count < Self.mostFiles else {
          isCut = true
          return
        }
        paths.append(folder + "/" + String(decoding: name, as: UTF8.self))
      }
    }
    let looked = Self.instances(paths, isCancelled: isCancelled)
    if isCancelled() { throw .cancelled }
    var groups: [[DICOMInstance]] = []
    var places: [String: Int] = [:]
    for file in looked.instances where file.sopClass != DICOMKind.directory {
      let key = StagedFile.folder(of: file.path) + "\n" + file.seriesUID
      if let place = places[key] {
        groups[place].append(file)
      } else {
        places[key] = groups.count
        groups.append([file])
      }
    }
    let scattered = Dictionary(grouping: groups, by: { $0[0].seriesUID }).filter {
      $0.value.count > 1
    }
    let parts = groups
    let folders = Set(parts.map { StagedFile.folder(of: $0[0].path) })
    let strays = Dictionary(
      grouping: looked.strays.filter {
        folders.contains(StagedFile.folder(of: $0.path)) && !fileName($0.path).hasPrefix(".")
      }.map { DICOMStray($0.path, $0.problem) }, by: { StagedFile.folder(of: $0.path) })
    series = parallelMap(parts.count) { n -> DICOMSeries in
      Self.entry(
        parts[n], strays[StagedFile.folder(of: parts[n][0].path)] ?? [],
        isScattered: scattered[parts[n][0].seriesUID] != nil)
    }
    .sorted {
      ($0.date ?? "", $0.number ?? .max, $0.path) < ($1.date ?? "", $1.number ?? .max, $1.path)
    }
    damaged = looked.strays.compactMap(\.problem)
    otherFiles = paths.count - parts.reduce(0) { $0 + $1.count } - damaged.count
    self.isCut = isCut
  }

  /// Which series a file is of that cannot be opened by its name cannot be known, and one without it is not whole.
  private static func requireNames(_ tree: FolderTree, _ path: String) throws(Problem) {
    guard tree.unnamed > 0 else { return }
    throw Problem(
      .missingInput, fileName(path),
      "it holds \(tree.unnamed) names that are not UTF-8 and cannot be opened",
      expected: "names in UTF-8", remedy: "Rename them (`convmv -f latin1 -t utf8 --notest -r`)")
  }

  /// Reads the headers of those files that have the mark, on all cores; the others with the reason, if they have it.
  private static func instances(
    _ paths: [String], isCancelled: @escaping @Sendable () -> Bool
  ) -> (instances: [DICOMInstance], strays: [(path: String, problem: Problem?)]) {
    let bounds = DICOMBounds()
    let results = parallelMap(paths.count) { n -> Result<DICOMInstance, Problem>? in
      guard !isCancelled(), let head = try? ImageFormats.head(of: paths[n]),
        DICOMFormat.isMarked(head)
      else { return nil }
      do throws(Problem) { return .success(try DICOMInstance(paths[n], bounds: bounds)) } catch {
        return .failure(error)
      }
    }
    var instances: [DICOMInstance] = []
    var strays: [(path: String, problem: Problem?)] = []
    for (path, result) in zip(paths, results) {
      switch result {
      case .success(let instance)? where instance.isOfNoSeries:
        strays.append(
          (path, Problem(.data, instance.name, "it does not say which series it is of")))
      case .success(let instance)?: instances.append(instance)
      case .failure(let problem)?: strays.append((path, problem))
      case nil: strays.append((path, nil))
      }
    }
    return (instances, strays)
  }

  private static func entry(
    _ files: [DICOMInstance], _ strays: [DICOMStray], isScattered: Bool
  ) -> DICOMSeries {
    var laid: DICOMSeriesFiles?
    var problem: Problem?
    do throws(Problem) {
      guard !isScattered else {
        throw Problem(
          .data, files[0].name, "its series lies in several folders",
          expected: "the files of a series in one folder", remedy: "Copy them into one")
      }
      try DICOMStray.check(files, strays)
      laid = try DICOMSeriesFiles(files)
    } catch { problem = error }
    let first = laid?.files.first ?? files.min { $0.name < $1.name } ?? files[0]
    let facts = first.facts
    var minutes = facts.acquisitionMinutes
    if let stack = laid?.stack, let seconds = stack.repetitionTimeSeconds {
      minutes = seconds * Double(stack.frames) / 60
    }
    return DICOMSeries(
      folder: StagedFile.folder(of: first.path), path: first.path, fileCount: files.count,
      number: first.seriesNumber, uid: first.seriesUID, studyUID: first.studyUID, kind: first.kind,
      date: facts.date.flatMap(Self.date), time: facts.time.flatMap(Self.clock),
      description: facts.seriesDescription ?? facts.protocolName
        ?? (facts.isWithheld ? "(withheld)" : ""),
      shape: laid.map { [$0.stack.columns, $0.stack.rows, $0.stack.slices, $0.stack.frames] },
      minutes: minutes, tracer: facts.tracer?.name, problem: problem, person: first.person,
      laid: laid)
  }

  private static func date(_ text: String) -> String? {
    guard text.utf8.count == 8, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    let digits = Array(text)
    return String(digits[0..<4]) + "-" + String(digits[4..<6]) + "-" + String(digits[6..<8])
  }

  private static func clock(_ text: String) -> String? {
    let digits = Array(text.utf8.prefix(4))
    guard digits.count == 4, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    let clock = String(decoding: digits, as: UTF8.self)
    return clock.prefix(2) + ":" + clock.suffix(2)
  }

  /// What the series is that a path stands for; nil when it is no DICOM.
  package static func kind(of path: String) -> DICOMKind? {
    if isDICOMFile(path) { return (try? DICOMInstance(path, bounds: DICOMBounds()))?.kind }
    guard isFolder(path), holdsDICOM(path) else { return nil }
    return (try? files(of: path))?.files.first?.kind
  }

  /// Whether a file has the mark of DICOM.
  package static func isDICOMFile(_ path: String) -> Bool {
    guard !isFolder(path), let head = try? ImageFormats.head(of: path) else { return false }
    return DICOMFormat.isMarked(head)
  }

  /// Whether one of a folder's files, or of those below it, has the mark of DICOM. The first few hundred decide.
  package static func holdsDICOM(_ path: String) -> Bool {
    var left = 500
    return isFolder(path) && holdsDICOM(path, depth: 0, &left)
  }

  /// Entry by entry: a folder of a million files is not read to its end for it.
  private static func holdsDICOM(_ folder: String, depth: Int, _ left: inout Int) -> Bool {
    guard depth < 40, let stream = opendir(folder) else { return false }
    defer { closedir(stream) }
    while left > 0, let entry = readdir(stream) {
      let name = String(cString: nameOf(entry))
      guard !name.hasPrefix(".") else { continue }
      left -= 1
      let path = folder + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        if holdsDICOM(path, depth: depth + 1, &left) { return true }
      } else if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        let head = try? ImageFormats.head(of: path), DICOMFormat.isMarked(head)
      {
        return true
      }
    }
    return false
  }

  /// The files of the series that a path stands for.
  static func files(of path: String) throws(Problem) -> DICOMSeriesFiles {
    if isFolder(path) {
      let all = try DICOMFolder(path).series
      let usable = all.filter(\.canBeOpened)
      guard usable.count == 1 else { throw choice(path, all, usable) }
      return try files(of: usable[0].path)
    }
    let bounds = DICOMBounds()
    let own = try DICOMInstance(path, bounds: bounds)
    let folder = StagedFile.folder(of: path)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw Problem(
        .missingInput, fileName(path),
        "its folder cannot be listed, and its series may have more files",
        expected: "a folder that can be read")
    }
    let ownLevel = FolderWalk(keeps: { _ in false }, enters: { _ in false })
    try requireNames(try ownLevel.tree(absolutePath(folder)), folder)
    let others = names.filter { !$0.hasPrefix(".") && $0 != fileName(path) }
      .map { folder + "/" + $0 }.prefix(mostFiles)
    let looked = instances(Array(others).filter { !isFolder($0) }) { false }
    let series =
      [own]
      + looked.instances.filter { $0.seriesUID == own.seriesUID && !isSameFile($0.path, path) }
    try DICOMStray.check(series, looked.strays.map { DICOMStray($0.path, $0.problem) })
    return try DICOMSeriesFiles(series, others: otherSeries(looked.instances, than: own))
  }

  /// How many other scans lie beside a series.
  private static func otherSeries(_ beside: [DICOMInstance], than own: DICOMInstance) -> Int {
    let scans = beside.filter { file in
      if case .other = file.kind { return false }
      return file.seriesUID != own.seriesUID
    }
    return Set(scans.map(\.seriesUID)).count
  }

  private static func choice(
    _ path: String, _ all: [DICOMSeries], _ usable: [DICOMSeries]
  ) -> Problem {
    if let first = all.first?.problem, all.count == 1 { return first }
    let numbers = usable.prefix(12).map {
      $0.number.map { "\($0)" } ?? DICOMTerms.uid($0.uid) ?? "without a number"
    }
    let cause = all.lazy.compactMap(\.problem).first.map { " (\($0.subject): \($0.found))" } ?? ""
    return Problem(
      .data, fileName(path),
      usable.isEmpty
        ? "none of its \(all.count) DICOM series can be opened\(cause)"
        : "it holds \(usable.count) DICOM series that can be opened (\(numbers.joined(separator: ", ")))",
      expected: "one", remedy: "See them with `boldspect list`, and choose one with --series")
  }
}
