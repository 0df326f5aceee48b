import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// The movie, its null band at one voxel, and the moment that passed.
func receiveMovie(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .movie(let movie):
    model.shell.progress = nil
    model.movie.windows = movie
    model.overlays.index = 0
    model.overlays.isShown = true
    showWindow(&model, 0)
    if let warning = movie.warning { model.notice = Notice(text: warning, isError: false) }
    return askBand(&model)
  case .windowBand(let place, let pair):
    if model.movie.windows != nil { model.movie.pair = (place, pair) }
    return []
  case .tick:
    if model.lesson.running != nil { return lessonTick(&model) }
    if model.movie.isPlaying {
      stepWindow(&model, 1, wraps: true)
    } else if model.isAlternating {
      model.view.showsRight.toggle()
    }
    return []
  default: return []
  }
}

func askMovie(_ model: inout Model, seconds: Double) -> [Effect] {
  guard let run = model.scene.run else {
    return refuse(&model, "a movie needs a BOLD run (--bold)")
  }
  guard run.repetitionTimeSeconds != nil else {
    return refuse(&model, "the repetition time is unknown: state it with --tr")
  }
  guard let seed = model.connectivity.seedMap?.seed else {
    return refuse(&model, "there is no seed yet; \(model.key(.seed)) sets one")
  }
  model.movie.windowSeconds = seconds
  model.shell.progress = ("making the movie", 0)
  return [.movie(seed, seconds: seconds)]
}

/// Asks for the null band of the movie at the cursor, when there is a movie.
func askBand(_ model: inout Model) -> [Effect] {
  guard let movie = model.movie.windows, let place = model.placeAtCursor,
    model.movie.pair?.place != place
  else { return [] }
  model.movie.pair = nil
  return [.windowBand(movie.seed, model.cursor, seconds: model.movie.windowSeconds)]
}

func stopMovie(_ model: inout Model) {
  model.movie.windows = nil
  model.movie.pair = nil
  model.movie.volume = nil
  model.movie.isPlaying = false
}

func showWindow(_ model: inout Model, _ index: Int) {
  guard let movie = model.movie.windows, movie.maps.indices.contains(index) else { return }
  model.movie.index = index
  model.movie.volume = movie.volume(index)
}

func stepWindow(_ model: inout Model, _ step: Int, wraps: Bool) {
  guard let count = model.movie.windows?.maps.count, count > 0 else { return }
  let next = model.movie.index + step
  showWindow(&model, wraps ? (next + count) % count : max(0, min(count - 1, next)))
}
