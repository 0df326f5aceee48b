package import Basics
import Imaging

extension Projector {
  /// Expected counts A x of an image with i fastest.
  ///
  /// - Throws: only that the person cancelled.
  package func projected(
    _ image: [Float], progress: WorkProgress = .silent
  ) throws(Problem) -> Projections {
    let rows = layout.rows(from: image)
    let perView = acquisition.matrix * acquisition.slices
    var values: [Float] = []
    values.reserveCapacity(perView * acquisition.views)
    var done = 0
    while done < acquisition.views {
      try progress.check()
      let batch = Array(done..<min(acquisition.views, done + 4 * Projector.parts))
      values += projected(rows: rows, views: batch)
      done += batch.count
      progress.report("projecting", Double(done) / Double(acquisition.views))
    }
    return Projections(acquisition, values: values)
  }

  /// The transpose A' y, with i fastest; zero outside the field of view.
  ///
  /// - Throws: only that the person cancelled.
  package func backProjected(
    _ projections: Projections, progress: WorkProgress = .silent
  ) throws(Problem) -> [Float] {
    let perView = acquisition.matrix * acquisition.slices
    var sum = [Float](repeating: 0, count: layout.count)
    var done = 0
    while done < acquisition.views {
      try progress.check()
      let batch = Array(done..<min(acquisition.views, done + 4 * Projector.parts))
      let part = Array(projections.values[done * perView..<(done + batch.count) * perView])
      let rows = backProjected(part, views: batch)
      for n in sum.indices { sum[n] += rows[n] }
      done += batch.count
      progress.report("projecting back", Double(done) / Double(acquisition.views))
    }
    return layout.image(from: sum)
  }

  /// Counts of some views of an image in the layout's rows, one view after the other.
  func projected(rows: [Float], views: [Int]) -> [Float] {
    let perView = acquisition.matrix * acquisition.slices
    return [Float](
      count: perView * views.count, filledByChunksOf: min(Projector.parts, views.count)
    ) { parts, out in
      var scratch = ViewScratch(self)
      for part in parts {
        for n in Swift.stride(from: part, to: views.count, by: Projector.parts) {
          let planes = scratch.planes
          self.withTransmission(views[n], &scratch.transmission) {
            self.project(rows, views[n], $0, planes)
          }
          planes.read(into: out.pointer(at: n * perView), self.acquisition)
        }
      }
    }
  }

  /// The transpose for some views, in the layout's rows; zero outside the field.
  func backProjected(_ counts: [Float], views: [Int]) -> [Float] {
    let perView = acquisition.matrix * acquisition.slices
    precondition(counts.count == perView * views.count)
    let sums = parallelMap(
      min(Projector.parts, views.count), scratch: { ViewScratch(self) }
    ) { part, scratch in
      let planes = scratch.planes
      var sum = [Float](repeating: 0, count: self.layout.count)
      for n in Swift.stride(from: part, to: views.count, by: Projector.parts) {
        planes.write(counts, view: n, self.acquisition)
        self.withTransmission(views[n], &scratch.transmission) {
          self.backProject(&sum, views[n], $0, planes)
        }
      }
      return sum
    }
    return added(sums)
  }

  /// Images added up in their order.
  private func added(_ images: [[Float]]) -> [Float] {
    var out = images[0]
    forEachChunk(of: layout.count, grain: 1 << 16, into: &out) { chunk, out in
      for image in images.dropFirst() {
        image.withUnsafeBufferPointer { image in for n in chunk { out[n] += image[n] } }
      }
    }
    layout.clear(outsideFieldOf: &out)
    return out
  }

  // MARK: One view

