import Basics
import Foundation
import Imaging
import Viewer

extension LessonTruth {
  /// What `truth.json` beside the run says of a synthetic person; nil of a real one, and where it cannot be read.
  init?(of scene: Scene, beside bold: String?) {
    guard scene.isSyntheticPerson, let bold else { return nil }
    let path = URL(filePath: bold).deletingLastPathComponent().appending(path: "truth.json").path
    // Small, and a file like any other: a large one is not the sample's.
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int,
      size < 1 << 20, let data = FileManager.default.contents(atPath: path),
      let json = try? JSON.parse(String(decoding: data, as: UTF8.self)).value
    else { return nil }
    self.init()
    target = json["true_target_mm"]?.place
    if let event = json["event"], let start = event["start_s"]?.number,
      let seconds = event["seconds"]?.number, let place = event["place_mm"]?.place,
      start >= 0, seconds > 0, start + seconds < 1e6
    {
      self.event = Event(start: start, seconds: seconds, place: place)
    }
    for (name, value) in json["network_states"]?.members ?? [] {
      if let state = value.asString {
        networks.append((visibleText(name, limit: 60), visibleText(state, limit: 60)))
      }
    }
    guard target != nil || event != nil || !networks.isEmpty else { return nil }
  }
}

extension JSON {
  /// Three numbers as a place.
  fileprivate var place: WorldPoint? {
    guard let numbers = items?.compactMap(\.number), numbers.count == 3,
      numbers.allSatisfy({ $0.isFinite && abs($0) < 1e4 })
    else { return nil }
    return WorldPoint(numbers[0], numbers[1], numbers[2])
  }
}
