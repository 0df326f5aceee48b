import Basics
internal import DICOMCodecs
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Writes files of a phantom, compressed where that is its packing.
func write(_ elements: [DICOMWriter.Element], of phantom: DICOMPhantom, to path: String) throws {
  try Data(phantom.writer.file(elements)).write(to: URL(filePath: path))
  if let codec = phantom.codec {
    try #require(boldspect_test_compress(path, codec) == 1)
  }
}

@Suite("NM slices lie where their header puts them, or are refused")
struct DICOMNuclearTests {
  /// Row and column directions along the axes of the body: every pair of two that are not parallel.
  static let rightAngled: [([Double], [Double])] = {
    let axes: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].flatMap { [$0, $0.map { -$0 }] }
    return axes.flatMap { a in
      axes.filter { b in zip(a, b).allSatisfy { $0 * $1 == 0 } }.map { (a, $0) }
    }
  }()

  /// Twenty turns about axes of no plane.
  static let oblique: [([Double], [Double])] = (0..<20).map { n in
    let (a, b, c) = (0.31 * Double(n) + 0.2, 0.17 * Double(n) - 1.1, 0.53 * Double(n) + 0.7)
    let row = [cos(a) * cos(b), sin(a) * cos(b), -sin(b)]
    let column = [
      cos(a) * sin(b) * sin(c) - sin(a) * cos(c), sin(a) * sin(b) * sin(c) + cos(a) * cos(c),
      cos(b) * sin(c),
    ]
    return (row, column)
  }

  static let positions: [String?] = ["HFS", "HFP", "FFS", "FFP", nil]

  /// One file: right to the last value and to 0.01 mm, or refused where nothing says where it lies.
  static func check(_ phantom: DICOMPhantom, _ path: String, _ label: String) throws {
    try write(phantom.nuclear, of: phantom, to: path)
    guard phantom.place != .missing else {
      let problem = #expect(throws: Problem.self, "\(label)") { try ImageReader.read(path) }
      #expect(problem?.found.contains("where its slices lie") == true, "\(label)")
      return
    }
    let (header, samples) = try ImageReader.read(path)
    #expect(header.shape == [phantom.columns, phantom.rows, phantom.slices, 1], "\(label)")
    #expect(header.laterality == .known)
    // The largest value, in millimetres that are worked out here by themselves.
    let marker = phantom.marker
    let largest = (0..<samples.count).max { samples.value(at: $0) < samples.value(at: $1) } ?? 0
    let found = header.grid.world(at: largest)
    let truth = (0..<3).map { axis -> Double in
      let along = Double(marker.0) * phantom.spacing.0 * phantom.row[axis]
      let down = Double(marker.1) * phantom.spacing.1 * phantom.column[axis]
      let up = Double(marker.2) * phantom.step * phantom.normal[axis]
      let patient = phantom.origin[axis] + along + down + up
      return axis == 2 ? patient : -patient
    }
    let off = WorldPoint(truth[0], truth[1], truth[2]).distance(to: found)
    #expect(off < 0.01, "\(label): \(off) mm")
    var wrong = 0
    for k in 0..<phantom.slices {
      for j in 0..<phantom.rows {
        for i in 0..<phantom.columns {
          let place = header.grid.offset(VoxelIndex(i, j, k))
          if samples.value(at: place) != phantom.value(i, j, k) { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0, "\(label): \(wrong) values")
  }

  /// Every orientation with both signs, every packing and every place of the geometry; the patient's position, the
  /// modality, the sign of pixels and the slope go round.
  @Test(arguments: DICOMPhantom.Packing.allCases)
  func everyOrientation(_ packing: DICOMPhantom.Packing) throws {
    try withTemporaryFolder { folder in
      var turn = 0
      for (n, axes) in (Self.rightAngled + Self.oblique).enumerated() {
        for sign in [1.0, -1] {
          for place in DICOMPhantom.Place.allCases {
            var phantom = DICOMPhantom()
            (phantom.row, phantom.column) = axes
            phantom.step *= sign
            phantom.place = place
            phantom.packing = packing
            phantom.patientPosition = Self.positions[turn % 5]
            phantom.modality = turn % 2 == 0 ? "NM" : "OT"
            phantom.isSigned = turn % 3 == 0
            if turn % 7 < 3 { (phantom.slope, phantom.intercept) = (nil, nil) }
            turn += 1
            try Self.check(
              phantom, folder + "/a.dcm", "\(n) \(sign) \(place) \(packing) turn \(turn)")
          }
        }
      }
      #expect(turn == 44 * 2 * 4)
    }
  }

  static let refused: [(String, @Sendable (inout DICOMPhantom) -> Void)] = [
    ("tomographic projections", { $0.imageType = "ORIGINAL\\PRIMARY\\TOMO\\EMISSION" }),
    ("whole-body", { $0.imageType = "ORIGINAL\\PRIMARY\\WHOLE BODY\\EMISSION" }),
    ("static", { $0.imageType = "ORIGINAL\\PRIMARY\\STATIC\\EMISSION" }),
    ("dynamic", { $0.imageType = "ORIGINAL\\PRIMARY\\DYNAMIC\\EMISSION" }),
    ("gated", { $0.imageType = "ORIGINAL\\PRIMARY\\RECON GATED TOMO\\EMISSION" }),
    ("does not say what it is", { $0.imageType = "ORIGINAL\\PRIMARY" }),
    ("Spacing Between Slices", { $0.without = [(0x18, 0x88)] }),
    ("Spacing Between Slices", { $0.step = 0 }),
    ("pixel spacing", { $0.without = [(0x28, 0x30)] }),
    ("not said to be slices", { $0.without = [(0x28, 9)] }),
    ("Slice Vector does not name", { $0.without = [(0x54, 0x80)] }),
    ("in their order", { $0.extra = [.init(0x54, 0x80, "US", .shorts([6, 5, 4, 3, 2, 1]))] }),
    ("twice", { $0.extra = [.init(0x54, 0x80, "US", .shorts([1, 2, 3, 3, 5, 6]))] }),
    ("energy windows", { $0.extra = [.init(0x54, 0x10, "US", .shorts([1, 1, 1, 2, 2, 2]))] }),
    ("says 5 slices", { $0.extra = [.init(0x54, 0x81, "US", .shorts([5]))] }),
    (
      "no directions",
      {
        $0.place = .top
        $0.extra = [.init(0x20, 0x37, "DS", "1\\0\\0\\0.2\\1\\0")]
      }
    ),
    (
      "different places",
      {
        $0.place = .detector
        $0.extra = [
          .init(0x20, 0x32, "DS", "1\\2\\3"), .init(0x20, 0x37, "DS", "1\\0\\0\\0\\1\\0"),
        ]
      }
    ),
    (
      "contradict",
      {
        $0.place = .perFrame
        $0.extra = [.init(0x18, 0x88, "DS", "-4.5")]
      }
    ),
    ("slope", { $0.slope = 0 }),
    (
      "no grey values",
      { $0.extra = [.init(0x28, 4, "CS", "RGB"), .init(0x28, 2, "US", .shorts([3]))] }
    ),
    ("with loss", { $0.extra = [.init(0x28, 0x2110, "CS", "01")] }),
    ("claims", { $0.extra = [.init(0x28, 0x10, "US", .shorts([6]))] }),
    ("claims", { $0.extra = [.init(0x28, 8, "IS", "2000")] }),
    ("beyond", { $0.extra = [.init(0x28, 0x101, "US", .shorts([17]))] }),
  ]

  @Test(arguments: refused.indices)
  func isRefused(_ n: Int) throws {
    try withTemporaryFolder { folder in
      let (words, change) = Self.refused[n]
      var phantom = DICOMPhantom()
      change(&phantom)
      let path = folder + "/scan.dcm"
      try write(phantom.nuclear, of: phantom, to: path)
      let problem = #expect(throws: Problem.self, "\(words)") { try ImageReader.read(path) }
      let sentence = problem?.sentence ?? ""
      #expect(sentence.contains(words) || words == "beyond", "\(sentence)")
      #expect(sentence.contains("scan.dcm"))
      #expect(!sentence.contains("Secret") && !sentence.contains("4711"))
    }
  }

  @Test func whatIsNotUnpackedIsRefusedByName() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/scan.dcm"
      let phantom = DICOMPhantom()
      for (syntax, words) in [
        ("1.2.840.10008.1.2.4.90", "JPEG 2000"), ("1.2.840.10008.1.2.4.50", "with loss"),
      ] {
        let writer = DICOMWriter(.explicitLittle, syntax: syntax)
        try Data(writer.file(phantom.nuclear)).write(to: URL(filePath: path))
        let problem = #expect(throws: Problem.self) { try ImageReader.read(path) }
        #expect(problem?.sentence.contains(words) == true, "\(problem?.sentence ?? "")")
      }
    }
  }

  @Test func aDeflatedFileOpens() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/scan.dcm"
      let phantom = DICOMPhantom()
      try write(phantom.nuclear, of: phantom, to: path)
      try #require(boldspect_test_compress(path, "deflated") == 1)
      let (header, samples) = try ImageReader.read(path)
      #expect(header.shape == [15, 12, 6, 1])
      #expect(samples.value(at: header.grid.offset(VoxelIndex(3, 2, 1))) == phantom.value(3, 2, 1))
    }
  }

  @Test func bitsBesideTheValuesMustBeEmpty() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/scan.dcm"
      for (bits, isSigned, opens) in [(12, false, true), (13, true, true), (9, false, false)] {
        var phantom = DICOMPhantom()
        phantom.isSigned = isSigned
        phantom.extra = [
          .init(0x28, 0x101, "US", .shorts([bits])), .init(0x28, 0x102, "US", .shorts([bits - 1])),
        ]
        try write(phantom.nuclear, of: phantom, to: path)
        if opens {
          let (header, samples) = try ImageReader.read(path)
          let place = header.grid.offset(VoxelIndex(1, 0, 0))
          #expect(samples.value(at: place) == phantom.value(1, 0, 0))
          #expect(phantom.value(1, 0, 0) < 0 || !isSigned)
        } else {
          let problem = #expect(throws: Problem.self) { try ImageReader.read(path) }
          #expect(problem?.sentence.contains("9 bits") == true)
        }
      }
    }
  }
}
