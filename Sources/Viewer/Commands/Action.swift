/// What a key does, by its name; what it is and does stands with its topic in the registry.
package struct Action: Hashable, Sendable, CaseIterable {
  /// As programs write it: `sliceForward`.
  package let rawValue: String

  package init(_ rawValue: String) { self.rawValue = rawValue }

  /// As a person types it: `slice-forward`.
  package var name: String {
    var out = ""
    for c in rawValue {
      if c.isUppercase { out += "-" + c.lowercased() } else { out.append(c) }
    }
    return out
  }

  package static var allCases: [Action] { CommandRegistry.keys.compactMap(\.key?.action) }
}

// Those that other parts of the program speak of.
extension Action {
  package static let left = Action("left")
  package static let right = Action("right")
  package static let up = Action("up")
  package static let down = Action("down")
  package static let sliceForward = Action("sliceForward")
  package static let sliceBack = Action("sliceBack")
  package static let axial = Action("axial")
  package static let coronal = Action("coronal")
  package static let sagittal = Action("sagittal")
  package static let frameBack = Action("frameBack")
  package static let frameForward = Action("frameForward")
  package static let thresholdDown = Action("thresholdDown")
  package static let thresholdUp = Action("thresholdUp")
  package static let overlay = Action("overlay")
  package static let nextOverlay = Action("nextOverlay")
  package static let underlay = Action("underlay")
  package static let seed = Action("seed")
  package static let live = Action("live")
  package static let cycleRight = Action("cycleRight")
  package static let flip = Action("flip")
  package static let otherPane = Action("otherPane")
  package static let targets = Action("targets")
  package static let goTo = Action("goTo")
  package static let command = Action("command")
  package static let help = Action("help")
  package static let back = Action("back")
  package static let quit = Action("quit")
  package static let coarser = Action("coarser")
  package static let finer = Action("finer")
  package static let redraw = Action("redraw")
  package static let suspend = Action("suspend")
  package static let motion = Action("motion")
  package static let matrix = Action("matrix")
  package static let networks = Action("networks")
  package static let course = Action("course")
  package static let activity = Action("activity")
  package static let movie = Action("movie")
  package static let play = Action("play")
  package static let next = Action("next")
  package static let previous = Action("previous")
  package static let accept = Action("accept")
  package static let mark = Action("mark")
  package static let rename = Action("rename")
  package static let note = Action("note")
  package static let take = Action("take")
  package static let reject = Action("reject")
  package static let undo = Action("undo")
  package static let searchHere = Action("searchHere")
  package static let registration = Action("registration")
  package static let lesson = Action("lesson")
  package static let side = Action("side")
  package static let planes = Action("planes")
  package static let lightbox = Action("lightbox")
  package static let fused = Action("fused")
  package static let flicker = Action("flicker")
  package static let less = Action("less")
  package static let more = Action("more")
  package static let zoomIn = Action("zoomIn")
  package static let zoomOut = Action("zoomOut")
  package static let zoomReset = Action("zoomReset")
  package static let pan = Action("pan")
  package static let centre = Action("centre")
  package static let outline = Action("outline")
  package static let across = Action("across")
  package static let keep = Action("keep")
  package static let raise = Action("raise")
  package static let lower = Action("lower")
  package static let brighter = Action("brighter")
  package static let darker = Action("darker")
  package static let moreContrast = Action("moreContrast")
  package static let lessContrast = Action("lessContrast")
  package static let sign = Action("sign")
  package static let clusterSize = Action("clusterSize")
  package static let thresholdKind = Action("thresholdKind")
  package static let opaque = Action("opaque")
  package static let sheer = Action("sheer")
  package static let overlays = Action("overlays")
  package static let histogram = Action("histogram")
  package static let undoView = Action("undoView")
  package static let redoView = Action("redoView")
  package static let placeBack = Action("placeBack")
  package static let placeForward = Action("placeForward")
  package static let bookmarkHere = Action("bookmarkHere")
  package static let bookmarks = Action("bookmarks")
}
