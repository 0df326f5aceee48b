import Basics

/// What may stand in a file of voxels, and behind them: the same for every format that stores them plainly.
enum VoxelEnd {
  /// Refuses a claim that a file of this size cannot hold, before memory is taken for it.
  ///
  /// - Parameter offset: where the voxels begin, uncompressed.
  static func checkClaim(
    _ bytes: Int, from offset: Int, _ source: FileSource, compressed: Bool
  ) throws(Problem) {
    let most = compressed ? mostInflated(from: source.size) : source.size - offset
    guard bytes <= most else {
      let place = offset > 0 && !compressed ? " from byte \(offset)" : ""
      throw Problem(
        .data, source.name,
        "its header claims \(bytes) bytes of voxels\(place), more than "
          + (compressed ? "\(source.size) compressed bytes" : "its \(source.size) bytes")
          + " can hold", expected: "a complete file", remedy: "Copy or download it again")
    }
  }

  /// The most that compressed bytes can hold: deflate writes at most 258 bytes for two bits.
  static func mostInflated(from bytes: Int) -> Int {
    MemoryBudget.sum(MemoryBudget.product(bytes, 1032), 1 << 16)
  }

  /// Reads what follows the voxels, so that checksums are compared, and tells it.
  ///
  /// - Parameter isTextExpected: whether the format itself lets text follow.
  static func findings(
    _ stream: VoxelStream, _ name: String, isTextExpected: Bool = false
  ) throws(Problem) -> [Finding] {
    let extra = try stream.drain(limit: Gate.mostTrailing)
    guard extra <= Gate.mostTrailing else {
      throw Problem(
        .data, name,
        stream.isCompressed
          ? "it inflates to far more than its header claims"
          : "it holds far more than its header claims", expected: "at most 1 MiB more")
    }
    var out: [Finding] = []
    if extra > 0, !isTextExpected {
      out.append(
        Finding("trailing-data", .warning, "\(extra) bytes follow the voxels; they are ignored."))
    }
    if stream.trailingBytes > 0 {
      out.append(
        Finding(
          "trailing-junk", .warning,
          "\(stream.trailingBytes) bytes that are no gzip follow the compressed image; they are "
            + "ignored."))
    }
    if stream.members > 1 {
      out.append(
        Finding("gzip-members", .note, "The file consists of \(stream.members) gzip members."))
    }
    return out
  }
}
