package import Basics
import ImageFiles
package import Imaging
import Perfusion

extension GivenTransforms.Link {
  package var moving: Transform.End {
    switch self {
    case .matrix(let one): one.transform.moving
    case .bent(let bent): bent.warp.moving
    }
  }

  package var fixed: Transform.End {
    switch self {
    case .matrix(let one): one.transform.fixed
    case .bent(let bent): bent.warp.fixed
    }
  }

  package var file: String {
    switch self {
    case .matrix(let one): one.file
    case .bent(let bent): bent.file
    }
  }

  package var inputs: [Provenance] {
    switch self {
    case .matrix(let one): one.inputs
    case .bent(let bent): bent.inputs
    }
  }

  /// Points of FIXED to MOVING.
  private var pull: SpatialMap {
    switch self {
    case .matrix(let one): SpatialMap([.affine(one.transform.movingFromFixed)])
    case .bent(let bent): bent.warp.movingFromFixed
    }
  }

  var story: (origin: String, isAccepted: Bool?) {
    switch self {
    case .matrix(let one): (one.transform.origin, one.transform.isAccepted)
    case .bent(let bent): (bent.warp.origin, bent.warp.isAccepted)
    }
  }

  package var isAccepted: Bool { story.isAccepted == true }

  /// What spoke against it when it was made, and why a person accepted it in spite of that.
  package var doubts: (warnings: [String], because: String?) {
    switch self {
    case .matrix(let one): (one.transform.warnings, one.transform.acceptedBecause)
    case .bent(let bent): (bent.warp.warnings, bent.warp.acceptedBecause)
    }
  }

  /// How it came about.
  package var origin: String { story.origin }

  /// What every use of it must say; nil once a person accepted it and nothing spoke against it.
  package var warning: String? {
    transformWarning(story.isAccepted, origin, doubts.warnings, because: doubts.because)
  }

  /// The way from the world of the other image to that of the image with this hash, and what the other
  /// one is; nil when neither end is that image.
  package func toImage(withSHA256 hash: String) -> (map: SpatialMap, other: Transform.End)? {
    if hash == moving.sha256 { return (pull, fixed) }
    guard hash == fixed.sha256, let push = pull.inverse else { return nil }
    return (push, moving)
  }

  /// How an image lies that it carried.
  package var placementWords: String {
    let maker = String(story.origin.prefix { $0 != "," })
    return Placement.registered(by: maker, isAccepted: story.isAccepted).words
  }

  /// This one first and `next` after it.
  package func followed(by next: GivenTransforms.Link) throws(Problem) -> GivenTransforms.Link {
    let file = "\(self.file) then \(next.file)"
    guard fixed.space == next.moving.space else {
      throw Problem(
        .data, next.file,
        "it begins in \(next.moving.space.rawValue) space, but \(self.file) ends in \(fixed.space.rawValue)",
        expected: "transforms that agree on the image between them")
    }
    if case .matrix(let a) = self, case .matrix(let b) = next {
      var one = GivenTransforms.One(
        file: file, transform: try a.transform.followed(by: b.transform, file: file), sha256: "")
      one.inputs = a.inputs + b.inputs
      return .matrix(one)
    }
    let (movingGrid, fixedGrid) = try grids(next, file)
    let isAccepted = story.isAccepted == true && next.story.isAccepted == true ? true : nil
    var warp = try Warp(
      movingFromFixed: next.pull.followed(by: pull), moving: moving, movingGrid: movingGrid,
      fixed: next.fixed, fixedGrid: fixedGrid, origin: chainOrigin(story.origin, next.story.origin),
      isAccepted: isAccepted, file: file)
    warp.warnings = doubts.warnings + next.doubts.warnings
    warp.acceptedBecause = joinedReasons(doubts.because, next.doubts.because)
    return .bent(GivenTransforms.Bent(file: file, warp: warp, inputs: inputs + next.inputs))
  }

  /// The grids at the ends of a chain: a matrix knows none, and has that of the warp beside it carried.
  private func grids(
    _ next: GivenTransforms.Link, _ file: String
  ) throws(Problem) -> (moving: Grid, fixed: Grid) {
    let found: (Grid?, Grid?) =
      switch (self, next) {
      case (.bent(let a), .bent(let b)): (a.warp.movingGrid, b.warp.fixedGrid)
      case (.bent(let a), .matrix(let b)):
        (a.warp.movingGrid, a.warp.fixedGrid.carried(by: b.transform.fixedFromMoving))
      case (.matrix(let a), .bent(let b)):
        (b.warp.movingGrid.carried(by: a.transform.movingFromFixed), b.warp.fixedGrid)
      case (.matrix, .matrix): (nil, nil)
      }
    guard let moving = found.0, let fixed = found.1 else {
      throw Problem(.data, file, "the chain leads nowhere", expected: "transforms with an inverse")
    }
    return (moving, fixed)
  }
}

