import Basics
import Foundation
import ImageFiles
import Imaging
import Registration

/// How often the flip check tells the side: pairs made of every head at hand, half of them mirrored, told by head.
struct FlipBench {
  enum Kind: String { case epi = "EPI–T1", spect = "SPECT–T1" }

  struct Source {
    var name: String
    var kind: Kind
    var anatomy: Volume
    /// What is laid beside it, made anew or measured.
    var other: Volume
    /// Kept out of tuning.
    var isKeptOut = false
    /// Both sides are alike, or the two heads are not one: any answer but "unknown" is wrong or luck.
    var isSymmetric = false
  }

  struct Tally {
    var right = 0
    var unknown = 0
    var wrong = 0
    var margins: [Double] = []
  }

  private let data = "../shared/data/"
  private let mricron = "/usr/share/mricron/templates/"
  private var random = SeededGenerator(seed: 20_282)
  let each: Int
  /// all, tuning, kept, or of those for tuning epi or spect.
  let which: String

  init(each: Int, which: String) {
    self.each = each
    self.which = which
  }

  mutating func run() throws {
    var rows: [(String, Kind, Bool, Bool, Tally)] = []
    for source in try sources() {
      if which == "tuning", source.isKeptOut { continue }
      if which == "kept", !source.isKeptOut { continue }
      if which == "epi" || which == "spect",
        source.isKeptOut || (which == "epi") != (source.kind == .epi)
      {
        continue
      }
      var tally = Tally()
      let brain = BrainFinder.brain(of: source.anatomy)?.mask
      for n in 0..<each {
        let isMirrored = n % 2 == 1
        let (anatomy, other) = pair(source, n, isMirrored: isMirrored)
        let found = try flipCheck(anatomy, other, brains: (brain, nil), progress: .silent)
        let margin = (found?.margin ?? 0) * (isMirrored ? -1 : 1)
        tally.margins.append(margin)
        switch found?.verdict ?? .unknown {
        case .unknown: tally.unknown += 1
        case .same: if isMirrored { tally.wrong += 1 } else { tally.right += 1 }
        case .mirrored: if isMirrored { tally.right += 1 } else { tally.wrong += 1 }
        }
      }
      rows.append((source.name, source.kind, source.isKeptOut, source.isSymmetric, tally))
      let margins = tally.margins.sorted().map { plainNumber($0, 1) }.joined(separator: " ")
      print(
        "\(source.kind.rawValue)\t\(source.name)\(source.isKeptOut ? " (kept out)" : "")\(source.isSymmetric ? " (symmetric)" : "")\t"
          + "right \(tally.right)\tunknown \(tally.unknown)\tWRONG \(tally.wrong)\tmargins towards the truth: \(margins)"
      )
      fflush(nil)
    }
    for kind in [Kind.epi, .spect] {
      let own = rows.filter { $0.1 == kind && !$0.3 }.map(\.4)
      let (r, u, w) = own.reduce((0, 0, 0)) {
        ($0.0 + $1.right, $0.1 + $1.unknown, $0.2 + $1.wrong)
      }
      print("\(kind.rawValue): \(r + u + w) pairs, right \(r), unknown \(u), WRONG \(w)")
    }
  }

  private func image(_ path: String) throws -> Volume { try ImageReader.readVolume(path).volume }

  private func mean(_ path: String) throws -> Volume {
    let (d, samples) = try ImageReader.read(path, progress: .silent)
    let n = d.grid.count
    let frames = min(d.frameCount, 20)
    var sum = [Float](repeating: 0, count: n)
    for t in 0..<frames {
      for (i, x) in samples.floats(t * n..<(t + 1) * n).enumerated() { sum[i] += x }
    }
    return Volume(grid: d.grid, values: sum)
  }

