import Foundation

/// Whether what the program claims is so, on known truth: `targets [--people N] [--dump FILE]`, `levels [DATA [PART [--pairs N]]]`,
/// `censoring`, `perfusion [DATA]`; and `live`, what targets cost where a person waits for them.
///
/// - Returns: false where the words name none of these.
func honesty(_ arguments: [String]) throws -> Bool {
  func value(_ name: String) -> String? {
    arguments.firstIndex(of: name).flatMap {
      $0 + 1 < arguments.count ? arguments[$0 + 1] : nil
    }
  }
  let rest = Array(arguments.dropFirst())
  switch arguments.first {
  case "live": try liveTargets()
  case "targets":
    try honestyOfTargets(
      people: value("--people").flatMap { Int($0) } ?? 4000, dump: value("--dump"))
  case "levels":
    try honestyLevels(
      rest.first, part: rest.dropFirst().first,
      pairs: value("--pairs").flatMap { Int($0) } ?? 20_000)
  case "censoring": try honestyCensoring()
  case "perfusion": try perfusionHonesty(rest.first)
  default:
    print("honesty of what: targets, levels, censoring, perfusion or live")
    return false
  }
  return true
}
