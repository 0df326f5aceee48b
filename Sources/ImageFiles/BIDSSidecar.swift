package import Basics
import Foundation
import Imaging

extension ImageReader {
  /// Compares the header's repetition time with a BIDS sidecar of the same name.
  static func sidecarCheck(_ description: inout ImageDescription, _ names: FileNames) {
    guard description.isSeries else { return }
    let path = names.stem + ".json"
    var status = stat()
    if lstat(path, &status) != 0, errno == ENOENT || errno == ENOTDIR { return }
    let object: [String: Any]
    do {
      guard let found = try smallJSON(path) else { throw CocoaError(.fileReadCorruptFile) }
      object = found
    } catch {
      description.findings.append(
        Finding(
          "sidecar-unreadable", .warning,
          "The sidecar \(fileName(path)) cannot be read as JSON; its repetition time is not compared."
        ))
      return
    }
    let stated = seconds("RepetitionTime", object, fileName(path), &description.findings)
    let excitation = seconds(
      "RepetitionTimeExcitation", object, fileName(path), &description.findings)
    guard let header = description.headerRepetitionTimeSeconds else {
      if let stated {
        description.findings.append(
          Finding(
            "tr-sidecar", .note,
            "The sidecar says a repetition time of \(plainNumber(stated)) s; --tr "
              + "\(plainNumber(stated)) accepts it."))
      }
      return
    }
    if let stated, abs(stated - header) > 0.001 * header {
      description.findings.append(
        Finding(
          "tr-conflict", .blocking,
          "The header says a repetition time of \(plainNumber(header)) s, the sidecar "
            + "\(plainNumber(stated)) s. Decide with --tr."))
    } else if let excitation, excitation > header * 1.001 {
      description.findings.append(
        Finding(
          "tr-conflict", .blocking,
          "The header says a repetition time of \(plainNumber(header)) s, the sidecar's "
            + "RepetitionTimeExcitation is longer: \(plainNumber(excitation)) s. Decide with --tr.")
      )
    }
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
      return number.doubleValue
    }
    findings.append(
      Finding(
        "sidecar-time", .warning,
        "\(key) of the sidecar \(file) is no number of seconds; it is not compared."))
    return nil
  }

  /// A JSON object of at most a megabyte.
  private static func smallJSON(_ path: String) throws -> [String: Any]? {
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
  return text
}

/// SHA-256 of a file as it lies on disk.
package func sha256(ofFile path: String) throws(Problem) -> String {
  let source = try FileSource(path)
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while try source.readByte(into: &buffer) > 0 {}
  return source.digest()
}

extension ImageDescription {
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
    return findings.map { f in
      guard f.code == "tr-conflict" || f.code == "tr-unknown" else { return f }
      let cause = f.text.replacingOccurrences(of: " Decide with --tr.", with: "")
        .replacingOccurrences(of: " State it with --tr.", with: "")
      return Finding(f.code, .note, "\(cause) --tr \(plainNumber(stated)) decided.")
    }
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
