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
    let stride = layout.stride
    let count = a.views * a.matrix * stride
    return [Float](unsafeUninitializedCapacity: count) { buffer, made in
      nonisolated(unsafe) let out = buffer
      projections.values.withUnsafeBufferPointer { source in
        nonisolated(unsafe) let input = source
        inParallel(a.views) { views in
          let b = PlaneBuffers(
            a, alongColumns: columns.count - 1, alongRows: max(0, along.count - 1))
          for view in views {
            guard let from = input.baseAddress, let to = out.baseAddress else { continue }
            b.write(from + view * a.matrix * a.slices, a)
            columns.withUnsafeBufferPointer {
              convolve(
                b.row(b.view, 0), b.row(b.first, 0), count: a.matrix * b.step, step: b.step,
                kernel: $0, adds: false)
            }
            var result = b.first
            if !along.isEmpty {
              along.withUnsafeBufferPointer {
                convolve(
                  b.row(b.first, 0), b.row(b.second, 0), count: a.matrix * b.step, step: 1,
                  kernel: $0, adds: false)
              }
              result = b.second
            }
            for column in 0..<a.matrix {
              let row = to + (view * a.matrix + column) * stride
              row.initialize(repeating: 0, count: stride)
              row.update(from: b.row(result, column), count: a.slices)
            }
          }
        }
      }
      made = count
    }
  }

  /// Back projection without attenuation and blur, voxel by voxel, in the layout's rows.
  private func spread(_ filtered: [Float]) -> [Float] {
    let a = acquisition
    let stride = layout.stride
    let turns = (0..<a.views).map(a.turn)
    let middle = Double(a.matrix - 1) / 2
    let scale = Float(Double.pi / Double(a.views))
    var rows = [Float](repeating: 0, count: layout.count)
    rows.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      filtered.withUnsafeBufferPointer { source in
        nonisolated(unsafe) let input = source
        inParallel(layout.side) { part in
          guard let image = out.baseAddress, let all = input.baseAddress else { return }
          for j in part {
            let y = Double(j) - self.layout.centre
            for (view, turn) in turns.enumerated() {
              let from = all + view * a.matrix * stride
              for i in self.layout.field(j) {
                let u = turn.across(Double(i) - self.layout.centre, y) + middle
                let column = max(0, min(a.matrix - 2, Int(u)))
                let part = Float(u - Double(column))
                let (left, right) = ((1 - part) * scale, part * scale)
                let to = image + self.layout.row(i, j)
                let at = from + column * stride
                for k in Swift.stride(from: 0, to: stride, by: 8) {
                  let sum = loadEight(at + k) * left + loadEight(at + stride + k) * right
                  storeEight(loadEight(to + k) + sum, to + k)
                }
              }
            }
          }
        }
      }
    }
    return rows
  }

  /// One over the mean transmission, in the layout's rows.
  private func changRows(insideOnly: Bool = true) -> [Float] {
    guard isAttenuated else { return [Float](repeating: 1, count: layout.count) }
    let a = acquisition
    let parts = min(Projector.parts, a.views)
    var sums = [[Float]](repeating: [], count: parts)
    sums.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let all = buffer
      inParallel(parts) { range in
        var scratch: [Float] = []
        for part in range {
          var sum = [Float](repeating: 0, count: self.layout.count)
          for view in Swift.stride(from: part, to: a.views, by: Projector.parts) {
            self.withTransmission(view, &scratch) { transmission in
              sum.withUnsafeMutableBufferPointer {
                if let to = $0.baseAddress, let transmission {
                  self.addTransmission(transmission, view, to)
                }
              }
            }
          }
          all[part] = sum
        }
      }
    }
    var mean = [Float](repeating: 0, count: layout.count)
    for sum in sums { for n in mean.indices { mean[n] += sum[n] } }
    let views = Float(a.views)
    return mean.indices.map { n in
      (insideOnly && attenuation[n] == 0) || mean[n] <= 0 ? 1 : views / mean[n]
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