  private func sources() throws -> [Source] {
    let colin = coarse(try image(mricron + "ch2.nii.gz"), 2)
    let asym = coarse(
      try image(data + "templates-2009c/tpl-MNI152NLin2009cAsym_res-01_desc-brain_T1w.nii.gz"), 2)
    let boldref = try image(
      data + "templates-2009c/tpl-MNI152NLin2009cAsym_res-02_desc-fMRIPrep_boldref.nii.gz")
    let marked = try image(data + "odd-orient48/RAS.nii.gz")
    let someone = try image(data + "bold-small/someones_anatomy.nii.gz")
    let someonesEPI = try image(data + "bold-small/someones_epi.nii.gz")
    let labels = try image(data + "bold-rapidtide/sub-RAPIDTIDETEST_synthseg.nii.gz")
    let rapid = try image(data + "bold-rapidtide/sub-RAPIDTIDETEST_mean.nii.gz")
    let forrest = try mean(data + "bold-studyforrest/sub-02_task-oneback_run-1_bold.nii.gz")
    let bisweb = try mean(data + "bold-small/test_motion_correction.nii.gz")
    let ge = try mean(data + "dicom-nih/Ref/DCM2NIIX_regression_test_4.nii")
    let symmetric = coarse(
      try image(data + "templates-nilearn/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"), 2)
    let phantom = Self.phantom()
    let spect = try image(data + "spect-spm/SPECT.nii")
    return [
      Source(name: "Colin", kind: .epi, anatomy: colin, other: epi(of: colin)),
      Source(name: "2009cAsym, its boldref", kind: .epi, anatomy: asym, other: boldref),
      Source(name: "marked brain", kind: .epi, anatomy: marked, other: epi(of: marked)),
      Source(
        name: "rapidtide, T1 from its labels", kind: .epi, anatomy: anatomy(labels), other: rapid),
      Source(name: "GE EPI, inverted", kind: .epi, anatomy: inverted(ge), other: ge),
      Source(name: "bisweb EPI, inverted", kind: .epi, anatomy: inverted(bisweb), other: bisweb),
      Source(name: "asymmetric phantom", kind: .epi, anatomy: phantom, other: epi(of: phantom)),
      Source(
        name: "someone, own EPI", kind: .epi, anatomy: someone, other: someonesEPI, isKeptOut: true),
      Source(
        name: "studyforrest, inverted", kind: .epi, anatomy: inverted(forrest), other: forrest,
        isKeptOut: true),
      Source(
        name: "2009a symmetric", kind: .epi, anatomy: symmetric, other: epi(of: symmetric),
        isSymmetric: true),
      Source(name: "Colin", kind: .spect, anatomy: colin, other: uptake(of: colin)),
      Source(name: "2009cAsym", kind: .spect, anatomy: asym, other: uptake(of: asym)),
      Source(name: "marked brain", kind: .spect, anatomy: marked, other: uptake(of: marked)),
      Source(
        name: "rapidtide labels", kind: .spect, anatomy: anatomy(labels),
        other: uptake(labels: labels)),
      Source(
        name: "asymmetric phantom", kind: .spect, anatomy: phantom, other: uptake(of: phantom)),
      Source(
        name: "someone", kind: .spect, anatomy: someone, other: uptake(of: someone), isKeptOut: true
      ),
      Source(
        name: "mean of 90 to 2009cAsym", kind: .spect, anatomy: asym, other: spect, isKeptOut: true),
      Source(name: "mean of 90 to Colin", kind: .spect, anatomy: colin, other: spect),
      Source(
        name: "2009a symmetric", kind: .spect, anatomy: symmetric, other: uptake(of: symmetric),
        isSymmetric: true),
    ]
  }

  // MARK: - What is made

  private mutating func symmetric(_ most: Double) -> Double { (2 * random.uniform() - 1) * most }

  private mutating func normal() -> Float {
    let u = max(1e-12, random.uniform())
    return Float((-2 * log(u)).squareRoot() * cos(2 * .pi * random.uniform()))
  }