// MARK: Chains

extension GivenTransforms {
  /// The places in `links` that an image goes through, by the hashes of their ends, whatever the order of the files.
  ///
  /// Where a person said that native images share a world, the end of one and the beginning of the next in the
  /// order of the files are one world, whatever their hashes.
  private func places(from sha256: String) -> [Int] {
    var out: [Int] = []
    var at = sha256
    while out.count <= links.count {
      if let next = links.indices.first(where: { links[$0].moving.sha256 == at }) {
        if out.contains(next) { return out + [next] }
        out.append(next)
      } else if let last = out.last, last + 1 < links.count, isJoined(last) {
        if out.contains(last + 1) { return out + [last + 1] }
        out.append(last + 1)
      } else {
        return out
      }
      at = links[out[out.count - 1]].fixed.sha256
    }
    return out
  }

  private func isJoined(_ n: Int) -> Bool {
    isSameWorld && links[n].fixed.space == .native && links[n + 1].moving.space == .native
  }

  private func chain(from sha256: String) throws(Problem) -> Link? {
    let way = places(from: sha256)
    guard Set(way).count == way.count else { return nil }
    var out: Link?
    for place in way {
      out = if let so = out { try so.followed(by: links[place]) } else { links[place] }
    }
    return out
  }

  /// What carries an image. Chains were tried when they were given.
  func way(ofImage sha256: String, _ space: Space) -> Link? {
    if let found = try? chain(from: sha256) { return found }
    guard isSameWorld, links.count == 1, space == .native, links[0].moving.space == .native else {
      return nil
    }
    return links[0]
  }

  /// Refuses what leads in a circle, forks, or does not fit together.
  func requireChains() throws(Problem) {
    for (n, link) in links.enumerated() {
      if let other = links[..<n].first(where: { $0.moving.sha256 == link.moving.sha256 }) {
        throw Problem(
          .data, link.file, "it begins at the same image as \(other.file)",
          expected: "one way for each image")
      }
      let way = places(from: link.moving.sha256)
      guard Set(way).count == way.count else {
        throw Problem(
          .data, link.file, "the transforms given lead back to where they began",
          expected: "a way from one image to another",
          remedy:
            "Leave one out; one that is the wrong way round is turned with `boldspect transform invert`"
        )
      }
      _ = try chain(from: link.moving.sha256)
    }
  }

  /// Transforms of a command that takes one way, as one; nil without any.
  package static func one(_ paths: [String]) throws(Problem) -> Link? {
    paths.isEmpty ? nil : try TransformRequest(transform: paths).read().whole()
  }

  /// All of them as one, in the order that their ends prove, else in the order of the files.
  package func whole() throws(Problem) -> Link {
    for link in links where places(from: link.moving.sha256).count == links.count {
      if let found = try chain(from: link.moving.sha256) { return found }
    }
    for link in links.reversed() {
      let isMet = links.contains { $0.fixed.sha256 == link.moving.sha256 }
      if !isMet, let problem = unusedProblem(link) { throw problem }
    }
    throw Problem(
      .data, links.first?.file ?? "compose", "the transforms do not meet",
      expected: "the FIXED of one to be the MOVING of the next")
  }

  /// Why a transform carried nothing, where the others tell it.
  func unusedProblem(_ link: Link) -> Problem? {
    let others = links.filter { $0.moving.sha256 != link.moving.sha256 }
    if let other = others.first(where: { $0.fixed.sha256 == link.fixed.sha256 }) {
      return Problem(
        .data, link.file,
        "it leads to the image that \(other.file) leads to, and none that is given begins it",
        expected: "a transform that goes on from there",
        remedy: "If it is the wrong way round, turn it with `boldspect transform invert`")
    }
    guard !isSameWorld,
      let other = others.first(where: {
        $0.fixed.space == .native && link.moving.space == .native
      })
    else { return nil }
    return Problem(
      .data, link.file, "it begins at another image than the one that \(other.file) leads to",
      expected: "transforms that meet in one image",
      remedy:
        "If both images lie in one world, say --same-world and give the transforms in the order in which "
        + "a point travels")
  }
}
