import Foundation

/// `honesty targets [--people N] [--dump FILE]`: whether what the program claims is so, on known truth;
/// `honesty live`: what that costs where a person waits for it.
func honesty(_ arguments: [String]) throws {
  func value(_ name: String) -> String? {
    arguments.firstIndex(of: name).flatMap {
      $0 + 1 < arguments.count ? arguments[$0 + 1] : nil
    }
  }
  if arguments.first == "live" { try liveTargets() }
  if arguments.first == "targets" {
    try honestyOfTargets(
      people: value("--people").flatMap { Int($0) } ?? 4000, dump: value("--dump"))
  }
}