  /// The other image tilted up to 15°, shifted, blurred, cropped and noisy, and mirrored in its own storage.
  private mutating func pair(_ s: Source, _ n: Int, isMirrored: Bool) -> (Volume, Volume) {
    var other = s.kind == .spect && n % 3 == 2 ? withDefect(s.other) : s.other
    let fwhm = s.kind == .spect ? 9 + 2 * random.uniform() : 3 * random.uniform()
    let spacing = s.kind == .spect ? 4.0 : 3.3
    other = coarse(other, spacing, fwhm: fwhm)
    other = noisy(
      other,
      Float(s.kind == .spect ? 0.04 + 0.04 * random.uniform() : 0.02 + 0.04 * random.uniform()))
    other = cropped(other, bottom: 0.2 * random.uniform(), top: 0.08 * random.uniform())
    if isMirrored { other = Self.mirrored(other) }
    let tilt = Affine.turn(
      degrees: WorldPoint(symmetric(15), symmetric(8), symmetric(8)), about: other.grid.middle,
      shift: WorldPoint(symmetric(15), symmetric(15), symmetric(15)))
    guard let grid = other.grid.carried(by: tilt) else { return (s.anatomy, other) }
    return (noisy(s.anatomy, 0.02), Volume(grid: grid, values: other.values))
  }

  static func mirrored(_ v: Volume) -> Volume {
    let g = v.grid
    var values = v.values
    for row in 0..<g.ny * g.nz {
      for i in 0..<g.nx { values[row * g.nx + i] = v.values[row * g.nx + g.nx - 1 - i] }
    }
    return Volume(grid: g, values: values)
  }

  private mutating func noisy(_ v: Volume, _ share: Float) -> Volume {
    let top = v.percentile(98) ?? 1
    var values = v.values
    for n in values.indices { values[n] = max(0, values[n] + normal() * share * top) }
    return Volume(grid: v.grid, values: values)
  }

  private func coarse(_ v: Volume, _ mm: Double, fwhm: Double = 1.5) -> Volume {
    guard let grid = v.grid.upright(spacing: mm) else { return v }
    let out = v.smoothed(fwhm: fwhm).resampled(to: grid, .linear)
    return Volume(grid: grid, values: out.values.map { $0.isFinite ? $0 : 0 })
  }

  private func cropped(_ v: Volume, bottom: Double, top: Double) -> Volume {
    let g = v.grid
    let filled = (0..<g.nz).filter { k in
      (0..<g.nx * g.ny).contains { v.values[k * g.nx * g.ny + $0] > 0 }
    }
    guard let first = filled.first, let last = filled.last else { return v }
    let n = Double(last - first)
    let low = first + wholeNumber(bottom * n, in: 0...1000)
    let high = last - wholeNumber(top * n, in: 0...1000)
    var rows = g.worldFromVoxel.rows
    for axis in 0..<3 { rows[axis][3] += Double(low) * rows[axis][2] }
    let plane = g.nx * g.ny
    guard
      let grid = Grid(
        dimensions: (g.nx, g.ny, high - low + 1), worldFromVoxel: Affine(rows: rows))
    else { return v }
    return Volume(grid: grid, values: Array(v.values[low * plane..<(high + 1) * plane]))
  }

  private mutating func withDefect(_ v: Volume) -> Volume {
    let side = random.uniform() < 0.5 ? -1.0 : 1
    let m = v.grid.middle
    let spot = WorldPoint(m.x + side * 45, m.y + symmetric(30), m.z + symmetric(15))
    var values = v.values
    for n in values.indices where v.grid.world(at: n).distance(to: spot) < 28 { values[n] *= 0.4 }
    return Volume(grid: v.grid, values: values)
  }

  /// Brain values over the brain's median, 0 outside.
  private func relative(_ v: Volume) -> Volume {
    guard let brain = BrainFinder.brain(of: v)?.mask else { return v }
    let inside = (0..<v.grid.count).map { n in
      brain.grid.nearestVoxel(v.grid.world(at: n)).map(brain.contains) ?? false
    }
    let middle = boldspectPercentile(zip(v.values, inside).filter(\.1).map(\.0), 50) ?? 1
    return Volume(
      grid: v.grid, values: zip(v.values, inside).map { $1 ? $0 / middle : 0 })
  }

