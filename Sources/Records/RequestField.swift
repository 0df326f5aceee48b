import Basics
import Connectivity
import ImageFiles
import Study

/// One option of a request as a workspace file holds it; its name is that of the option.
struct RequestField {
  enum Kind {
    /// A file, or a folder of files.
    case file(WritableKeyPath<StudyRequest, String?>)
    case files(WritableKeyPath<StudyRequest, [String]>)
    case text(WritableKeyPath<StudyRequest, String?>)
    /// A word, or where the rule says so a file.
    case word(WritableKeyPath<StudyRequest, String?>, isFile: (String) -> Bool)
    case number(WritableKeyPath<StudyRequest, Double?>)
    case width(WritableKeyPath<StudyRequest, Double>)
    case count(WritableKeyPath<StudyRequest, Int?>)
    case whole(WritableKeyPath<StudyRequest, Int>)
    case flag(WritableKeyPath<StudyRequest, Bool>)
    case choice(WritableKeyPath<StudyRequest, Bool?>)
    case preset(WritableKeyPath<StudyRequest, NuisancePreset>)
    case censoring(WritableKeyPath<StudyRequest, CensoringMethod>)
    case band(WritableKeyPath<StudyRequest, BandChoice?>)
    case seed(WritableKeyPath<StudyRequest, String?>)
    case findings(WritableKeyPath<StudyRequest, [Finding]>)
  }

  let name: String
  let kind: Kind

  /// Every member of a request but the cursor, which the state of the views holds.
  static var all: [RequestField] {
    [
      .init(name: "bold", kind: .files(\.bold)), .init(name: "second", kind: .file(\.second)),
      .init(name: "second-confounds", kind: .file(\.secondConfounds)),
      .init(name: "spect", kind: .files(\.spect)), .init(name: "anat", kind: .file(\.anat)),
      .init(name: "overlay", kind: .files(\.overlay)), .init(name: "gm", kind: .file(\.gm)),
      .init(name: "white", kind: .file(\.white)), .init(name: "asl", kind: .file(\.asl)),
      .init(
        name: "reference",
        kind: .word(\.reference) { $0.contains("/") || $0.contains(".nii") }),
      .init(name: "normals", kind: .files(\.normals.normals)),
      .init(name: "normals-count", kind: .count(\.normals.normalsCount)),
      .init(name: "normals-folder", kind: .file(\.normals.normalsFolder)),
      .init(name: "transform", kind: .files(\.transforms.transform)),
      .init(name: "same-world", kind: .flag(\.transforms.sameWorld)),
      .init(name: "atlas", kind: .file(\.network.atlas)),
      .init(name: "networks", kind: .file(\.network.networks)),
      .init(name: "names", kind: .word(\.network.names) { $0.lowercased() != "yeo7" }),
      .init(name: "norms", kind: .file(\.norms.norms)),
      .init(name: "covariates", kind: .text(\.norms.covariates)),
      .init(name: "tr", kind: .number(\.run.tr)), .init(name: "mask", kind: .file(\.run.mask)),
      .init(name: "space", kind: .text(\.run.space)),
      .init(name: "confounds", kind: .files(\.run.confounds)),
      .init(name: "columns", kind: .text(\.run.columns)),
      .init(name: "preset", kind: .preset(\.run.preset)),
      .init(name: "wm", kind: .file(\.run.wm)), .init(name: "csf", kind: .file(\.run.csf)),
      .init(name: "drop", kind: .count(\.run.drop)), .init(name: "fd", kind: .number(\.run.fd)),
      .init(name: "dvars", kind: .number(\.run.dvars)),
      .init(name: "min-run", kind: .whole(\.run.minRun)),
      .init(name: "censoring", kind: .censoring(\.run.censoring)),
      .init(name: "mixed-people", kind: .flag(\.run.mixedPeople)),
      .init(name: "band", kind: .band(\.cleaning.frequencies.band)),
      .init(name: "polort", kind: .whole(\.cleaning.frequencies.polort)),
      .init(name: "high-pass", kind: .number(\.cleaning.frequencies.highPass)),
      .init(name: "gsr", kind: .choice(\.cleaning.frequencies.gsr)),
      .init(name: "fwhm", kind: .width(\.cleaning.fwhm)), .init(name: "seed", kind: .seed(\.seed)),
      .init(name: "listed-subject", kind: .text(\.listedSubject)),
      .init(name: "listed-session", kind: .text(\.listedSession)),
      .init(name: "told", kind: .findings(\.told)),
    ]
  }

  // MARK: - Writing

