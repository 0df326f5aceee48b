package import Connectivity
package import Imaging
package import Perfusion

/// What the steps of a lesson are made of: each part is asked for once, by the first step that needs it.
package enum LessonPart: String, Sendable, CaseIterable {
  case space, pair, time, camera, perfusion, minutes
}

/// A part of the lesson as it was made of this person's files.
package enum LessonMaterial: Sendable {
  case space(SpaceMaterial)
  case pair(PairMaterial)
  case time(TimeMaterial)
  case camera(CameraMaterial)
  case perfusion(PerfusionMaterial)
  case minutes(MinutesMaterial)

  package var part: LessonPart {
    switch self {
    case .space: .space
    case .pair: .pair
    case .time: .time
    case .camera: .camera
    case .perfusion: .perfusion
    case .minutes: .minutes
    }
  }
}

/// The widths of the cameras that a lesson compares, in mm: from a very good to a smooth reconstruction
/// (spect.md 1.4).
package let lessonWidths = [8.0, 10, 12, 15]

/// One image, sharp and through each camera.
package struct SpaceMaterial: Sendable {
  /// What stands for perfusion, and where it comes from.
  package var proxy: String
  package var sharp: Volume
  /// One for each of `lessonWidths`.
  package var blurred: [Volume]
  /// Of the run, with the first camera.
  package var native: Averaging
  /// Median of the local contrast that is kept, for each width.
  package var contrastKept: [Double]
  /// Mean of grey by that of white matter, sharp and for each width; empty without tissue maps.
  package var greyWhite: [Double]

  package init(
    proxy: String, sharp: Volume, blurred: [Volume], native: Averaging, contrastKept: [Double],
    greyWhite: [Double]
  ) {
    self.proxy = proxy
    self.sharp = sharp
    self.blurred = blurred
    self.native = native
    self.contrastKept = contrastKept
    self.greyWhite = greyWhite
  }
}

/// Two networks by their seed maps, sharp and through each camera.
package struct PairMaterial: Sendable {
  package var names: (String, String)
  package var sharp: (Volume, Volume)
  package var blurred: [(Volume, Volume)]
  /// 1 in the first network, 2 in the second, 3 in both; sharp, then for each width.
  package var labels: [Volume]
  package var native: Averaging
  /// On the line between the two.
  package var place: WorldPoint

  package init(
    names: (String, String), sharp: (Volume, Volume), blurred: [(Volume, Volume)],
    labels: [Volume], native: Averaging, place: WorldPoint
  ) {
    self.names = names
    self.sharp = sharp
    self.blurred = blurred
    self.labels = labels
    self.native = native
    self.place = place
  }

  /// How much more a place goes with the first network than with the second, on the way from front to back through
  /// `place`: the curve that is drawn, saved and measured.
  package static func difference(
    _ maps: (Volume, Volume), through place: WorldPoint
  ) -> (y: [Double], r: [Double]) {
    let samplers = (Sampler(maps.0, .linear), Sampler(maps.1, .linear))
    var (ys, rs): ([Double], [Double]) = ([], [])
    for n in -borderReach...borderReach {
      let at = WorldPoint(place.x, place.y + Double(n) * borderStep, place.z)
      let value = Double(samplers.0.value(at: at) - samplers.1.value(at: at))
      guard value.isFinite else { continue }
      ys.append(at.y)
      rs.append(value)
    }
    return (ys, rs)
  }

  /// Millimetres from point to point of the curve, and points to either side of the place.
  private static let borderStep = 0.5
  private static let borderReach = 60
}

