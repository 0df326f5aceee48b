/// A closed surface of triangles that has the topology of a sphere.
struct SphereMesh: Sendable {
  var vertices: [SIMD3<Double>]
  private(set) var faces: [SIMD3<Int>]
  /// For each vertex those that an edge leads to.
  private(set) var neighbours: [[Int]]

  /// An icosahedron on the unit sphere.
  init() {
    let g = (1 + 5.0.squareRoot()) / 2
    let corners: [(Double, Double, Double)] = [
      (-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g), (0, -1, -g),
      (0, 1, -g), (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1),
    ]
    let triangles: [(Int, Int, Int)] = [
      (0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4),
      (11, 10, 2), (10, 7, 6), (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9),
      (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1),
    ]
    let length = (1 + g * g).squareRoot()
    vertices = corners.map { SIMD3($0.0, $0.1, $0.2) / length }
    faces = triangles.map { SIMD3($0.0, $0.1, $0.2) }
    neighbours = []
    join()
  }

  /// Each triangle in four, the new vertices in the middle of the old edges.
  mutating func refine() {
    var middles: [SIMD2<Int>: Int] = [:]
    func middle(_ a: Int, _ b: Int) -> Int {
      let edge = SIMD2(min(a, b), max(a, b))
      if let known = middles[edge] { return known }
      vertices.append((vertices[a] + vertices[b]) / 2)
      middles[edge] = vertices.count - 1
      return vertices.count - 1
    }
    faces = faces.flatMap { f in
      let (a, b, c) = (middle(f[0], f[1]), middle(f[1], f[2]), middle(f[2], f[0]))
      return [
        SIMD3(f[0], a, c), SIMD3(f[1], b, a), SIMD3(f[2], c, b), SIMD3(a, b, c),
      ]
    }
    join()
  }

  private mutating func join() {
    neighbours = [[Int]](repeating: [], count: vertices.count)
    for f in faces {
      for (a, b) in [(0, 1), (1, 2), (2, 0)] {
        // Each edge is met once in each direction.
        neighbours[f[a]].append(f[b])
      }
    }
  }

  /// Outward unit normals at the vertices: of the triangles around, weighted by their areas.
  func normals() -> [SIMD3<Double>] {
    var sums = [SIMD3<Double>](repeating: .zero, count: vertices.count)
    for f in faces {
      let (a, b, c) = (vertices[f[0]], vertices[f[1]], vertices[f[2]])
      let n = cross(b - a, c - a)
      for k in 0..<3 { sums[f[k]] += n }
    }
    return sums.map { n in
      let l = length(n)
      return l > 0 ? n / l : SIMD3(0, 0, 1)
    }
  }

  /// Mean length of the edges.
  var meanEdge: Double {
    var (sum, count) = (0.0, 0)
    for (v, others) in neighbours.enumerated() {
      for n in others {
        sum += length(vertices[n] - vertices[v])
        count += 1
      }
    }
    return sum / Double(max(1, count))
  }
}

func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }
