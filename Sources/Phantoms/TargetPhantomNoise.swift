import Basics
import Glibc
import Imaging

/// The parts of a made-up person's noise, added one after the other.
struct PhantomNoise {
  let mask: Mask
  let points: [WorldPoint]
  let frames: Int
  /// 0 in the middle of the brain, 1 at its surface.
  let depth: [Double]
  /// `values[voxel * frames + frame]`.
  var values: [Float]
  var walks: [[Double]] = []
  let tr: Double
  let voxel: Double
  let mixture: PhantomMixture
  var random: PhantomRandom

  static let brain = (centre: WorldPoint(0, -18, 10), axes: WorldPoint(70, 90, 70))
  /// The part of the brain that is made: the front, where the region and sgACC lie.
  static let box = (low: WorldPoint(-70, -50, -42), high: WorldPoint(44, 72, 80))
  static let seed = TargetPhantom.sgACC
  static let centres = TargetPhantom.centres

  static func radius(_ p: WorldPoint) -> Double {
    let (c, a) = brain
    let (x, y, z) = ((p.x - c.x) / a.x, (p.y - c.y) / a.y, (p.z - c.z) / a.z)
    return (x * x + y * y + z * z).squareRoot()
  }

  init(_ request: PhantomRequest) {
    var random = PhantomRandom(seed: request.seed &* 0x9e37_79b9 &+ 17)
    let h = request.voxelMillimetres
    let (low, high) = Self.box
    let origin = WorldPoint(
      low.x + h * random.uniform(), low.y + h * random.uniform(), low.z + h * random.uniform())
    func size(_ a: Int) -> Int { Int((high[a] - origin[a]) / h) + 1 }
    guard
      let grid = Grid(
        dimensions: (size(0), size(1), size(2)),
        worldFromVoxel: Affine(spacing: (h, h, h), origin: origin))
    else { preconditionFailure("the phantom's own grid is valid") }
    var balls: [WorldPoint] = []
    let first = (0..<3).map { low[$0] + 26 * random.uniform() }
    for x in stride(from: first[0], to: high.x, by: 26) {
      for y in stride(from: first[1], to: high.y, by: 26) {
        for z in stride(from: first[2], to: high.z, by: 26) { balls.append(WorldPoint(x, y, z)) }
      }
    }
    mask = Mask(grid: grid, origin: "phantom") { offset in
      let p = grid.world(at: offset)
      return Self.radius(p) <= 1
        && (Self.centres.contains { $0.distance(to: p) <= 20 } || Self.seed.distance(to: p) <= 13
          || balls.contains { $0.distance(to: p) <= 10.5 })
    }
    points = mask.offsets.map { grid.world(at: Int($0)) }
    depth = points.map(Self.radius)
    frames = request.frameCount
    tr = request.repetitionTimeSeconds
    voxel = h
    mixture = request.structure.mixture
    values = [Float](repeating: 0, count: mask.count * frames)
    self.random = random
  }

  /// White noise, a little blurred between neighbours, that grows towards the edge and downwards.
  mutating func addThermal() {
    let n = mask.count
    var white = [Float](repeating: 0, count: n * frames)
    for i in white.indices { white[i] = random.roughNormal() }
    let blur: Float = voxel <= 2.5 ? 0.45 : 0.3
    let growth = random.uniform(0.5, 1.5)
    for v in 0..<n {
      let at = mask.grid.index(at: Int(mask.offsets[v]))
      let around = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
        .map { VoxelIndex(at.i + $0.0, at.j + $0.1, at.k + $0.2) }.filter(mask.contains)
        .map { Int(mask.places[mask.grid.offset($0)]) }
      let edge = min(1, max(0, (depth[v] - 0.6) / 0.4))
      let below = min(1, max(0, -points[v].z / 60))
      let sd = Float((1 + growth * edge * edge + 0.8 * below) * 1.6 * pow(voxel / 3, -0.7))
      let scale = sd / (1 + blur * blur * Float(around.count)).squareRoot()
      add(scale, of: white, row: v, to: v)
      for other in around { add(scale * blur, of: white, row: other, to: v) }
    }
  }