/// Where a curve falls from three quarters to one quarter of its range.
///
/// A sharp step through a camera of FWHM w is 0.573 w wide: 2 × 0.6745 standard deviations.
package struct LessonBorder: Sendable, Equatable {
  /// Where it begins and ends, in the unit of the axis; the smaller first.
  package let ends: ClosedRange<Double>

  package var width: Double { ends.upperBound - ends.lowerBound }

  /// Straight between the points of the curve; the outermost crossings between its highest and its lowest point: a
  /// wavy border is as wide as its waves. Nil of a curve that does not fall.
  package init?(_ curve: (x: [Double], y: [Double])) {
    let ys = curve.y
    guard ys.count > 2, ys.count == curve.x.count,
      let high = ys.indices.max(by: { ys[$0] < ys[$1] }),
      let low = ys.indices.min(by: { ys[$0] < ys[$1] }), ys[low] < ys[high]
    else { return nil }
    var way = Array(min(low, high)...max(low, high))
    if low < high { way.reverse() }
    let range = ys[high] - ys[low]
    let (threeQuarters, quarter) = (ys[low] + 0.75 * range, ys[low] + 0.25 * range)
    guard let begin = way.firstIndex(where: { ys[$0] <= threeQuarters }), begin > 0,
      let end = way.lastIndex(where: { ys[$0] >= quarter }), end + 1 < way.count
    else { return nil }
    func crossing(_ level: Double, _ a: Int, _ b: Int) -> Double {
      let t = (level - ys[a]) / (ys[b] - ys[a])
      return curve.x[a] * (1 - t) + curve.x[b] * t
    }
    let first = crossing(threeQuarters, way[begin - 1], way[begin])
    let last = crossing(quarter, way[end], way[end + 1])
    ends = min(first, last)...max(first, last)
  }
}

/// The run's signal at one place, by the length of the average, and an event in it.
package struct TimeMaterial: Sendable {
  package var place: WorldPoint
  package var repetitionTimeSeconds: Double
  /// Per cent of the mean at that place, frame by frame.
  package var percent: [Double]
  /// From the beginning of the run, in seconds.
  package var event: (start: Double, seconds: Double)
  /// Whether the event is known, or only the minute that differs most.
  package var isKnown: Bool
  /// Change against the rest of the run in per cent: in the event, and over the whole run.
  package var during: Volume
  package var whole: Volume
  /// What a whole run leaves of the event, as a part of it.
  package var left: Double

  package init(
    place: WorldPoint, repetitionTimeSeconds: Double, percent: [Double],
    event: (start: Double, seconds: Double), isKnown: Bool, during: Volume, whole: Volume,
    left: Double
  ) {
    self.place = place
    self.repetitionTimeSeconds = repetitionTimeSeconds
    self.percent = percent
    self.event = event
    self.isKnown = isKnown
    self.during = during
    self.whole = whole
    self.left = left
  }

  /// The mean of each stretch of so many seconds, at every frame of it.
  package func averaged(seconds: Double) -> [Double] {
    let size = max(1, Int((seconds / repetitionTimeSeconds).rounded()))
    var out: [Double] = []
    var start = 0
    while start < percent.count {
      let end = min(percent.count, start + size)
      let part = percent[start..<end].filter(\.isFinite)
      let mean = part.isEmpty ? .nan : part.reduce(0, +) / Double(part.count)
      out += [Double](repeating: mean, count: end - start)
      start = end
    }
    return out
  }

  /// The spread of the averages of so many seconds: their standard deviation in per cent.
  package func spread(seconds: Double) -> Double {
    let values = averaged(seconds: seconds).filter(\.isFinite)
    guard values.count > 1 else { return .nan }
    let mean = values.reduce(0, +) / Double(values.count)
    let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (sum / Double(values.count)).squareRoot()
  }
}

