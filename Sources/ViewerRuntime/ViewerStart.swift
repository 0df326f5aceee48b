package import Basics
import CellUI
import Foundation
import ImageFiles
import Imaging
package import Study
package import Targeting
package import Viewer

/// What the viewer begins with beside its files.
package struct ViewerStart {
  package var startsLesson = false
  /// A folder of people, one of them, or a file: then nothing is loaded before one is chosen.
  package var folder: String?
  /// How it is looked at; nil for the program's own way.
  package var state: StartState?
  package var bookmarks: [Bookmark] = []
  package var targets: [TargetRecord] = []
  package var keys = KeyTable()
  package var palette = Palette.hotIron

  /// The state of every view from the config file, the workspace and the command line, each over the one
  /// before.
  ///
  /// - Parameter config: nil where pictures must not depend on whose machine it is.
  package init(
    _ options: StudyRequest, palette chosen: Palette?, views: [(name: String, text: String)],
    config: Config?, workspace: Workspace? = nil, startsLesson: Bool = false
  ) throws(Problem) {
    var view = ViewState()
    try config?.apply(to: &view)
    keys = config?.keys ?? KeyTable()
    if let workspace {
      view = workspace.view
      bookmarks = workspace.bookmarks
      targets = workspace.targets
    }
    if let chosen { view.palette = chosen }
    try apply(views, to: &view)
    palette = view.palette
    var start = StartState(view)
    start.statesProxy = workspace != nil || views.contains { $0.name == "proxy" }
    start.seedWords = options.seed == nil || workspace != nil ? workspace?.seed : nil
    start.placesCursor = workspace != nil && options.at == nil
    start.commands = workspace?.commands ?? []
    start.opensTargets = workspace?.targetsOpen ?? false
    // Without any of these the viewer begins as it always did.
    if workspace != nil || config != nil || !views.isEmpty { state = start }
    self.startsLesson = startsLesson
  }

  package func prepare(_ model: inout Model) {
    model.lesson.startsWhenLoaded = startsLesson
    model.shell.palette = palette
    model.ways.keys = keys
    model.ways.bookmarks = bookmarks
    model.targets.book = targets
    guard let state else { return }
    model.ways.start = state
    // What needs no file is right from the first picture on.
    model.navigation.plane = state.view.plane
    model.navigation.isRadiological = state.view.isRadiological
    model.threshold = state.view.threshold
  }
}