  /// Small sources with 1/f series of their own, all over the brain.
  mutating func addLocalSources() {
    for _ in 0..<110 {
      let centre = randomPlace()
      let width = random.uniform(7, 14)
      add(bump(centre, width, 2 * mixture.local), random.pink(frames))
    }
  }

  mutating func addGlobalSignal() {
    let gain = field(35).map { (1 + 0.3 * $0) * mixture.global }
    add(gain, random.pink(frames))
  }

  /// One narrow-band series near 0.03 Hz that arrives at each place with a delay of its own.
  mutating func addBreathing() {
    let series = random.narrowBand(
      seconds: Double(frames) * tr + 60, hertz: random.uniform(0.025, 0.035),
      width: random.uniform(0.004, 0.012))
    let reach = Float(random.uniform(1, 3))
    let delay = field(30).map { Double(min(8, max(-8, reach * $0))) }
    let gain = field(20).map { mixture.breathing * min(3, max(0.1, 1 + 0.5 * $0)) }
    addDelayed(series, delay, gain)
  }

  /// Six networks, of which three have a node in the search region; none has the seed's series.
  mutating func addNetworks() {
    for network in 0..<6 {
      var weights = [Float](repeating: 0, count: points.count)
      for node in 0..<3 + random.index(3) {
        var centre = randomPlace()
        if network < 3, node == 0 { centre = nearCentre(15) }
        let sign: Float = random.uniform() < 1 / 3.0 ? -1 : 1
        let part = bump(centre, random.uniform(9, 15), sign * 2 * mixture.networks)
        for v in weights.indices { weights[v] += part[v] }
      }
      add(weights, random.pink(frames))
    }
  }

  /// Random walks with heavy-tailed jumps; what they leak; and spin history after each jump, of a pattern of its
  /// own, which no motion column describes.
  mutating func addMotion() {
    walks = (0..<6).map { axis in
      var x = 0.0
      return (0..<frames).map { _ in
        x += random.normal() * (axis < 3 ? 0.02 : 0.0004)
        return x
      }
    }
    let count = max(1, Int(0.03 * Double(frames) * random.uniform(0.5, 1.5)))
    let edge = depth.map { Float(min(1, max(0, ($0 - 0.5) / 0.5))) }
    let shapes = (0..<4).map { _ in field(18) }
    var sizes: [(frame: Int, size: Double)] = []
    for _ in 0..<count {
      let jump = (2 + random.index(frames - 2), random.heavyTailed())
      sizes.append(jump)
      let stays = random.uniform() < 0.5 ? 0.3 : 0.0
      for axis in 0..<6 {
        let step = random.normal() * jump.1 * (axis < 3 ? 0.15 : 0.003)
        walks[axis][jump.0] += step
        for t in jump.0..<frames { walks[axis][t] += stays * step }
      }
    }
    for axis in 0..<6 {
      let leak = field(15)
      let gain = points.indices.map { leak[$0] * (0.3 + edge[$0]) * (axis < 3 ? 0.8 : 40) }
      add(gain, walks[axis].map(Float.init))
    }
    for jump in sizes { addSpike(jump.frame, Float(jump.size), shapes, edge) }
  }

  private mutating func addSpike(
    _ frame: Int, _ size: Float, _ shapes: [[Float]], _ edge: [Float]
  ) {
    let weights = shapes.map { _ in Float(random.normal()) * 0.5 }
    let (wave, phase) = (random.uniform(0.1, 0.6), random.uniform(0, 6))
    let slice = Float(random.normal()) * 0.5
    let memory = Float(exp(-tr / 1.3))
    for v in points.indices {
      var pattern = Float(sin(points[v].z * wave + phase)) * slice - 1
      for (shape, weight) in zip(shapes, weights) { pattern += shape[v] * weight }
      let below = Float(min(1, max(0, -points[v].z / 50)))
      var left = mixture.spikes * size * pattern * (0.4 + edge[v] + 0.4 * below)
      for t in frame..<min(frame + 4, frames) {
        values[v * frames + t] += left
        left *= -0.6 * memory
      }
    }
  }