/// A head under the rotating camera and back.
package struct CameraMaterial: Sendable {
  /// Counts by `(view × columns + column) × rows + row`.
  package var counts: [Float]
  package var views: Int
  package var columns: Int
  package var rows: Int
  /// The row of the slice that is shown.
  package var row: Int
  package var place: WorldPoint
  package var millions: Double
  package var truth: Volume
  package var images: [Image]
  /// Of all images, in mm.
  package var filterFWHM: Double
  /// Grey by white of what is before the camera; nil without tissue maps.
  package var truthRatio: Double?
  /// The slice's image from the first so many views alone, on one scale with the whole.
  package var partial: [(views: Int, volume: Volume)] = [] {
    didSet { partialTop = max(1e-6, Double(partial.last?.volume.percentile(99.5) ?? 1)) }
  }
  /// White of all of them; asked at every moment.
  private(set) var partialTop = 1.0
  /// What stands before the camera: a stand-in for perfusion, never a measurement of it.
  package var proxy = "a stand-in"
  /// White of the pictures and of the sinogram, and all photons of the views up to each: asked at every moment.
  let top: Double
  let countTop: Float
  let sinogramTop: Float
  let photonsSoFar: [Double]

  /// One way back to slices.
  package struct Image: Sendable {
    package var name: String
    package var volume: Volume
    package var ratio: Double?

    package init(name: String, volume: Volume, ratio: Double?) {
      self.name = name
      self.volume = volume
      self.ratio = ratio
    }
  }

  package init(
    counts: [Float], views: Int, columns: Int, rows: Int, row: Int, place: WorldPoint,
    millions: Double, truth: Volume, images: [Image], filterFWHM: Double, truthRatio: Double?
  ) {
    self.counts = counts
    self.views = views
    self.columns = columns
    self.rows = rows
    self.row = row
    self.place = place
    self.millions = millions
    self.truth = truth
    self.images = images
    self.filterFWHM = filterFWHM
    self.truthRatio = truthRatio
    top = Double(truth.percentile(99.5) ?? 1)
    countTop = max(1e-6, counts.max() ?? 1)
    let ofRow = (0..<views * columns).map { counts[$0 * rows + row] }
    sinogramTop = max(1e-6, ofRow.max() ?? 1)
    let perView = columns * rows
    var sum = 0.0
    photonsSoFar = (0..<views).map { view in
      sum = counts[view * perView..<(view + 1) * perView].reduce(sum) { $0 + Double($1) }
      return sum
    }
  }
}

/// Where the SPECT's sides differ most.
package struct PerfusionMaterial: Sendable {
  /// A region whose sides were held against each other.
  package struct Region: Sendable, Equatable {
    package var name: String
    /// The side that has less.
    package var side: Side
    /// Means of the region's sides in per cent of the reference.
    package var lower: Double
    package var higher: Double
    /// 200 (L − R) / (L + R) in per cent.
    package var index: Double
    /// How many regions were compared.
    package var count: Int
    package var reference: String
    /// A voxel of the lower side.
    package var place: WorldPoint?

    package init(
      name: String, side: Side, lower: Double, higher: Double, index: Double, count: Int,
      reference: String, place: WorldPoint?
    ) {
      (self.name, self.side, self.lower, self.higher) = (name, side, lower, higher)
      (self.index, self.count, self.reference, self.place) = (index, count, reference, place)
    }

    /// How much less the lower side has, in per cent of the higher.
    package var lessPercent: Double { 100 * (1 - lower / higher) }
  }

  /// Where the slice is laid; nil where no place differs.
  package var place: WorldPoint?
  /// The region with the largest index of all that were compared; nil without regions.
  package var region: Region? { regions.first }
  /// The most uneven first; empty without regions.
  package var regions: [Region]
  /// The side and the index of the largest asymmetry found anywhere, without a sign; nil where none is beyond the usual.
  package var peak: (side: Side, percent: Double)?
  /// The same in words, as every command says it.
  package var largest: String
  /// The index of the run's mean in a ball there, negative where that side has more; NaN where it cannot be had.
  package var runPercent: Double

  package init(
    place: WorldPoint?, regions: [Region], peak: (side: Side, percent: Double)?, largest: String,
    runPercent: Double
  ) {
    self.place = place
    self.regions = regions
    self.peak = peak
    self.largest = largest
    self.runPercent = runPercent
  }
}

/// How alike maps of two stretches of one run are, by their minutes.
package struct MinutesMaterial: Sendable {
  /// Whose maps they are.
  package var seed: Seed
  package var minutes: [Double]
  /// Correlation over the brain of the first so many minutes' map with that of the same many last minutes.
  package var agreement: [Double]
  /// How many regions there are, and the same of the couplings of all of them with all; NaN without regions.
  package var regionCount: Int
  package var regionAgreement: [Double]
  /// FWHM in mm that every map was smoothed by.
  package var smoothing: Double
  /// Maps of the shortest and the longest pair of stretches.
  package var first: (short: Volume, long: Volume)
  package var last: (short: Volume, long: Volume)

  package init(
    seed: Seed, minutes: [Double], agreement: [Double],
    regionCount: Int, regionAgreement: [Double], smoothing: Double,
    first: (short: Volume, long: Volume), last: (short: Volume, long: Volume)
  ) {
    self.seed = seed
    self.minutes = minutes
    self.agreement = agreement
    (self.regionCount, self.regionAgreement) = (regionCount, regionAgreement)
    self.smoothing = smoothing
    self.first = first
    self.last = last
  }
}