  /// What the request says; nil where it says nothing.
  func json(_ r: StudyRequest) throws(Problem) -> JSON? {
    func given<T: Equatable>(_ path: KeyPath<StudyRequest, T>, _ json: (T) -> JSON) -> JSON? {
      r[keyPath: path] == StudyRequest()[keyPath: path] ? nil : json(r[keyPath: path])
    }
    switch kind {
    case .file(let path): return try r[keyPath: path].map(FileRecord.json)
    case .files(let path):
      guard !r[keyPath: path].isEmpty else { return nil }
      return .array(try r[keyPath: path].map(FileRecord.json))
    case .text(let path): return r[keyPath: path].map(JSON.string)
    case .word(let path, let isFile):
      guard let word = r[keyPath: path] else { return nil }
      return isFile(word) ? try FileRecord.json(word) : .string(word)
    case .number(let path): return r[keyPath: path].map(JSON.number)
    case .width(let path): return given(path, JSON.number)
    case .count(let path): return r[keyPath: path].map(JSON.int)
    case .whole(let path): return given(path, JSON.int)
    case .flag(let path): return given(path, JSON.bool)
    case .choice(let path): return r[keyPath: path].map(JSON.bool)
    case .findings(let path): return given(path) { .array($0.map(\.kept)) }
    case .preset(let path): return given(path) { .string($0.rawValue) }
    case .censoring(let path): return given(path) { .string($0.rawValue) }
    case .band(let path):
      return r[keyPath: path].map { choice in
        choice.band.map { .numbers([$0.lowerBound, $0.upperBound]) } ?? .string("none")
      }
    case .seed(let path):
      guard let words = r[keyPath: path] else { return nil }
      let files = try seedFiles(words).map(FileRecord.json)
      let text = JSON.string(Study.seed(words, withPaths: { absolutePath($0) }))
      return files.isEmpty ? text : .object([("text", text), ("files", .array(files))])
    }
  }

  // MARK: - Reading

  /// Takes what a workspace says into a request.
  ///
  /// - Returns: false when it cannot be meant.
  func read(
    _ json: JSON, into r: inout StudyRequest, workspace: String
  ) throws(Problem) -> Bool {
    func file(_ json: JSON) throws(Problem) -> String? {
      try FileRecord(json)?.verified(workspace: workspace)
    }
    switch kind {
    case .file(let path):
      r[keyPath: path] = try file(json)
      return r[keyPath: path] != nil
    case .files(let path):
      guard let items = json.items else { return false }
      for item in items {
        guard let found = try file(item) else { return false }
        r[keyPath: path].append(found)
      }
    case .text(let path):
      r[keyPath: path] = json.asString
      return json.asString != nil
    case .word(let path, _):
      r[keyPath: path] = if let word = json.asString { word } else { try file(json) }
      return r[keyPath: path] != nil
    case .seed(let path):
      for item in json["files"]?.items ?? [] {
        guard try file(item) != nil else { return false }
      }
      r[keyPath: path] = json.asString ?? json["text"]?.asString
      return r[keyPath: path] != nil
    case .band(let path):
      if let n = json.items?.compactMap(\.number), n.count == 2, n[0] >= 0, n[0] < n[1] {
        r[keyPath: path] = BandChoice(n[0]...n[1])
      } else {
        guard json.asString == "none" else { return false }
        r[keyPath: path] = BandChoice(nil)
      }
    default: return readValue(json, into: &r)
    }
    return true
  }

  private func readValue(_ json: JSON, into r: inout StudyRequest) -> Bool {
    let whole = json.number.flatMap { Int(exactly: $0) }
    let truth: Bool? = if case .bool(let b) = json { b } else { nil }
    switch kind {
    case .number(let path):
      r[keyPath: path] = json.number
      return json.number != nil
    case .count(let path):
      r[keyPath: path] = whole
      return whole != nil
    case .choice(let path):
      r[keyPath: path] = truth
      return truth != nil
    case .findings(let path): return set(path, json.items?.compactMap { Finding($0) }, &r)
    case .width(let path): return set(path, json.number, &r)
    case .whole(let path): return set(path, whole, &r)
    case .flag(let path): return set(path, truth, &r)
    case .preset(let path):
      return set(path, json.asString.flatMap(NuisancePreset.init(rawValue:)), &r)
    case .censoring(let path):
      return set(path, json.asString.flatMap(CensoringMethod.init(rawValue:)), &r)
    default: return false
    }
  }

  private func set<T>(
    _ path: WritableKeyPath<StudyRequest, T>, _ value: T?, _ r: inout StudyRequest
  ) -> Bool {
    guard let value else { return false }
    r[keyPath: path] = value
    return true
  }
}

extension Finding {
  /// As a workspace holds it.
  fileprivate var kept: JSON {
    .object([
      ("code", .string(code)), ("severity", .string(severity.rawValue)), ("text", .string(text)),
      ("file", .optional(file)),
    ])
  }

  fileprivate init?(_ json: JSON) {
    guard let code = json["code"]?.asString, let text = json["text"]?.asString,
      let severity = json["severity"]?.asString.flatMap(Severity.init(rawValue:))
    else { return nil }
    self.init(code, severity, text, file: json["file"]?.asString)
  }
}
