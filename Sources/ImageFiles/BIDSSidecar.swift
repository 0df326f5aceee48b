package import Basics
import Foundation
import Imaging

extension ImageReader {
  /// Compares the header's repetition time with the BIDS sidecars that hold for it: the one of the same name, and
  /// those that it inherits.
  static func sidecarCheck(_ description: inout ImageHeader, stem: String) {
    guard description.isSeries else { return }
    var stated: (seconds: Double, file: String)?
    var excitation: Double?
    for path in sidecars(stem) {
      guard let object = readable(path, &description.findings) else { continue }
      let file = fileName(path)
      if stated == nil,
        let s = seconds("RepetitionTime", object, file, &description.findings)
      {
        stated = (s, file)
        if path != stem + ".json" {
          description.findings.append(
            Finding(
              "sidecar-inherited", .note,
              "Its repetition time was compared with that of \(file), which it inherits."))
        }
      }
      excitation =
        excitation
        ?? seconds("RepetitionTimeExcitation", object, file, &description.findings)
    }
    guard let header = description.headerRepetitionTimeSeconds else {
      if let stated {
        description.findings.append(
          Finding(
            "tr-sidecar", .note,
            "The sidecar says a repetition time of \(plainNumber(stated.seconds)) s; --tr "
              + "\(plainNumber(stated.seconds)) accepts it."))
      }
      return
    }
    if let stated, abs(stated.seconds - header) > 0.001 * header {
      description.findings.append(
        Finding(
          "tr-conflict", .blocking,
          "The header says a repetition time of \(plainNumber(header)) s, the sidecar "
            + "\(plainNumber(stated.seconds)) s. Decide with --tr."))
    } else if let excitation, excitation > header * 1.001 {
      description.findings.append(
        Finding(
          "tr-conflict", .blocking,
          "The header says a repetition time of \(plainNumber(header)) s, the sidecar's "
            + "RepetitionTimeExcitation is longer: \(plainNumber(excitation)) s. Decide with --tr.")
      )
    }
  }

  /// A sidecar's object; nil where there is no such file, and where it cannot be read, which is told.
  private static func readable(_ path: String, _ findings: inout [Finding]) -> [String: Any]? {
    var status = stat()
    if lstat(path, &status) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
    if let found = try? smallJSON(path) { return found }
    findings.append(
      Finding(
        "sidecar-unreadable", .warning,
        "The sidecar \(fileName(path)) cannot be read as JSON; its repetition time is not compared."
      ))
    return nil
  }

  /// The sidecars that may speak of an image, the nearest first, by the inheritance principle of BIDS: in a folder
  /// and those above it up to the data set's, a file of the same suffix with some of the image's entities and no
  /// other.
  package static func sidecars(_ stem: String) -> [String] {
    let own = stem + ".json"
    let manager = FileManager.default
    var folder = URL(filePath: stem).standardizedFileURL.deletingLastPathComponent().path
    var folders: [String] = []
    // Deeper than subject, session and kind of data no data set is; without its description nothing is inherited.
    for _ in 0..<6 {
      folders.append(folder)
      if manager.fileExists(atPath: folder + "/dataset_description.json") {
        return [own] + folders.flatMap { inherited(in: $0, fileName(stem)) }
      }
      let above = URL(filePath: folder).deletingLastPathComponent().path
      if above == folder { break }
      folder = above
    }
    return [own]
  }

  /// The one with the most entities first.
  private static func inherited(in folder: String, _ name: String) -> [String] {
    let words = name.split(separator: "_").map(String.init)
    guard let suffix = words.last, words.count > 1,
      let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { return [] }
    let entities = Set(words.dropLast())
    return files.filter { file in
      guard file.hasSuffix(".json"), file != name + ".json" else { return false }
      let parts = file.dropLast(".json".count).split(separator: "_").map(String.init)
      return parts.last == suffix && entities.isSuperset(of: parts.dropLast())
    }
    .sorted { ($1.split(separator: "_").count, $0) < ($0.split(separator: "_").count, $1) }
    .map { folder + "/" + $0 }
  }

  /// A time of a sidecar in seconds; what stands there and is none becomes a finding.
  private static func seconds(
    _ key: String, _ object: [String: Any], _ file: String, _ findings: inout [Finding]
  ) -> Double? {
    guard let value = object[key], !(value is NSNull) else { return nil }
    // A truth value is an NSNumber too, of C's type char.
    if let number = value as? NSNumber, String(cString: number.objCType) != "c",
      number.doubleValue > 0, number.doubleValue < 1e6
    {
      if Gate.plausibleRepetitionTime.contains(number.doubleValue) { return number.doubleValue }
      let milliseconds = number.doubleValue / 1000
      let guess =
        Gate.plausibleRepetitionTime.contains(milliseconds)
        ? " If they are milliseconds, say --tr \(plainNumber(milliseconds))." : ""
      findings.append(
        Finding(
          "sidecar-time", .warning,
          "\(key) of the sidecar \(file) is \(plainNumber(number.doubleValue)) s, which is not plausible; it is not "
            + "compared.\(guess)"))
      return nil
    }
    findings.append(
      Finding(
        "sidecar-time", .warning,
        "\(key) of the sidecar \(file) is no number of seconds; it is not compared."))
    return nil
  }