  /// Sums up the rotated, weakened and blurred planes into the buffers' view.
  private func project(
    _ image: UnsafePointer<Float>, _ view: Int, _ transmission: UnsafePointer<Float>?,
    _ b: PlaneBuffers
  ) {
    let (side, stride) = (layout.side, layout.stride)
    let up = layout.bordered * stride
    let turn = acquisition.turn(view)
    b.clearView()
    for plane in 0..<side {
      let chord = layout.chord(plane)
      if chord.isEmpty { continue }
      for column in chord {
        let sample = BilinearSample(layout, plane: plane, column: column, turn)
        let to = b.row(b.first, column + layout.offset)
        if let transmission {
          let part = transmission + (plane * side + column) * stride
          for k in Swift.stride(from: 0, to: stride, by: 8) {
            storeEight(
              sample.gathered(image, k, stride, up) * loadEight(part + k), to + k)
          }
        } else {
          for k in Swift.stride(from: 0, to: stride, by: 8) {
            storeEight(sample.gathered(image, k, stride, up), to + k)
          }
        }
        b.clearFill(to)
      }
      let low = chord.lowerBound + layout.offset
      let high = chord.upperBound + layout.offset
      guard !kernels.isEmpty else {
        let (from, to) = (b.row(b.first, low), b.row(b.view, low))
        for n in Swift.stride(from: 0, to: (high - low) * b.step, by: 8) {
          storeEight(loadEight(to + n) + loadEight(from + n), to + n)
        }
        continue
      }
      kernels[plane].withUnsafeBufferPointer { kernel in
        let reach = kernel.count - 1
        convolve(
          b.row(b.first, low), b.row(b.second, low), count: (high - low) * b.step, step: 1,
          kernel: kernel, adds: false)
        let (from, to) = (max(0, low - reach), min(acquisition.matrix, high + reach))
        b.clear(b.second, from - reach..<low)
        b.clear(b.second, high..<to + reach)
        convolve(
          b.row(b.second, from), b.row(b.view, from), count: (to - from) * b.step, step: b.step,
          kernel: kernel, adds: true)
      }
    }
  }

  /// Adds what the buffers' view gives back to an image.
  private func backProject(
    _ image: UnsafeMutablePointer<Float>, _ view: Int, _ transmission: UnsafePointer<Float>?,
    _ b: PlaneBuffers
  ) {
    let (side, stride) = (layout.side, layout.stride)
    let up = layout.bordered * stride
    let turn = acquisition.turn(view)
    for plane in 0..<side {
      let chord = layout.chord(plane)
      if chord.isEmpty { continue }
      let low = chord.lowerBound + layout.offset
      let high = chord.upperBound + layout.offset
      var blurred = b.view
      if !kernels.isEmpty {
        kernels[plane].withUnsafeBufferPointer { kernel in
          convolve(
            b.row(b.view, low), b.row(b.first, low), count: (high - low) * b.step, step: b.step,
            kernel: kernel, adds: false)
          convolve(
            b.row(b.first, low), b.row(b.second, low), count: (high - low) * b.step, step: 1,
            kernel: kernel, adds: false)
        }
        blurred = b.second
      }
      for column in chord {
        let sample = BilinearSample(layout, plane: plane, column: column, turn)
        let from = b.row(blurred, column + layout.offset)
        if let transmission {
          let part = transmission + (plane * side + column) * stride
          for k in Swift.stride(from: 0, to: stride, by: 8) {
            sample.scatter(loadEight(from + k) * loadEight(part + k), image, k, stride, up)
          }
        } else {
          for k in Swift.stride(from: 0, to: stride, by: 8) {
            sample.scatter(loadEight(from + k), image, k, stride, up)
          }
        }
      }
    }
  }
}

/// What a thread projects views with, one after the other.
private struct ViewScratch {
  let planes: PlaneBuffers
  /// Room for the transmission of a view, where that is not kept.
  var transmission: [Float] = []

  init(_ projector: Projector) {
    planes = PlaneBuffers(
      projector.acquisition, alongColumns: projector.reach, alongRows: projector.reach)
  }
}

extension Projector {
  /// The part of an image's sum that lies within the field of view.
  package func shareInField(of image: [Float]) -> Double {
    let all = image.reduce(0.0) { $0 + Double($1) }
    let inside = layout.rows(from: image).reduce(0.0) { $0 + Double($1) }
    return all > 0 ? inside / all : 1
  }
}
