package import Basics
import Imaging

extension Projector {
  /// Activity by filtered back projection, i fastest, zero outside the field of view.
  ///
  /// Every view is filtered along its columns with the ramp and the low-pass, along its rows with the
  /// low-pass alone, both in space with zeros beyond the edge; then projected back along the normals of
  /// the detector, linear between columns, × π / views. With Chang's correction (order 0) voxels
  /// inside the attenuation map are multiplied by `changFactors`.
  ///
  /// - Throws: a filter that is none; that the person cancelled.
  package func filteredBackProjection(
    _ projections: Projections, lowPass: LowPass, chang: Bool, progress: WorkProgress = .silent
  ) throws(Problem) -> [Float] {
    try lowPass.check()
    try progress.check()
    let filtered = filtered(projections, lowPass)
    progress.report("filtering", 0.2)
    try progress.check()
    var rows = spread(filtered)
    progress.report("projecting back", 0.6)
    if chang, isAttenuated {
      try progress.check()
      let factors = changRows()
      for n in rows.indices { rows[n] *= factors[n] }
    }
    progress.report("projecting back", 1)
    return layout.image(from: rows)
  }

  /// Chang's factors of order 0: one over the mean transmission over all views inside the attenuation
  /// map, 1 outside (Chang 1978); i fastest, zero outside the field of view.
  package func changFactors() -> [Float] { layout.image(from: changRows()) }

  /// The mean transmission of the activity: counts with attenuation over counts without.
  package func transmittedFraction(of image: [Float]) -> Double {
    let factors = changRows(insideOnly: false)
    let rows = layout.rows(from: image)
    var all = 0.0
    var through = 0.0
    for n in rows.indices where rows[n] != 0 {
      all += Double(rows[n])
      through += Double(rows[n]) / Double(factors[n])
    }
    return all > 0 ? through / all : .nan
  }

  /// Views filtered, `stride` floats for each column.
  private func filtered(_ projections: Projections, _ lowPass: LowPass) -> [Float] {
    let a = acquisition
    let pixel = a.pixel / 10
    let columns = lowPass.kernel(pixelCentimetres: pixel, reach: a.matrix - 1, ramp: true)
    let along =
      lowPass == .none
      ? [] : lowPass.kernel(pixelCentimetres: pixel, reach: a.slices - 1, ramp: false)
    let count = a.views * a.matrix * layout.stride
    return [Float](count: count, filledByChunksOf: a.views) { views, out in
      let planes = PlaneBuffers(
        a, alongColumns: columns.count - 1, alongRows: max(0, along.count - 1))
      for view in views {
        planes.write(projections.values, view: view, a)
        let plane = self.filterView(of: planes, columns: columns, rows: along)
        for column in 0..<a.matrix {
          let row = out.pointer(at: (view * a.matrix + column) * self.layout.stride)
          row.initialize(repeating: 0, count: self.layout.stride)
          row.update(from: planes.row(plane, column), count: a.slices)
        }
      }
    }
  }

  /// Filters the buffers' view along its columns, then along its rows where there is a kernel for them.
  ///
  /// - Returns: the plane that holds the result.
  private func filterView(
    of planes: PlaneBuffers, columns: [Float], rows: [Float]
  ) -> UnsafeMutablePointer<Float> {
    let (first, second) = (planes.row(planes.first, 0), planes.row(planes.second, 0))
    let count = acquisition.matrix * planes.step
    columns.withUnsafeBufferPointer {
      convolve(
        planes.row(planes.view, 0), first, count: count, step: planes.step, kernel: $0, adds: false)
    }
    guard !rows.isEmpty else { return planes.first }
    rows.withUnsafeBufferPointer {
      convolve(first, second, count: count, step: 1, kernel: $0, adds: false)
    }
    return planes.second
  }

  /// Back projection without attenuation and blur, voxel by voxel, in the layout's rows.
  private func spread(_ filtered: [Float]) -> [Float] {
    let turns = (0..<acquisition.views).map(acquisition.turn)
    var rows = [Float](repeating: 0, count: layout.count)
    forEachChunk(of: layout.side, into: &rows) { part, out in
      for j in part { self.spread(filtered, turns, overRow: j, of: out.pointer(at: 0)) }
    }
    return rows
  }

  /// Adds all views to one row of voxels along x.
  @inline(__always)
  private func spread(
    _ filtered: UnsafePointer<Float>, _ turns: [CameraTurn], overRow j: Int,
    of image: UnsafeMutablePointer<Float>
  ) {
    let (matrix, stride) = (acquisition.matrix, layout.stride)
    let middle = Double(matrix - 1) / 2
    let scale = Float(Double.pi / Double(turns.count))
    let y = Double(j) - layout.centre
    for (view, turn) in turns.enumerated() {
      let from = filtered + view * matrix * stride
      for i in layout.field(j) {
        let u = turn.across(Double(i) - layout.centre, y) + middle
        let column = max(0, min(matrix - 2, Int(u)))
        let part = Float(u - Double(column))
        let (left, right) = ((1 - part) * scale, part * scale)
        let to = image + layout.row(i, j)
        let at = from + column * stride
        for k in Swift.stride(from: 0, to: stride, by: 8) {
          let sum = loadEight(at + k) * left + loadEight(at + stride + k) * right
          storeEight(loadEight(to + k) + sum, to + k)
        }
      }
    }
  }

  /// One over the mean transmission, in the layout's rows.
  private func changRows(insideOnly: Bool = true) -> [Float] {
    guard isAttenuated else { return [Float](repeating: 1, count: layout.count) }
    let views = acquisition.views
    let sums = parallelMap(min(Projector.parts, views), scratch: { [Float]() }) { part, scratch in
      var sum = [Float](repeating: 0, count: self.layout.count)
      for view in Swift.stride(from: part, to: views, by: Projector.parts) {
        self.withTransmission(view, &scratch) { transmission in
          if let transmission { self.addTransmission(transmission, view, &sum) }
        }
      }
      return sum
    }
    var mean = [Float](repeating: 0, count: layout.count)
    for sum in sums { for n in mean.indices { mean[n] += sum[n] } }
    return mean.indices.map { n in
      (insideOnly && attenuation[n] == 0) || mean[n] <= 0 ? 1 : Float(views) / mean[n]
    }
  }

  /// Adds a view's transmission at every voxel of the field, linear between its samples.
  private func addTransmission(
    _ transmission: UnsafePointer<Float>, _ view: Int, _ out: UnsafeMutablePointer<Float>
  ) {
    let (side, stride) = (layout.side, layout.stride)
    let turn = acquisition.turn(view)
    let last = Double(side - 1)
    for j in 0..<side {
      let y = Double(j) - layout.centre
      for i in layout.field(j) {
        let x = Double(i) - layout.centre
        let u = max(0, min(last, turn.across(x, y) + layout.centre))
        let w = max(0, min(last, turn.towards(x, y) + layout.centre))
        let (column, plane) = (min(side - 2, Int(u)), min(side - 2, Int(w)))
        let (fu, fw) = (Float(u - Double(column)), Float(w - Double(plane)))
        let at = transmission + (plane * side + column) * stride
        let up = side * stride
        let to = out + layout.row(i, j)
        for k in Swift.stride(from: 0, to: stride, by: 8) {
          let far = loadEight(at + k) * (1 - fu) + loadEight(at + stride + k) * fu
          let near = loadEight(at + up + k) * (1 - fu) + loadEight(at + up + stride + k) * fu
          storeEight(loadEight(to + k) + far * (1 - fw) + near * fw, to + k)
        }
      }
    }
  }
}