  /// Refuses an image whose sidecar was written with another one: what it says would be said of the wrong
  /// numbers. Sidecars without a hash are older, or other programs'.
  static func requireOwnSidecar(_ header: ImageHeader, sha256: String, _ names: FileNames)
    throws(Problem)
  {
    let path = names.stem + ".json"
    guard let object = try? smallJSON(path), object["GeneratedBy"] as? String == "boldspect",
      let image = object["image"] as? [String: Any], let hash = image["sha256"] as? String,
      // Packed or unpacked since, it is the same image with another hash.
      image["compressed"] as? Bool == names.isCompressed, hash != sha256
    else { return }
    throw Problem(
      .data, header.name, "its sidecar \(fileName(path)) was written with another image",
      expected: "two files of one save",
      remedy: "Make the image anew, or move the sidecar away if the image was changed on purpose")
  }

  /// A JSON object of at most a megabyte.
  static func smallJSON(_ path: String) throws -> [String: Any]? {
    let source = try FileSource(path)
    guard source.size <= 1 << 20 else { return nil }
    let bytes = try readText(source)
    return try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
  }
}

/// All bytes of a small file.
func readText(_ source: FileSource) throws(Problem) -> [UInt8] {
  var all: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let got = try source.readByte(into: &buffer)
    if got == 0 { return all }
    all += buffer.prefix(got)
  }
}

/// The text of a file of at most 64 MiB, refused when it is not UTF-8.
package func readTextFile(_ path: String) throws(Problem) -> String {
  let source = try FileSource(path)
  guard source.size <= 64 << 20 else {
    throw Problem(.data, source.name, "it has \(source.size) bytes", expected: "a text file")
  }
  guard let text = String(validating: try readText(source), as: UTF8.self) else {
    throw Problem(.data, source.name, "it is not UTF-8 text", expected: "a text file")
  }
  // Spreadsheets put a byte order mark before the first name of a table.
  return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}

/// All of a regular file.
///
/// - Parameters:
///   - most: bytes that it may have.
///   - what: it should be, for the refusal of a larger one.
package func readBytes(
  _ path: String, atMost most: Int, as what: String
) throws(Problem) -> [UInt8] {
  let source = try FileSource(path)
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  // A file that grows meanwhile is not read on for ever.
  while bytes.count <= most, source.size <= most {
    let got = try source.readByte(into: &buffer)
    if got == 0 { return bytes }
    bytes += buffer.prefix(got)
  }
  throw Problem(
    .data, source.name, "it has more than \(most >> 20) MB", expected: "\(what) of at most that")
}

/// SHA-256 of a file as it lies on disk.
package func sha256(ofFile path: String) throws(Problem) -> String {
  let source = try FileSource(path)
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while try source.readByte(into: &buffer) > 0 {}
  return source.digest()
}

extension ImageHeader {
  /// The repetition time to work with: the stated one, else the header's unless something speaks
  /// against it. Throws only for a stated one that cannot be.
  package func repetitionTime(stated: Double?) throws(Problem) -> Double? {
    if let stated {
      guard Gate.plausibleRepetitionTime.contains(stated) else {
        throw Problem(
          .usage, "--tr", "\(plainNumber(stated)) s is not plausible", expected: "0.05 to 20 s")
      }
      return stated
    }
    return blockingTime == nil ? headerRepetitionTimeSeconds : nil
  }

  /// The findings, a conflict of repetition times being settled once one was stated.
  package func findings(decidedBy stated: Double?) -> [Finding] {
    guard let stated else { return findings }
    var out = findings.map { f in
      guard ["tr-conflict", "tr-unknown", "tr-sidecar"].contains(f.code) else { return f }
      if f.code == "tr-sidecar" {
        let said = f.text.components(separatedBy: ";").first ?? f.text
        return Finding(f.code, .note, "\(said); --tr \(plainNumber(stated)) decided.")
      }
      let cause = f.text.replacingOccurrences(of: " Decide with --tr.", with: "")
        .replacingOccurrences(of: " State it with --tr.", with: "")
      return Finding(f.code, .note, "\(cause) --tr \(plainNumber(stated)) decided.")
    }
    // What all of a file says and only the command line denies is the likelier to be right.
    if blockingTime == nil, let own = headerRepetitionTimeSeconds, abs(own - stated) > 0.001 * own {
      out.append(
        Finding(
          "tr-conflict", .warning,
          "The file says a repetition time of \(plainNumber(own)) s, and --tr \(plainNumber(stated)) decided against it."
        ))
    }
    return out
  }

  /// Why there is no repetition time.
  package var timeProblem: Problem {
    let cause =
      blockingTime?.text ?? findings.first { $0.code == "tr-unknown" }?.text
      ?? "The repetition time is unknown."
    let bare = cause.replacingOccurrences(of: " Decide with --tr.", with: "")
      .replacingOccurrences(of: " State it with --tr.", with: "")
    return Problem(
      .data, name, bare.hasSuffix(".") ? String(bare.dropLast()) : bare,
      remedy: "State the seconds per frame with --tr")
  }
}
