/// The numbered colours of a terminal that lets them be chosen, as they are on it: a table's own, and in its spare
/// numbers what the pictures need beyond that, so that each colour has one that looks alike.
///
/// A number is given another colour only while no cell that stays on screen has it, and where there is a choice none
/// that is on screen at all: nothing that stays is recoloured, and nothing flashes.
package struct ChosenColours: Sendable {
  /// The CIEDE2000 difference to which a colour looks like another. Below 2, which is what nobody sees beside each
  /// other at a glance, by what `NearDifference` may be off.
  package static let alike = 1.9

  /// A colour of a picture.
  typealias Wanted = (colour: Colour, looks: Looks)

  let base: ColourTable
  private var colours: [Colour]
  private var seen: [Looks]
  /// The table's own alone: what is spare lies beyond all colours here.
  private let own: LabTable
  /// When each spare number was last needed; those that hold nothing yet are not in it.
  private var lastUse: [Int: Int] = [:]
  private var now = 0
  private var numbers: [Colour: Int] = [:]

  init(_ base: ColourTable) {
    self.base = base
    colours = base.colours
    seen = base.colours.map(Looks.init)
    let spare = Set(base.spare)
    own = LabTable(
      seen.enumerated().map { n, looks in
        spare.contains(base.first + n) ? Lab(1e9, 1e9, 1e9) : looks.lab
      })
  }

  /// What the terminal shows by its numbers.
  var table: ColourTable { ColourTable(first: base.first, colours) }

  func looks(_ number: Int) -> Looks { seen[number - base.first] }

  /// The number that was found for a colour of the picture, or that looks nearest.
  func number(_ colour: Colour) -> Int { numbers[colour] ?? nearest(Looks(colour)) }

  /// Finds a number for each colour, and gives spare ones away where none looks alike.
  ///
  /// - Parameters:
  ///   - wanted: each colour of the picture that is to be drawn, once.
  ///   - held: numbers of cells that are not drawn anew.
  ///   - shown: numbers of all cells as they are now.
  /// - Returns: the numbers whose colour changed.
  mutating func choose(_ wanted: [Wanted], held: Set<Int>, shown: Set<Int>) -> [Int] {
    now += 1
    numbers.removeAll(keepingCapacity: true)
    var left: [Wanted] = []
    for one in wanted {
      let place = own.nearest(to: one.looks)
      if isAlike(one.looks, seen[place]) {
        numbers[one.colour] = base.first + place
      } else {
        left.append(one)
      }
    }
    // What holds a colour already, first that which must stay as it is.
    let filled = base.spare.filter { lastUse[$0] != nil }
    keep(filled.filter(held.contains), for: &left)
    keep(filled.filter { !held.contains($0) }, for: &left)
    guard !left.isEmpty else { return [] }
    let free = base.spare.filter { !held.contains($0) && lastUse[$0] != now }
      .sorted { rank($0, shown).lexicographicallyPrecedes(rank($1, shown)) }
    let picked = Self.few(left.map(\.looks), of: free.count)
    for (n, number) in zip(picked, free) { set(number, left[n]) }
    for one in left where numbers[one.colour] == nil {
      numbers[one.colour] = nearest(one.looks)
    }
    return Array(free.prefix(picked.count))
  }

  /// Nothing on screen has the first; of them what was not needed for longest comes first.
  private func rank(_ number: Int, _ shown: Set<Int>) -> [Int] {
    [shown.contains(number) ? 1 : 0, lastUse[number] ?? 0, number]
  }

  /// Takes for colours that are left the fewest of some numbers that look alike.
  private mutating func keep(_ some: [Int], for left: inout [Wanted]) {
    let likes = some.map { number in
      left.indices.filter { isAlike(left[$0].looks, looks(number)) }
    }
    var isTaken = [Bool](repeating: false, count: left.count)
    for n in cover(likes, count: left.count, limit: some.count) {
      lastUse[some[n]] = now
      for j in likes[n] where !isTaken[j] {
        isTaken[j] = true
        numbers[left[j].colour] = some[n]
      }
    }
    left = left.indices.filter { !isTaken[$0] }.map { left[$0] }
  }

  private func isAlike(_ a: Looks, _ b: Looks) -> Bool {
    a.squared(to: b) <= Self.alike * Self.alike
  }

  /// Of all numbers.
  private func nearest(_ looks: Looks) -> Int {
    var best = (place: own.nearest(to: looks), squared: Double.infinity)
    best.squared = looks.squared(to: seen[best.place])
    for number in base.spare where lastUse[number] != nil {
      let squared = looks.squared(to: self.looks(number))
      if squared < best.squared { best = (number - base.first, squared) }
    }
    return base.first + best.place
  }

  private mutating func set(_ number: Int, _ one: Wanted) {
    let at = number - base.first
    (colours[at], seen[at]) = (one.colour, one.looks)
    lastUse[number] = now
    numbers[one.colour] = number
  }

  /// Places of colours that each of some looks like one of. Where there are too few numbers for that, colours are
  /// taken for alike that differ more, as little more as it takes.
  private static func few(_ all: [Looks], of count: Int) -> [Int] {
    var picked: [Int] = []
    for more in [1, 1.1, 1.2, 1.35, 1.5, 2, 3, 5] {
      picked = few(all, within: more * alike)
      if picked.count <= count { return picked }
    }
    return Array(picked.prefix(count))
  }

  private static func few(_ all: [Looks], within limit: Double) -> [Int] {
    let order = all.indices.sorted { all[$0].lab.lightness < all[$1].lab.lightness }
    var likes = all.indices.map { [$0] }
    for (n, i) in order.enumerated() {
      for j in order[(n + 1)...] {
        // The weight of lightness is at most 1.75.
        if all[j].lab.lightness - all[i].lab.lightness > 1.8 * limit { break }
        guard all[i].squared(to: all[j]) <= limit * limit else { continue }
        likes[i].append(j)
        likes[j].append(i)
      }
    }
    return cover(likes, count: all.count, limit: all.count)
  }
}

/// The sets that cover all that they have together, those that cover most first (greedy).
///
/// - Parameters:
///   - likes: of each set its members, among `count`.
///   - limit: how many sets at most.
private func cover(_ likes: [[Int]], count: Int, limit: Int) -> [Int] {
  var owners = [[Int]](repeating: [], count: count)
  for (n, members) in likes.enumerated() { for j in members { owners[j].append(n) } }
  var gain = likes.map(\.count)
  var isCovered = [Bool](repeating: false, count: count)
  var out: [Int] = []
  while out.count < limit, let best = gain.indices.max(by: { gain[$0] < gain[$1] }), gain[best] > 0
  {
    out.append(best)
    for j in likes[best] where !isCovered[j] {
      isCovered[j] = true
      for n in owners[j] { gain[n] -= 1 }
    }
  }
  return out
}
