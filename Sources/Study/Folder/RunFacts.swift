package import Basics
import Connectivity
import ImageFiles
package import Imaging

/// What the header of a run says of its length, and its confounds of the head's motion.
package enum RunFacts {
  /// A frame beyond it is counted as not kept in a list of people. Source: Power et al. 2012,
  /// doi 10.1016/j.neuroimage.2011.10.018.
  package static let keptBelowMillimetres = 0.5

  /// What a header says of a run's length and of whom it is.
  package struct Header: Equatable, Sendable {
    package var frames: Int
    /// Seconds per frame, where the header can be relied on.
    package var repetitionTimeSeconds: Double?
    package var formCode: Int
    package var origin: ImageOrigin
  }

  package static func header(of path: String) throws(Problem) -> Header {
    let header = try ImageReader.describe(path)
    return Header(
      frames: header.frameCount, repetitionTimeSeconds: header.headerRepetitionTimeSeconds,
      formCode: header.formCode, origin: header.origin)
  }

  /// Whether a file lies in MNI space, by its name and the form code of its header.
  package static func isMNI(_ path: String, formCode: Int) -> Bool {
    space(ofFileNamed: fileName(path), formCode: formCode, stated: nil) == .mni152
  }

  /// What the sidecar of a perfusion image says of it.
  package struct Perfusion: Equatable, Sendable {
    package var tracer: String?
    /// ictal, interictal, baseline or challenge.
    package var role: String?
  }

  /// Tracer and role as the sidecar beside an image states them; nil without one that can be read.
  ///
  /// Source of the names: BIDS 1.10, "Positron Emission Tomography", TracerName; SPECT has no modality of its own.
  package static func perfusion(besides path: String) -> Perfusion? {
    guard path.hasSuffix(".nii") || path.hasSuffix(".nii.gz"),
      let text = try? readTextFile(sidecarPath(path)), let json = try? JSON.parse(text).value
    else { return nil }
    var out = Perfusion()
    out.tracer = json["TracerName"]?.asString.map { visibleText($0, limit: 40) }
    let words = ["TaskName", "TaskDescription", "SeriesDescription", "ImageComments"]
    out.role = words.lazy.compactMap { json[$0]?.asString.flatMap(perfusionRole(saidBy:)) }.first
    return out.tracer == nil && out.role == nil ? nil : out
  }

  /// Mean framewise displacement in mm, and the share of frames that censoring at `keptBelowMillimetres` leaves once
  /// the first ones are dropped that the table calls unsteady, as every cleaning counts them; nil where a table has
  /// none.
  package static func motion(
    in path: String
  ) throws(Problem) -> (meanMillimetres: Double, keptShare: Double)? {
    let text = try readTextFile(path)
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"))[...]
    guard let head = lines.popFirst() else { return nil }
    let names = head.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map(\.plainText)
    guard let column = names.firstIndex(where: { $0 == "framewise_displacement" || $0 == "fd" })
    else { return nil }
    let unsteady = names.indices.filter { names[$0].hasPrefix("non_steady_state_outlier") }
    let last = max(column, unsteady.max() ?? 0)
    var displacement: [Double] = []
    var dropped = 0
    for (n, line) in lines.enumerated() {
      let cells = line.split(
        separator: UInt8(ascii: "\t"), maxSplits: last + 1, omittingEmptySubsequences: false)
      guard cells.count > last else { return nil }
      if unsteady.contains(where: { Double(cells[$0].plainText) ?? 0 > 0 }) { dropped = n + 1 }
      let cell = cells[column].plainText
      if let value = Double(cell), value.isFinite, value >= 0 {
        displacement.append(value)
      } else if ["n/a", "nan", "NaN", ""].contains(cell) {
        // The first frame has none.
        displacement.append(.nan)
      } else {
        return nil
      }
    }
    let known = displacement.filter { !$0.isNaN }
    guard !known.isEmpty else { return nil }
    let left = Censoring(displacementMillimetres: keptBelowMillimetres).frames(
      displacement: displacement, dvars: nil, droppedFrames: dropped
    ).count
    return (
      known.reduce(0, +) / Double(known.count),
      Double(displacement.count - dropped - left) / Double(displacement.count)
    )
  }
}

extension Substring.UTF8View {
  /// Without blanks and line ends around it.
  fileprivate var plainText: String {
    func isBlank(_ b: UInt8) -> Bool { b == 0x20 || b == 0x0D || b == 0x09 || b == 0x22 }
    let text = Array(drop(while: isBlank))
    return String(
      decoding: text[..<(text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? 0)], as: UTF8.self)
  }
}
