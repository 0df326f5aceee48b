import Basics
import Imaging
import Phantoms
import Targeting

private func share(_ part: Int, of whole: Int) -> String {
  guard whole > 0 else { return "–" }
  let f = Double(part) / Double(whole)
  let error = 196 * (f * (1 - f) / Double(whole)).squareRoot()
  return "\(fixed(100 * f, 1)) ± \(fixed(error, 1)) % of \(whole)"
}

/// Coverage, level and power, whole and by each margin.
func honestyTable(_ all: [HonestTarget]) {
  let seconds = all.map(\.seconds).reduce(0, +)
  row("people", "\(all.count)", "\(fixed(seconds / Double(max(1, all.count)), 2)) s each")
  coverage(all.filter { $0.truth != nil })
  level(all.filter { $0.truth == nil })
  power(all.filter { $0.truth != nil })
}

private func coverage(_ sites: [HonestTarget]) {
  func line(_ name: String, _ some: [HonestTarget]) {
    let selected = some.filter(\.isSelected)
    let covered = selected.filter(\.isCovered).count
    let errors = selected.compactMap(\.error).map(Float.init)
    let radii = selected.compactMap { $0.confidence?.radius95Millimetres }.map(Float.init)
    func q(_ values: [Float], _ percent: Double) -> String {
      boldspectPercentile(values, percent).map { fixed(Double($0), 1) } ?? "–"
    }
    row(
      "radius holds the site, " + name, share(covered, of: selected.count),
      "error \(q(errors, 50)) / 95 % \(q(errors, 95)), radius \(q(radii, 50)) mm")
  }
  line("all", sites)
  margins(sites, line)
}

private func margins(_ some: [HonestTarget], _ line: (String, [HonestTarget]) -> Void) {
  for minutes in Set(some.map(\.request.minutes)).sorted() {
    line("\(plainNumber(minutes)) min", some.filter { $0.request.minutes == minutes })
  }
  for voxel in Set(some.map(\.request.voxelMillimetres)).sorted() {
    line("\(plainNumber(voxel)) mm", some.filter { $0.request.voxelMillimetres == voxel })
  }
  for coupling in Set(some.map(\.request.coupling)).sorted() where coupling > 0 {
    line("r \(plainNumber(coupling, 2))", some.filter { $0.request.coupling == coupling })
  }
  for structure in PhantomStructure.allCases {
    line(
      structure.rawValue + (structure.isHeldOut ? " (held out)" : ""),
      some.filter { $0.request.structure == structure })
  }
}

private func level(_ people: [HonestTarget]) {
  func line(_ name: String, _ some: [HonestTarget]) {
    row(
      "no site, " + name, "p ≤ 0.05 " + share(some.filter { $0.p <= 0.05 }.count, of: some.count),
      "selected " + share(some.filter(\.isSelected).count, of: some.count))
  }
  line("all", people)
  margins(people, line)
}

/// A strong site has r 0.5 and more over 1 cm³.
private func power(_ sites: [HonestTarget]) {
  for coupling in Set(sites.map(\.request.coupling)).sorted() {
    for minutes in Set(sites.map(\.request.minutes)).sorted() {
      let some = sites.filter {
        $0.request.minutes == minutes && $0.request.coupling == coupling
      }
      row(
        "selected, r \(plainNumber(coupling, 2)) over 1 cm³, \(plainNumber(minutes)) min",
        share(some.filter(\.isSelected).count, of: some.count),
        "p ≤ 0.05 " + share(some.filter { $0.p <= 0.05 }.count, of: some.count))
    }
  }
}
