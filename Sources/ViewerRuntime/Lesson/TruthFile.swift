import Records
import Viewer

extension LessonTruth {
  /// What `truth.json` beside the run says of a synthetic person; nil of a real one, and where it cannot be read.
  init?(of scene: Scene, beside bold: String?) {
    guard scene.isSyntheticPerson, let bold, let known = try? RevealedTruth.beside(bold) else {
      return nil
    }
    self.init()
    target = known.target
    event = known.event.map {
      Event(start: $0.startSeconds, seconds: $0.seconds, place: $0.place)
    }
    networks = known.networks.map { ($0.name, $0.state) }
    change = (known.change.network, known.change.seed)
    lines = known.lines
    words = [
      .event: known.eventLine.map { [$0] } ?? [], .lesion: [known.lesionLine],
      .networks: known.networkLines, .change: [known.changeLine], .target: [known.targetLine],
    ]
  }
}
