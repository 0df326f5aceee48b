import Glibc

extension Problem {
  /// The sentence, and behind it the whole path of its file where exactly one of these arguments is that: a study has
  /// many files of one name.
  ///
  /// - Parameter arguments: as they were typed; `--mask=F`, `weights:F` and `F#3` name F.
  package func sentence(among arguments: [String]) -> String {
    var found: Set<String> = []
    for argument in arguments {
      var path = argument
      if path.hasPrefix("--"), let equals = path.firstIndex(of: "=") {
        path = String(path[path.index(after: equals)...])
      }
      if path.hasPrefix("weights:") { path = String(path.dropFirst("weights:".count)) }
      if let hash = path.lastIndex(of: "#") { path = String(path[..<hash]) }
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      guard let name = path.split(separator: "/").last, visibleText(String(name)) == subject else {
        continue
      }
      found.insert(absolute(path))
    }
    guard found.count == 1, let path = found.first, access(path, F_OK) == 0 else { return sentence }
    return sentence + " The file is " + visibleText(path, limit: 4096) + "."
  }
}

private func absolute(_ path: String) -> String {
  guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
  defer { free(here) }
  return String(cString: here) + "/" + path
}