  /// Noises that every third to fifth slice shares, steps, and thermal noise that grows in the second half.
  mutating func addSlices() {
    guard mixture.slices > 0 else { return }
    let groups = 3 + random.index(3)
    let shared = (0..<groups).map { _ in random.pink(frames) }
    for v in points.indices {
      let slice = mask.grid.index(at: Int(mask.offsets[v])).k
      let gain = mixture.slices * 0.8 * Float(0.5 + min(1, max(0, (depth[v] - 0.5) / 0.5)))
      let row = shared[slice % groups]
      for t in 0..<frames { values[v * frames + t] += gain * row[t] }
      for t in frames / 2..<frames {
        values[v * frames + t] *= 1 + 0.5 * Float(2 * t - frames) / Float(frames)
      }
    }
    for _ in 0..<3 {
      let (from, height) = (random.index(frames), Float(random.normal()))
      let steps = (0..<frames).map { $0 >= from ? height : 0 }
      add(field(25).map { $0 * mixture.slices }, steps)
    }
  }

  /// A narrow-band series near 0.04 Hz whose delay grows along one direction, up to half a turn and more.
  mutating func addWaves() {
    guard mixture.waves > 0 else { return }
    let series = random.narrowBand(
      seconds: Double(frames) * tr + 60, hertz: random.uniform(0.035, 0.045), width: 0.012)
    var way = WorldPoint(random.normal(), random.normal(), random.normal())
    let length = way.distance(to: WorldPoint(0, 0, 0))
    way = WorldPoint(way.x / length, way.y / length, way.z / length)
    let speed = random.uniform(3, 6)
    let bend = field(25)
    let delay = points.indices.map { v -> Double in
      let p = points[v]
      let along = p.x * way.x + (p.y - 10) * way.y + (p.z - 20) * way.z
      return min(25, max(-25, along / speed + 2.5 * Double(bend[v])))
    }
    addDelayed(series, delay, [Float](repeating: mixture.waves, count: points.count))
  }

  /// The seed's own series in sgACC, and minus it at a place of the region.
  mutating func addSite(coupling: Double) -> WorldPoint? {
    let own = random.pink(frames)
    let power = bandPower(own)
    let seedRows = points.indices.filter { points[$0].distance(to: Self.seed) <= 10 }
    var mean = [Float](repeating: 0, count: frames)
    for v in seedRows {
      for t in 0..<frames { mean[t] += values[v * frames + t] / Float(seedRows.count) }
    }
    let share = random.uniform(0.6, 0.9)
    let height = (bandPower(mean) / power * share / (1 - share)).squareRoot()
    let inSeed = points.map { $0.distance(to: Self.seed) <= 12 ? Float(height) : 0 }
    var place = nearCentre(14)
    while Self.radius(place) > 0.93 { place = nearCentre(14) }
    let width = random.uniform(5, 8)
    let near = points.indices.filter { points[$0].distance(to: place) <= 6.2 }
    let step = max(1, near.count / 24)
    let noises = stride(from: 0, to: near.count, by: step).map { n in
      bandPower(Array(values[near[n] * frames..<(near[n] + 1) * frames]))
    }.sorted()
    add(inSeed, own)
    guard coupling > 0, !noises.isEmpty else { return nil }
    let ratio = coupling / (1 - coupling * coupling).squareRoot()
    let edge = exp(-0.5 * 6.2 * 6.2 / (width * width))
    let amplitude = ratio * (noises[noises.count / 2] / power).squareRoot() / edge
    add(bump(place, width, Float(-amplitude)), own)
    return place
  }
}
