/// The number types that a voxel can have in a file, under their NIfTI names.
package enum SampleType: String, Sendable, CaseIterable {
  case uint8, int16, int32, float32, float64, int8, uint16, uint32, int64, uint64

  package var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }
}

/// Voxels as the file stores them, in the host's byte order, with the scaling that makes values of
/// them: `value = slope * stored + intercept`.
///
/// Kept in the file's own type because a run is mostly int16: half the memory of float.
package struct SampleStore: Sendable {
  package let type: SampleType
  package let slope: Double
  package let intercept: Double
  package let count: Int
  package var bytes: [UInt8]

  package init(type: SampleType, slope: Double, intercept: Double, bytes: [UInt8]) {
    precondition(bytes.count % type.byteCount == 0)
    self.type = type
    self.slope = slope
    self.intercept = intercept
    self.bytes = bytes
    count = bytes.count / type.byteCount
  }

  /// Floats as they are, unscaled.
  package init(floats: [Float]) {
    self.init(
      type: .float32, slope: 1, intercept: 0, bytes: floats.withUnsafeBytes { Array($0) })
  }

  /// One value, scaled, in full precision.
  package func value(at place: Int) -> Double {
    precondition(place >= 0 && place < count)
    let raw: Double = bytes.withUnsafeBytes { b in
      let at = place * type.byteCount
      func load<T: BitwiseCopyable>(_: T.Type) -> T {
        b.loadUnaligned(fromByteOffset: at, as: T.self)
      }
      switch type {
      case .uint8: return Double(load(UInt8.self))
      case .int8: return Double(load(Int8.self))
      case .int16: return Double(load(Int16.self))
      case .uint16: return Double(load(UInt16.self))
      case .int32: return Double(load(Int32.self))
      case .uint32: return Double(load(UInt32.self))
      case .int64: return Double(load(Int64.self))
      case .uint64: return Double(load(UInt64.self))
      case .float32: return Double(load(Float.self))
      case .float64: return load(Double.self)
      }
    }
    return raw * slope + intercept
  }

  /// Scaled values of a consecutive range, written to `out` as floats.
  package func decode(_ range: Range<Int>, into out: UnsafeMutablePointer<Float>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    bytes.withUnsafeBytes { b in
      decodeSamples(
        UnsafeRawBufferPointer(
          rebasing: b[range.lowerBound * type.byteCount..<range.upperBound * type.byteCount]),
        type: type, slope: slope, intercept: intercept, into: out)
    }
  }

  /// All values as floats.
  package func floats(_ range: Range<Int>) -> [Float] {
    [Float](unsafeUninitializedCapacity: range.count) { out, made in
      if let base = out.baseAddress { decode(range, into: base) }
      made = range.count
    }
  }
}

/// Scaled floats of raw samples in host byte order.
package func decodeSamples(
  _ raw: UnsafeRawBufferPointer, type: SampleType, slope: Double, intercept: Double,
  into out: UnsafeMutablePointer<Float>
) {
  let count = raw.count / type.byteCount
  let plain = slope == 1 && intercept == 0
  func integers<T: BinaryInteger & BitwiseCopyable>(_: T.Type) {
    guard let base = raw.baseAddress else { return }
    if plain {
      for n in 0..<count {
        out[n] = Float(base.loadUnaligned(fromByteOffset: n * MemoryLayout<T>.stride, as: T.self))
      }
    } else {
      for n in 0..<count {
        let v = Double(base.loadUnaligned(fromByteOffset: n * MemoryLayout<T>.stride, as: T.self))
        out[n] = Float(v * slope + intercept)
      }
    }
  }
  switch type {
  case .uint8: integers(UInt8.self)
  case .int8: integers(Int8.self)
  case .int16: integers(Int16.self)
  case .uint16: integers(UInt16.self)
  case .int32: integers(Int32.self)
  case .uint32: integers(UInt32.self)
  case .int64: integers(Int64.self)
  case .uint64: integers(UInt64.self)
  case .float32:
    guard let base = raw.baseAddress else { return }
    if plain {
      UnsafeMutableRawPointer(out).copyMemory(from: base, byteCount: count * 4)
    } else {
      for n in 0..<count {
        let v = Double(base.loadUnaligned(fromByteOffset: n * 4, as: Float.self))
        out[n] = Float(v * slope + intercept)
      }
    }
  case .float64:
    guard let base = raw.baseAddress else { return }
    for n in 0..<count {
      let v = base.loadUnaligned(fromByteOffset: n * 8, as: Double.self)
      out[n] = Float(v * slope + intercept)
    }
  }
}
