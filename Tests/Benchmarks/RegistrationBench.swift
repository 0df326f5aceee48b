import Basics
import Foundation
import ImageFiles
import Imaging
import Registration

/// How near registrations come to known answers, and what is let through that should not be.
struct RegistrationBench {
  let trials: Int
  private let data = "../shared/data/"
  private let mricron = "/usr/share/mricron/templates/"
  private var random = SeededGenerator(seed: 20_281)
  /// What a registration may take here: longer than the program allows, so that a busy machine spoils no figure.
  private let patience = 900.0

  init(trials: Int) { self.trials = trials }

  mutating func run() throws {
    try rigidPairs()
    try headsToBrains()
    try provokedFailures()
  }

  private func image(_ path: String) throws -> Volume { try ImageReader.readVolume(path).volume }

  /// Turns up to ±15° and shifts up to ±20 mm, and scales of each axis up to ±10 % where asked.
  private mutating func randomMap(_ about: WorldPoint, scales: Bool) -> Affine {
    func symmetric(_ most: Double) -> Double { (2 * random.uniform() - 1) * most }
    func point(_ most: Double) -> WorldPoint {
      WorldPoint(symmetric(most), symmetric(most), symmetric(most))
    }
    let rigid = Affine.turn(degrees: point(15), about: about, shift: point(20))
    guard scales else { return rigid }
    let s = (1 + symmetric(0.1), 1 + symmetric(0.1), 1 + symmetric(0.1))
    return rigid.composed(after: Affine(spacing: s, origin: WorldPoint(0, 0, 0)))
  }

  /// Mean and worst distance over brain places of a map that should undo a known one.
  private func errors(_ found: Affine, undoing known: Affine, _ places: [WorldPoint]) -> (
    Double, Double
  ) {
    let all = places.map { found.applied(to: known.applied(to: $0)).distance(to: $0) }
    return (all.reduce(0, +) / Double(all.count), all.max() ?? 0)
  }

  private func places(_ brain: Volume) -> [WorldPoint] {
    let inside = (0..<brain.grid.count).filter { brain.values[$0] > 0 }
    return stride(from: 0, to: inside.count, by: max(1, inside.count / 2000)).map {
      brain.grid.world(at: inside[$0])
    }
  }

  private mutating func noisy(_ v: Volume, _ share: Float) -> Volume {
    let top = v.percentile(98) ?? 1
    var generator = random
    let values = v.values.map { x -> Float in
      let u = max(1e-12, generator.uniform())
      let n = (-2 * log(u)).squareRoot() * cos(2 * .pi * generator.uniform())
      return max(0, x + Float(n) * share * top)
    }
    random = generator
    return Volume(grid: v.grid, values: values)
  }

  static func coarse(_ v: Volume, _ mm: Double, fwhm: Double) -> Volume {
    guard let grid = v.grid.upright(spacing: mm) else { return v }
    let out = v.smoothed(fwhm: fwhm).resampled(to: grid, .linear)
    return Volume(grid: grid, values: out.values.map { $0.isFinite ? $0 : 0 })
  }

  private func moved(_ v: Volume, _ map: Affine) throws -> Volume {
    guard let grid = v.grid.carried(by: map) else { throw Problem(.data, "map", "singular") }
    return Volume(grid: grid, values: v.values)
  }

  /// Pairs of one head: SPECT made of tissue maps, EPI-like and T1, each to the T1.
  mutating func rigidPairs() throws {
    let icbm = try image(
      data + "templates-nilearn/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz")
    let gm = try image(data + "templates-nilearn/mni_icbm152_gm_tal_nlin_sym_09a_converted.nii.gz")
    let wm = try image(data + "templates-nilearn/mni_icbm152_wm_tal_nlin_sym_09a_converted.nii.gz")
    let head = try image(mricron + "ch2.nii.gz")
    let brain = try image(mricron + "ch2bet.nii.gz")
    let uptake = Volume(
      grid: gm.grid, values: zip(gm.values, wm.values).map { 4 * $0 + $1 })
    let sources: [(String, Volume, Volume, [WorldPoint])] = [
      (
        "SPECT to T1 (ICBM)", Self.coarse(uptake, 4, fwhm: 10), Self.coarse(icbm, 2, fwhm: 1.5),
        places(gm)
      ),
      (
        "T1 to T1 (Colin)", Self.coarse(head, 2.5, fwhm: 2), Self.coarse(head, 2, fwhm: 1.5),
        places(brain)
      ),
      (
        "EPI-like to T1 (Colin)", Self.coarse(inverted(brain), 3.5, fwhm: 3),
        Self.coarse(head, 2, fwhm: 1.5),
        places(brain)
      ),
    ]
    var rows: [String: [(Double, Double)]] = [:]
    for n in 0..<trials {
      let (name, moving, fixed, places) = sources[n % sources.count]
      let known = randomMap(WorldPoint(0, -20, 10), scales: false)
      let image = noisy(try moved(moving, known), 0.04)
      try tell("rigid", name, n, image, fixed, .rigid, known, places, &rows)
    }
    summarise("rigid", rows)
  }

  private func inverted(_ brain: Volume) -> Volume {
    let top = brain.percentile(99) ?? 1
    return Volume(
      grid: brain.grid, values: brain.values.map { $0 > 0 ? 1.4 * top - $0 : 0 })
  }

