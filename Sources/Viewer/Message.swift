package import CellUI
package import Connectivity
package import Imaging
package import Perfusion
package import Targeting

/// What happens to the viewer: a key, or the answer to something it asked for.
package enum Message: Sendable {
  case event(Event)
  /// The first frames of a run: there is something to show.
  case firstLook(Scene)
  case loaded(Scene)
  case cleaned(ReducedSeries)
  case seedMap(generation: Int, SeedMap, Volume, blurred: Volume?)
  case simulated(generation: Int, SimulatedSPECT, difference: Volume?)
  case targets(TargetReport)
  case saved(String)
  case spects([NamedSPECT])
  case loadedTargets([TargetRecord])
  case progress(String, Double)
  case failed(Problem)
  /// Something that was asked for is done, or was dropped.
  case idle(isBusy: Bool)
}

/// What the viewer asks for; carried out elsewhere, never here.
package enum Effect: Equatable, Sendable {
  case load
  /// A map of the seed, and its blurred form when that is on screen.
  case seedMap(generation: Int, Seed, Denoising, Camera, wantsBlurred: Bool)
  case simulate(generation: Int, Camera, spect: Int?)
  case findTargets(Denoising)
  case save([TargetRecord], name: String)
  /// The SPECT volumes in per cent of another region.
  case reference(String)
  /// Saved targets, to be shown in the list.
  case loadTargets(String)
  case cancel
  case suspend
  case redraw
  case quit
}