  /// The contrast of an EPI: liquor bright, white matter darker than grey; less signal above nose and ears.
  private func epi(of anatomy: Volume) -> Volume {
    let v = relative(anatomy)
    let c = v.grid.middle
    let holes = [
      WorldPoint(c.x, c.y + 50, c.z - 35), WorldPoint(c.x - 50, c.y + 5, c.z - 45),
      WorldPoint(c.x + 50, c.y + 5, c.z - 45),
    ]
    return Volume(
      grid: v.grid,
      values: (0..<v.grid.count).map { n in
        guard v.values[n] > 0 else { return 0 }
        let p = v.grid.world(at: n)
        let lost = holes.reduce(0.0) { $0 + exp(-pow(p.distance(to: $1) / 18, 2)) }
        return max(0.1, 1.7 - 0.8 * v.values[n]) * Float(max(0, 1 - lost))
      })
  }

  /// An anatomy's contrast of an EPI.
  private func inverted(_ epi: Volume) -> Volume {
    let v = relative(epi)
    return Volume(grid: v.grid, values: v.values.map { $0 > 0 ? max(0.05, 1.9 - $0) : 0 })
  }

  /// Grey matter takes up four times as much as white: grey is what is neither dark nor bright in a T1.
  private func uptake(of anatomy: Volume) -> Volume {
    let v = relative(anatomy)
    return Volume(
      grid: v.grid,
      values: v.values.map { $0 <= 0.4 ? 0 : $0 < 0.7 ? 2 : $0 <= 1.1 ? 4 : 1 })
  }

  private static let white: Set<Int> = [2, 41, 7, 46, 16, 28, 60]
  private static let liquor: Set<Int> = [4, 5, 14, 15, 24, 43, 44]

  private func anatomy(_ labels: Volume) -> Volume {
    mapped(labels, white: 1.3, grey: 0.9, liquor: 0.35)
  }
  private func uptake(labels: Volume) -> Volume { mapped(labels, white: 1, grey: 4, liquor: 0) }

  private func mapped(_ labels: Volume, white: Float, grey: Float, liquor: Float) -> Volume {
    Volume(
      grid: labels.grid,
      values: labels.values.map {
        let n = wholeNumber($0, in: 0...1_000_000)
        return n == 0 ? 0 : Self.white.contains(n) ? white : Self.liquor.contains(n) ? liquor : grey
      })
  }

  /// An ellipsoid of grey around white with petalia: more right in front, more left behind, a longer left horn.
  static func phantom() -> Volume {
    guard
      let grid = Grid(
        dimensions: (91, 109, 91),
        worldFromVoxel: Affine(spacing: (2, 2, 2), origin: WorldPoint(-90, -126, -72)))
    else { preconditionFailure("a grid of 91 × 109 × 91") }
    func ellipsoid(_ p: WorldPoint, _ c: WorldPoint, _ r: WorldPoint) -> Double {
      pow((p.x - c.x) / r.x, 2) + pow((p.y - c.y) / r.y, 2) + pow((p.z - c.z) / r.z, 2)
    }
    return Volume(
      grid: grid,
      values: (0..<grid.count).map { n in
        let w = grid.world(at: n)
        let shear = 0.05 * (w.y + 18)
        let p = WorldPoint(w.x - 0.04 * (w.y + 18) + 0 * shear, w.y, w.z)
        let r = ellipsoid(p, WorldPoint(0, -18, 8), WorldPoint(66, 84, 62))
        if r > 1 { return 0 }
        let left = ellipsoid(p, WorldPoint(-12, -25, 14), WorldPoint(7, 34, 9))
        let right = ellipsoid(p, WorldPoint(12, -12, 14), WorldPoint(6, 24, 8))
        if min(left, right) < 1 { return 0.35 }
        let folds = 0.12 * sin(p.x / 7) * sin(p.y / 9 + 1) * sin(p.z / 8)
        return r + folds > 0.72 ? 0.8 : 1.2
      })
  }
}