  private func tell(
    _ kind: String, _ name: String, _ n: Int, _ moving: Volume, _ fixed: Volume,
    _ registration: RegistrationKind, _ known: Affine, _ places: [WorldPoint],
    _ rows: inout [String: [(Double, Double)]]
  ) throws {
    do throws(Problem) {
      let found = try register(
        moving: RegistrationInput(name: "moving", volume: moving),
        fixed: RegistrationInput(name: "fixed", volume: fixed), registration,
        restarts: n % 5 == 0 ? 2 : 0, secondsAllowed: patience, progress: .silent)
      let e = errors(found.fixedFromMoving, undoing: known, places)
      rows[name, default: []].append(e)
      print(
        "\(kind)\t\(name)\t\(n)\t\(plainNumber(e.0, 2))\t\(plainNumber(e.1, 2))\t\(plainNumber(found.seconds, 1)) s\t\(found.quality)"
      )
    } catch {
      rows[name, default: []].append((.infinity, .infinity))
      print("\(kind)\t\(name)\t\(n)\trefused\t\(error.sentence)")
    }
  }

  private func summarise(_ kind: String, _ rows: [String: [(Double, Double)]]) {
    for (name, all) in rows.sorted(by: { $0.key < $1.key }) {
      let found = all.filter { $0.0.isFinite }
      let mean = found.reduce(0) { $0 + $1.0 } / Double(max(1, found.count))
      print(
        "\(kind) \(name): \(found.count) of \(all.count), mean \(plainNumber(mean, 2)) mm, worst place "
          + "\(plainNumber(found.map(\.1).max() ?? 0, 2)) mm")
    }
  }

  /// A head with its skull to the brain of the same head.
  mutating func headsToBrains() throws {
    let head = Self.coarse(try image(mricron + "ch2.nii.gz"), 2, fwhm: 1.5)
    let brain = try image(mricron + "ch2bet.nii.gz")
    let fixed = Self.coarse(brain, 2, fwhm: 1.5)
    var rows: [String: [(Double, Double)]] = [:]
    for n in 0..<max(6, trials / 3) {
      let isAffine = n % 2 == 1
      let known = randomMap(WorldPoint(0, -20, 10), scales: isAffine)
      let image = noisy(try moved(head, known), 0.03)
      try tell(
        "head to brain", isAffine ? "affine" : "rigid", n, image, fixed,
        isAffine ? .affine : .rigid,
        known, places(brain), &rows)
    }
    summarise("head to brain", rows)
  }

  /// Maps that are wrong by more than a centimetre: skulls fitted to brains by elastix without masks, heads upside
  /// down or back to front, scaled and shifted ones. None may pass.
  mutating func provokedFailures() throws {
    let head = Self.coarse(try image(mricron + "ch2.nii.gz"), 2, fwhm: 1.5)
    let brain = try image(mricron + "ch2bet.nii.gz")
    let fixed = Self.coarse(brain, 2, fwhm: 1.5)
    let spots = places(brain)
    var (accepted, all) = (0, 0)
    func judge(_ what: String, _ map: Affine, _ moving: Volume, _ known: Affine) {
      let e = errors(map, undoing: known, spots)
      guard e.0 > 5 else { return print("no failure\t\(what)\t\(plainNumber(e.0, 1)) mm") }
      all += 1
      do throws(Problem) {
        let fit = try plausible(
          map, moving: RegistrationInput(name: "moving", volume: moving),
          fixed: RegistrationInput(name: "fixed", volume: fixed)
        ).fit
        accepted += 1
        print("ACCEPTED\t\(what)\t\(plainNumber(e.0, 1)) mm wrong\t\(fit.map { "\($0)" } ?? "")")
      } catch {
        print("refused\t\(what)\t\(plainNumber(e.0, 1)) mm wrong\t\(error.found.prefix(90))")
      }
    }
    for n in 0..<max(10, trials) {
      let known = randomMap(WorldPoint(0, -20, 10), scales: false)
      let image = try moved(head, known)
      guard let back = known.inverse else { continue }
      let centre = WorldPoint(0, -20, 15)
      switch n % 5 {
      case 0:
        let what = "skull to brain, elastix"
        do throws(Problem) {
          let pull = try Elastix.movingFromFixed(
            moving: image, fixed: fixed, .affine, secondsAllowed: patience, progress: .silent)
          if let map = pull.inverse { judge(what, map, image, known) }
        } catch {
          print("no map\t\(what)\t\(error.sentence)")
        }
      case 1:
        let s = 0.83 + 0.05 * random.uniform()
        judge(
          "skull to brain, scaled",
          Affine(spacing: (s, s, s), origin: WorldPoint(0, 20 * (s - 1), 15 * (1 - s))).composed(
            after: back), image, known)
      case 2:
        judge(
          "upside down",
          Affine.turn(degrees: WorldPoint(0, 180, 0), about: centre).composed(after: back), image,
          known)
      case 3:
        judge(
          "back to front",
          Affine.turn(degrees: WorldPoint(0, 0, 180), about: centre).composed(after: back), image,
          known)
      default:
        judge(
          "shifted",
          Affine.turn(degrees: WorldPoint(0, 0, 0), about: centre, shift: WorldPoint(14, 8, -10))
            .composed(after: back), image, known)
      }
    }
    print("provoked failures accepted: \(accepted) of \(all)")
  }
}
