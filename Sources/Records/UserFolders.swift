package import Basics
import Foundation
import ImageFiles
import Imaging

/// Where the program keeps what is a person's own, by the XDG rules.
package enum UserFolders {
  /// What is kept between sessions.
  package static var state: String { folder("XDG_STATE_HOME", "/.local/state") }
  /// What a person chose.
  package static var config: String { folder("XDG_CONFIG_HOME", "/.config") }

  /// What may be deleted at any time.
  package static var cache: String { folder("XDG_CACHE_HOME", "/.cache") }

  /// What is to be said of the variables that name folders: the rules say that a path which is not absolute is to be
  /// ignored, and whoever set it looks for files there.
  package static func ignored(in environment: [String: String]) -> [String] {
    [
      ("XDG_STATE_HOME", "/.local/state"), ("XDG_CONFIG_HOME", "/.config"),
      ("XDG_CACHE_HOME", "/.cache"),
    ].compactMap { variable, usual in
      guard let path = environment[variable], !path.isEmpty, !path.hasPrefix("/") else {
        return nil
      }
      return
        "\(variable) is \(visibleText(path, limit: 80)), which is no absolute path and is ignored; ~\(usual) is used."
    }
  }

  private static func folder(_ variable: String, _ usual: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    let base =
      environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? "/nonexistent") + usual
    return base + "/boldspect"
  }

  /// A folder of what is kept of a person's work. What is written into another folder says of itself what helps.
  ///
  /// - Parameter isShared: whether others may use it too, by the umask.
  package static func make(
    _ folder: String, for what: String, isShared: Bool = false
  ) throws(Problem) {
    try MadeFolders().make(
      folder, for: what, mode: isShared ? 0o777 : 0o700,
      remedy: isShared
        ? "Ask whoever keeps the study, or keep records in your own folder"
        : "Set XDG_STATE_HOME to a folder of yours")
  }
}

/// Files and folders whose paths begin as what is typed.
///
/// - Parameter endings: of the names that are wanted; all when there is none.
package func pathsBeginning(with typed: String, endings: [String]) -> [String] {
  let slash = typed.lastIndex(of: "/")
  let folder = slash.map { String(typed[...$0]) } ?? ""
  let start = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
  var real = folder.isEmpty ? "." : folder
  var shown = folder
  if real.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] {
    real = home + real.dropFirst()
    shown = real
  }
  let names = (try? FileManager.default.contentsOfDirectory(atPath: real)) ?? []
  var out: [String] = []
  for name in names.sorted() where name.hasPrefix(start) {
    // A name that cannot be shown as it is cannot be typed either.
    guard visibleText(name, limit: 4096) == name, start.hasPrefix(".") || !name.hasPrefix(".")
    else { continue }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: real + "/" + name, isDirectory: &isFolder) else {
      continue
    }
    if isFolder.boolValue {
      out.append(shown + name + "/")
    } else if endings.isEmpty || endings.contains(where: name.hasSuffix) {
      out.append(shown + name)
    }
    if out.count >= 500 { break }
  }
  return out
}
