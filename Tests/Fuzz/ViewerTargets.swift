import Basics
import CellUI
import Imaging
import TestSupport
import Viewer

private enum Head {
  static let grid = Small.grid(
    11, 13, 11, spacing: (16, 16, 16), origin: WorldPoint(-80, -110, -60))
  private static let mask = Mask(grid: grid, origin: "ball") {
    grid.world(at: $0).distance(to: WorldPoint(0, -14, 20)) < 70
  }
  private static let usual = Small.volume(grid) { Float($0.i + 2 * $0.j + 3 * $0.k) }

  /// A head of a few voxels whose names come from files, and its values where they are given.
  static func model(_ size: Size, named name: String, values: [Float] = []) -> Model {
    var scene = Scene()
    scene.title = name
    scene.space = .mni152
    scene.laterality = .known
    scene.grid = grid
    scene.mask = mask
    scene.sideRule = .mni
    let volume =
      values.isEmpty
      ? usual
      : Volume(grid: grid, values: (0..<grid.count).map { values[$0 % values.count] })
    scene.underlays = [NamedVolume(name: name, volume: volume)]
    scene.overlays = [
      NamedVolume(name: name, volume: volume), NamedVolume(name: "b", volume: usual),
    ]
    if !values.isEmpty {
      let frames = 7
      var series: [Float] = []
      for n in 0..<frames * mask.count { series.append(values[(n * 5 + n / 31) % values.count]) }
      scene.run = Run(
        mask: mask, frameCount: frames, repetitionTimeSeconds: 2,
        samples: SampleStore(floats: series), mean: volume)
    }
    scene.findings = [Finding("odd", .warning, name, file: name)]
    scene.problems = [SceneProblem(file: name, severity: .blocking, sentence: name)]
    var model = Model(size: size, capabilities: Capabilities(colours: .direct, unicode: true))
    _ = update(&model, by: .answer(first(&model, .load), madeOf: nil, .loaded(scene)))
    return model
  }

  /// As if it had just been asked for.
  private static func first(_ model: inout Model, _ effect: Effect) -> RequestID {
    model.requests.stamp(effect).id
  }
}

/// Draws; nothing on the screen is anything but what it looks like.
private func draw(_ model: Model) {
  let frame = view(model)
  require(frame.cells.count == frame.size.columns * frame.size.rows, "a frame of another size")
  requirePlain(frame.text, "the screen", except: ["\n"])
  requirePlain(frame.inASCII().text, "the screen in ASCII", except: ["\n"])
}

/// Does one key, and answers what it asks for with a refusal where `refuses`.
private func press(_ model: inout Model, _ key: Key, refuses: Bool) {
  for request in update(&model, by: .event(.key(key))) {
    if case .findPeaks(let search) = request.effect, let found = try? search.found({ _ in }) {
      _ = update(&model, by: .answer(request.id, madeOf: nil, .foundPeaks(search, found)))
    } else if refuses {
      let problem = Problem(.data, "x", "it was refused")
      _ = update(&model, by: .answer(request.id, madeOf: nil, .failed(problem)))
    }
    _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
  }
}

let viewerTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "lines", most: 400,
    words: CommandRegistry.names + CommandRegistry.lines.flatMap(\.aliases),
    seeds: {
      CommandRegistry.lines.map { Array("\($0.name) \($0.takes.prefix(20))".utf8) }
        + [
          "seed PCC", "goto -44,30,30", "threshold 0.3", "zoom 2", "frame 3", "go 1 2 3",
          "help seed",
        ].map { Array($0.utf8) }
    }
  ) { (bytes) throws(Problem) in
    var model = Head.model(Size(columns: 80, rows: 24), named: "n.nii")
    for line in text(bytes).split(separator: "\n").prefix(4) {
      press(&model, .character(":"), refuses: false)
      press(&model, .pasted(String(line)), refuses: false)
      draw(model)
      press(&model, .tab, refuses: false)
      press(&model, .enter, refuses: true)
      _ = mayBeKept(String(line))
    }
    draw(model)
  },
  FuzzTarget(
    name: "keys", most: 256,
    words: KeyMap.bindings.map(\.shown) + ["\u{1b}[A", "\u{1b}[B", "\r", "\t", "\u{1b}"],
    seeds: FuzzTarget.texts(
      "\u{1}\u{1}t\r\u{1b}[A:", "\u{2}\u{3}?\u{1b}", "PPooss>>]][[zzZZ", "tTnNmMbB", "1234567890")
  ) { (bytes) throws(Problem) in
    let sizes = [(80, 24), (120, 40), (60, 20), (1, 1), (0, 0), (200, 12), (20, 90)].map(Size.init)
    var model = Head.model(sizes[Int(bytes.first ?? 0) % sizes.count], named: "n.nii")
    let refuses = (bytes.dropFirst().first ?? 0) % 2 == 1
    for (n, key) in typedKeys(Array(bytes.dropFirst(2))).enumerated() {
      // What cannot be typed is pointed at.
      if case .character(let scalar) = key, scalar.value >= 0xa0 {
        let (column, row) = (Int(scalar.value % 97), Int(scalar.value / 97 % 31))
        let kinds = Mouse.Kind.allCases
        let kind = kinds[Int(scalar.value) % kinds.count]
        press(&model, .mouse(Mouse(kind, column: column, row: row)), refuses: refuses)
      } else {
        press(&model, key, refuses: refuses)
      }
      if n % 4 == 3 { draw(model) }
      if n % 16 == 15 { _ = update(&model, by: .event(.resized(sizes[n / 16 % sizes.count]))) }
    }
    draw(model)
  },
  FuzzTarget(
    name: "values", most: 128, words: ["\u{7f}", ":histogram\r", ":overlays\r", ":bookmarks\r"],
    seeds: {
      let odd: [Float] = [3.4e38, -3.4e38, 1e20, .leastNonzeroMagnitude, .nan, .infinity, 0, 1, -1]
      let bytes = odd.flatMap { Seeds.little($0.bitPattern) }
      return ["vv", "gGhH", "wWtT", "+-<>", "::"].map { Array($0.utf8) + [0] + bytes }
    }
  ) { (bytes) throws(Problem) in
    // Keys up to a zero, then what the voxels hold.
    let keys = bytes.prefix { $0 != 0 }.prefix(8)
    let rest = Array(bytes.dropFirst(keys.count + 1))
    let values = stride(from: 0, to: rest.count - 3, by: 4).map { at in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(rest[at + $1]) << UInt32(8 * $1) })
    }
    var model = Head.model(Size(columns: 80, rows: 24), named: "n.nii", values: values)
    draw(model)
    for key in typedKeys(Array(keys)) { press(&model, key, refuses: false) }
    draw(model)
    let numbers = values.map { Double($0) * 1e300 } + values.map { Double($0) }
    _ = braillePlot(numbers, columns: 9, rows: 2)
    _ = braillePlot(numbers, columns: 9, rows: 2, low: numbers.first, high: numbers.last)
  },
  FuzzTarget(
    name: "screen-names", most: 256,
    words: [
      "\u{202e}", "\u{1b}[31m", "\u{200b}", "\u{9b}", "\u{1f468}\u{200d}\u{1f469}", "\u{e0041}",
    ],
    seeds: FuzzTarget.texts(
      "sub-1_bold.nii.gz", "\u{202e}abc\u{1b}]0;x\u{7}", "\u{4e2d}\u{6587}\u{301}")
  ) { (bytes) throws(Problem) in
    var model = Head.model(Size(columns: 100, rows: 30), named: text(bytes))
    draw(model)
    for key in "ioOF?".unicodeScalars {
      press(&model, .character(key), refuses: false)
      draw(model)
      press(&model, .escape, refuses: false)
    }
  },
  FuzzTarget(
    name: "key-script", most: 256, words: ["<Press:", "<C-x>", "<F12>", "<Lt>"],
    seeds: FuzzTarget.texts("abc<Up><C-x><Press:3,4>")
  ) {
    (bytes) throws(Problem) in
    let keys = try? KeyScript.parse(text(bytes))
    require((keys ?? []).count <= bytes.count, "more keys than characters")
  },
]
