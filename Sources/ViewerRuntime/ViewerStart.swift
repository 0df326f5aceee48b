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
  /// The request as it was typed, for a session file.
  package var arguments: [String] = []
  package var startsLesson = false
  /// How it is looked at; nil for the program's own way.
  package var state: StartState?
  package var bookmarks: [Bookmark] = []
  package var targets: [TargetRecord] = []
  package var keys = KeyTable()
  package var palette = Palette.hotIron

  /// The state of every view from the config file, the session and the command line, each over the one
  /// before.
  ///
  /// - Parameter config: nil where pictures must not depend on whose machine it is.
  package init(
    _ options: StudyRequest, palette chosen: Palette?, views: [(name: String, text: String)],
    config: Config?, session: Session? = nil, arguments: [String], startsLesson: Bool = false
  ) throws(Problem) {
    var view = ViewState()
    try config?.apply(to: &view)
    keys = config?.keys ?? KeyTable()
    if let session {
      view = session.view
      bookmarks = session.bookmarks
      targets = session.targets
    }
    if let chosen { view.palette = chosen }
    try apply(views, to: &view)
    palette = view.palette
    var start = StartState(view)
    start.seedWords = options.seed == nil || session != nil ? session?.seed : nil
    start.placesCursor = session != nil && options.at == nil
    start.commands = session?.commands ?? []
    start.opensTargets = session?.targetsOpen ?? false
    // Without any of these the viewer begins as it always did.
    if session != nil || config != nil || !views.isEmpty { state = start }
    self.arguments = arguments
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
