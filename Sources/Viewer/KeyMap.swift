package import CellUI

/// What a key does.
package enum Action: String, Sendable, CaseIterable {
  case left, right, up, down, sliceForward, sliceBack, axial, coronal, sagittal
  case frameBack, frameForward, thresholdDown, thresholdUp, overlay, nextOverlay, underlay
  case seed, live, cycleRight, flip, otherPane, targets, goTo, command, help, back, quit
  case coarser, finer, redraw, suspend
  case motion, matrix, networks, course, activity, movie, play
  case next, previous, accept
  case mark, rename, note, take, reject, undo, searchHere
  case registration, lesson
  case side, planes, lightbox, fused, flicker, less, more, zoomIn, zoomOut, zoomReset, pan, centre
  case outline, across, keep, raise, lower, brighter, darker, moreContrast, lessContrast
  case sign, clusterSize, thresholdKind, opaque, sheer, overlays, histogram
  case undoView, redoView, placeBack, placeForward
  case bookmarkHere, bookmarks
}

/// A key, its action and the words of the help page and the key line.
package struct Binding: Sendable {
  package var keys: [Key]
  package var action: Action
  /// How the keys are written.
  package var shown: String
  package var text: String
}

/// The one table of keys: help, key line and README are made of it.
package enum KeyMap {
  private static func c(_ s: Unicode.Scalar) -> Key { .character(s) }

  package static let bindings: [Binding] = [
    Binding(keys: [.left, c("h")], action: .left, shown: "← h", text: "cursor left on the screen"),
    Binding(keys: [.down, c("j")], action: .down, shown: "↓ j", text: "cursor down"),
    Binding(keys: [.up, c("k")], action: .up, shown: "↑ k", text: "cursor up"),
    Binding(keys: [.right, c("l")], action: .right, shown: "→ l", text: "cursor right"),
    Binding(
      keys: [.pageUp, c(">")], action: .sliceForward, shown: "PgUp >",
      text: "next slice (superior, anterior, right)"),
    Binding(
      keys: [.pageDown, c("<")], action: .sliceBack, shown: "PgDn <",
      text: "previous slice (inferior, posterior, left)"),
    Binding(keys: [c("a")], action: .axial, shown: "a", text: "axial plane"),
    Binding(keys: [c("c")], action: .coronal, shown: "c", text: "coronal plane"),
    Binding(keys: [c("s")], action: .sagittal, shown: "s", text: "sagittal plane"),
    Binding(keys: [c("1")], action: .side, shown: "1", text: "layout: side by side"),
    Binding(keys: [c("2")], action: .planes, shown: "2", text: "layout: three planes of each side"),
    Binding(
      keys: [c("3")], action: .lightbox, shown: "3", text: "layout: lightbox, slices of the plane"),
    Binding(
      keys: [c("4")], action: .fused, shown: "4", text: "layout: fused, the right over the left"),
    Binding(
      keys: [c("5")], action: .flicker, shown: "5",
      text: "layout: flicker; again: the other side; p: by itself"),
    Binding(
      keys: [c("(")], action: .less, shown: "(", text: "lightbox: denser; fused: less of the right"),
    Binding(
      keys: [c(")")], action: .more, shown: ")", text: "lightbox: wider; fused: more of the right"),
    Binding(keys: [c("Z")], action: .zoomIn, shown: "Z", text: "zoom in, about the cursor"),
    Binding(keys: [c("z")], action: .zoomOut, shown: "z", text: "zoom out"),
    Binding(keys: [c("0")], action: .zoomReset, shown: "0", text: "no zoom: all of the head"),
    Binding(
      keys: [c("P")], action: .pan, shown: "P", text: "arrows move the zoomed picture, or not"),
    Binding(keys: [c("C")], action: .centre, shown: "C", text: "zoomed: the cursor to the middle"),
    Binding(keys: [c(" ")], action: .seed, shown: "Space", text: "seed here"),
    Binding(keys: [c("L")], action: .live, shown: "L", text: "live seed: it follows the cursor"),
    Binding(
      keys: [c("{")], action: .thresholdDown, shown: "{",
      text: "threshold down; right pane: white of its scale"),
    Binding(
      keys: [c("}")], action: .thresholdUp, shown: "}", text: "threshold up; right pane: the same"),
    Binding(keys: [c("o")], action: .overlay, shown: "o", text: "overlay on or off"),
    Binding(keys: [c("O")], action: .nextOverlay, shown: "O", text: "next overlay"),
    Binding(
      keys: [c("K")], action: .keep, shown: "K",
      text: "keep this overlay on screen while O chooses others, or not"),
    Binding(keys: [c("V")], action: .overlays, shown: "V", text: "list of overlays"),
    Binding(keys: [c("^")], action: .raise, shown: "^", text: "this overlay one higher"),
    Binding(keys: [c("_")], action: .lower, shown: "_", text: "this overlay one lower"),
    Binding(
      keys: [c("%")], action: .thresholdKind, shown: "%",
      text: "threshold as value, percentile, z, p or q"),
    Binding(keys: [c(";")], action: .sign, shown: ";", text: "both signs, positive, negative"),
    Binding(
      keys: [c("#")], action: .clusterSize, shown: "#", text: "smallest cluster: 1, 10, 20, 50, 100"
    ),
    Binding(
      keys: [c("d")], action: .outline, shown: "d", text: "outline what passes the threshold"),
    Binding(
      keys: [c("D")], action: .across, shown: "D", text: "the overlay's outline on the right side"),
    Binding(keys: [c(",")], action: .sheer, shown: ",", text: "overlay more transparent"),
    Binding(keys: [c(".")], action: .opaque, shown: ".", text: "overlay less transparent"),
    Binding(keys: [c("b")], action: .brighter, shown: "b", text: "underlay brighter"),
    Binding(keys: [c("B")], action: .darker, shown: "B", text: "underlay darker"),
    Binding(keys: [c("i")], action: .moreContrast, shown: "i", text: "underlay: more contrast"),
    Binding(keys: [c("I")], action: .lessContrast, shown: "I", text: "underlay: less contrast"),
    Binding(
      keys: [c("H")], action: .histogram, shown: "H",
      text: "histograms of overlay, underlay and right side"),
    Binding(
      keys: [c("u")], action: .underlay, shown: "u", text: "next underlay: anatomy, mean, frame"),
    Binding(
      keys: [c("[")], action: .frameBack, shown: "[", text: "previous frame, or window of a movie"),
    Binding(
      keys: [c("]")], action: .frameForward, shown: "]", text: "next frame, or window of a movie"),
    Binding(
      keys: [c("y")], action: .course, shown: "y",
      text: "time course: cleaned, stored, per cent, spectrum"),
    Binding(
      keys: [c("A")], action: .activity, shown: "A",
      text: "next activity map: ALFF, fALFF, ReHo, temporal SNR"),
    Binding(
      keys: [c("w")], action: .movie, shown: "w", text: "movie of sliding windows, on or off"),
    Binding(keys: [c("p")], action: .play, shown: "p", text: "play or stop the movie"),
    Binding(
      keys: [c("m")], action: .motion, shown: "m", text: "motion, DVARS, global signal and carpet"),
    Binding(keys: [c("x")], action: .matrix, shown: "x", text: "matrix of the atlas's regions"),
    Binding(
      keys: [c("E")], action: .lesson, shown: "E",
      text: "lesson: what a camera and its minutes leave; n next, N previous"),
    Binding(
      keys: [c("G")], action: .registration, shown: "G",
      text: "does the SPECT lie right? move it, register it, accept it"),
    Binding(keys: [c("T")], action: .networks, shown: "T", text: "table of networks"),
    Binding(
      keys: [c("v")], action: .cycleRight, shown: "v",
      text: "right: measured, simulated, map or series blurred, difference, change"),
    Binding(keys: [c("-")], action: .finer, shown: "-", text: "camera resolution 1 mm finer"),
    Binding(
      keys: [c("+"), c("=")], action: .coarser, shown: "+", text: "camera resolution 1 mm coarser"),
    Binding(keys: [c("R")], action: .flip, shown: "R", text: "radiological or neurological"),
    Binding(keys: [.tab], action: .otherPane, shown: "Tab", text: "the other pane, for { and }"),
    Binding(keys: [c("t")], action: .targets, shown: "t", text: "target candidates"),
    Binding(
      keys: [c("n")], action: .next, shown: "n",
      text: "next cluster of the overlay, target, bookmark"),
    Binding(keys: [c("N")], action: .previous, shown: "N", text: "the previous one"),
    Binding(keys: [.enter], action: .accept, shown: "Enter", text: "confirm the target"),
    Binding(keys: [c("M")], action: .mark, shown: "M", text: "mark the place at the cursor"),
    Binding(keys: [c("r")], action: .rename, shown: "r", text: "target list: rename"),
    Binding(keys: [c("e")], action: .note, shown: "e", text: "target list: write a note"),
    Binding(keys: [c("Y")], action: .take, shown: "Y", text: "target list: accept the place"),
    Binding(keys: [c("X")], action: .reject, shown: "X", text: "target list: reject the place"),
    Binding(
      keys: [c("U")], action: .undo, shown: "U", text: "undo the last mark, name, note or decision"),
    Binding(
      keys: [c("S")], action: .searchHere, shown: "S",
      text: "target list: search 20 mm around the cursor; L: it follows"),
    Binding(
      keys: [c("g")], action: .goTo, shown: "g",
      text: "go to X,Y,Z in mm, a site, label:REGION, F3@okamoto or a bookmark"),
    Binding(
      keys: [.backspace], action: .placeBack, shown: "Backspace",
      text: "back to the place before the last jump"
    ),
    Binding(keys: [c("~")], action: .placeForward, shown: "~", text: "forward again"),
    Binding(
      keys: [c("\"")], action: .bookmarkHere, shown: "\"", text: "bookmark the place at the cursor"),
    Binding(
      keys: [c("'")], action: .bookmarks, shown: "'",
      text: "list of bookmarks; e notes, X takes away"),
    Binding(
      keys: [.control("u")], action: .undoView, shown: "Ctrl-U",
      text: "undo the last change of view or seed"),
    Binding(keys: [.control("r")], action: .redoView, shown: "Ctrl-R", text: "redo it"),
    Binding(keys: [c(":")], action: .command, shown: ":", text: "type a command"),
    Binding(keys: [c("?")], action: .help, shown: "?", text: "this help"),
    Binding(keys: [.escape], action: .back, shown: "Esc", text: "back, or cancel what is running"),
    Binding(keys: [.control("l")], action: .redraw, shown: "Ctrl-L", text: "draw the screen anew"),
    Binding(
      keys: [.control("z")], action: .suspend, shown: "Ctrl-Z", text: "to the shell; fg comes back"),
    Binding(keys: [c("q"), .control("c")], action: .quit, shown: "q", text: "quit"),
  ]

  /// Commands after `:` with what they take.
  package static let commands: [(name: String, takes: String, text: String)] = [
    ("seed", "X,Y,Z[,R], NAME, label:REGION, box:…, FILE", "seed there; A + B for both"),
    ("goto", "X,Y,Z, NAME, label:REGION or F3@okamoto", "cursor there"),
    ("voxel", "I,J,K", "cursor to a voxel, from 0"),
    ("peak", "", "cursor to the overlay's most extreme value"),
    ("bookmark", "NAME [NOTE]", "keep the place at the cursor"),
    ("unbookmark", "NAME", "forget it"),
    ("session", "save FILE.json", "keep all that is looked at; view --session opens it"),
    (
      "threshold", "R, LO HI, P%, z Z, p P or q Q",
      "overlay threshold: |value|, a range, strongest part, or statistics"
    ),
    ("fdr", "Q from 0 to 1", "threshold at a false discovery rate"),
    ("fwhm", "MM", "camera resolution"),
    ("camera", "osem-recovery, osem, usual, fbp-sharp or fbp-smooth", "its resolution by name"),
    ("window", "SECONDS", "camera time window"),
    ("start", "SECONDS", "where the window begins in the run"),
    ("average", "window, or uptake [MINUTES]", "seconds alike, or as a tracer is taken up"),
    ("proxy", "mean, alff, template, asl or gm", "what stands for perfusion before the camera"),
    ("losses", "", "what the camera loses, in numbers"),
    ("contrast", "", "map of the local contrast that the camera loses"),
    ("scan", "fbp, osem or osem-recovery", "the same under a rotating camera and back"),
    ("perfusion", "[X]", "numbers of the SPECT by region; clusters beyond ± X"),
    ("asymmetry", "", "map of the SPECT's asymmetry index"),
    ("siscom", "", "first SPECT minus second, by SD"),
    ("frame", "N", "frame, from 0"),
    ("band", "LO,HI or none", "frequencies kept, in hertz"),
    ("polort", "N", "degree of the drift polynomial"),
    ("gsr", "on or off", "remove the global signal"),
    ("smooth", "MM", "smoothing after cleaning"),
    ("highpass", "SECONDS or none", "cosine high-pass"),
    ("preset", "24P, 36P, acompcor, …", "confounds by a published name"),
    ("censor", "MM or none", "censor frames by displacement"),
    ("drop", "N", "first frames to drop"),
    ("alff", "", "map of low-frequency amplitude"),
    ("falff", "", "the same by all frequencies"),
    ("reho", "", "map of regional homogeneity"),
    ("tsnr", "", "map of temporal signal to noise"),
    ("windows", "SECONDS", "movie of sliding windows"),
    ("motion", "", "motion, DVARS and carpet"),
    ("matrix", "", "matrix of the atlas's regions"),
    ("networks", "", "table of networks"),
    ("change", "", "change to the second session"),
    ("targets", "", "target candidates"),
    ("protocol", "NAME", "targets by another protocol"),
    ("sphere", "X,Y,Z[,R]", "search targets in a sphere"),
    ("method", "cluster, peak or cone", "targets by another method"),
    ("percentile", "P", "part of the search region that is clustered, in per cent"),
    ("lesson", "", "what a camera and its minutes leave of this map"),
    ("register", "", "register the SPECT to the anatomy"),
    ("reference", "brain, REGION or FILE", "what the SPECT is in per cent of"),
    (
      "palette", "NAME",
      "colours of perfusion: hot-iron, hot-metal-blue, pet, pet-20-step, grey, even"
    ),
    ("range", "LO HI", "values of the overlay's darkest and brightest colour"),
    ("sign", "both, positive or negative", "which signs of the overlay are drawn"),
    ("cluster", "VOXELS, MM3 mm3 or none", "smallest cluster that is drawn in full"),
    ("outline", "on or off", "outline what passes the threshold"),
    ("fade", "on or off", "what does not pass: faded, or left out"),
    ("contour", "on or off", "draw this overlay as a line only"),
    ("opacity", "PERCENT", "how much of the overlay is seen"),
    ("colours", "NAME", "colours of the overlay: red-blue, green-purple, teal-brown, a palette, …"),
    ("overlays", "", "list of overlays"),
    ("choose", "NAME", "the overlay that keys and commands speak of"),
    ("keep", "on or off", "keep this overlay on screen while others are chosen"),
    ("raise", "", "this overlay one higher"),
    ("lower", "", "this overlay one lower"),
    ("hide", "", "all overlays off"),
    ("show", "", "overlays on"),
    ("across", "on or off", "the overlay's outline on the right side"),
    ("isoline", "VALUE or none", "a line on the left where the right side reaches a value"),
    ("underlay", "LO HI [GAMMA], or auto", "percentiles that are black and white, and the power"),
    ("histogram", "", "histograms of overlay, underlay and right side"),
    ("layout", "side, planes, lightbox, fused or flicker", "how both sides are put on screen"),
    ("spacing", "MM or auto", "distance of the lightbox's slices"),
    ("mix", "PERCENT", "how much of the right is seen in the fused picture"),
    ("alternate", "on or off", "flicker by itself"),
    ("zoom", "FACTOR from 1 to 32", "zoom about the cursor; 1 is all of the head"),
    ("centre", "X,Y,Z, cursor or none", "what lies in the middle of the zoomed pictures"),
    ("plane", "axial, coronal or sagittal", "the plane"),
    ("convention", "radiological or neurological", "which side of the screen is left"),
    ("debug", "", "bytes and milliseconds of the last picture, on or off"),
    ("load", "FILE.json", "show targets that were saved"),
    ("findings", "", "what is odd about the files"),
    ("quit", "", "leave"),
  ]

  package static func action(for key: Key) -> Action? {
    bindings.first { $0.keys.contains(key) }?.action
  }
}
