import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite("Mosaics and objects of many frames")
struct DICOMEnhancedTests {
  /// Siemens' CSA header in its second edition.
  static func siemens(_ values: [(String, [String])]) -> [UInt8] {
    func number(_ n: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: n >> (8 * $0)) } }
    var out = Array("SV10".utf8) + [4, 3, 2, 1] + number(values.count) + number(77)
    for (name, texts) in values {
      out += Array(name.utf8) + [UInt8](repeating: 0, count: 64 - name.utf8.count)
      out += number(texts.count) + Array("FD".utf8) + [0, 0] + number(4) + number(6) + number(77)
      for n in 0..<6 {
        let text = n < texts.count ? Array(texts[n].utf8) + [0] : []
        out += number(text.count) + number(text.count) + number(77) + number(text.count)
        out += text + [UInt8](repeating: 0, count: (4 - text.count % 4) % 4)
      }
    }
    return out
  }

  /// Volumes of a phantom as mosaics, slices along the normal or against it.
  static func mosaic(_ phantom: DICOMPhantom, _ t: Int, against: Bool, header: Bool)
    -> [DICOMWriter.Element]
  {
    let across = 3
    var picture = [UInt16](
      repeating: 0, count: across * across * phantom.rows * phantom.columns)
    for k in 0..<phantom.slices {
      for (n, word) in phantom.words(k).enumerated() {
        let (i, j) = (n % phantom.columns, n / phantom.columns)
        let row = k / across * phantom.rows + j
        picture[row * across * phantom.columns + k % across * phantom.columns + i] =
          word + UInt16(t * 50)
      }
    }
    // The picture's own corner, as if it were one slice around the same middle.
    let corner = (0..<3).map { axis -> Double in
      let wide = Double((across - 1) * phantom.columns) / 2 * phantom.spacing.0
      let high = Double((across - 1) * phantom.rows) / 2 * phantom.spacing.1
      return phantom.origin[axis] - wide * phantom.row[axis] - high * phantom.column[axis]
    }
    let normal = phantom.normal.map { against ? -$0 : $0 }
    let changed: [DICOMWriter.Element] = [
      .init(8, 8, "CS", "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC"),
      .init(0x18, 0x50, "DS", "3"), .init(0x18, 0x80, "DS", "1230"),
      .init(0x18, 0x88, "DS", decimals([abs(phantom.step)])), .init(0x18, 0x1312, "CS", "COL"),
      .init(0x20, 0x32, "DS", decimals(corner)), .init(0x20, 0x12, "IS", "\(t + 1)"),
      .init(0x28, 0x10, "US", .shorts([across * phantom.rows])),
      .init(0x28, 0x11, "US", .shorts([across * phantom.columns])),
      .init(0x7fe0, 0x10, "OW", .words(picture)),
    ]
    let own: [DICOMWriter.Element] = [
      .init(0x29, 0x10, "LO", "SIEMENS CSA HEADER"),
      .init(
        0x29, 0x1010, "OB",
        .bytes(
          siemens([
            ("NumberOfImagesInMosaic", ["\(phantom.slices)"]),
            ("SliceNormalVector", normal.map { String(format: "%.8f", $0) }),
            ("MosaicRefAcqTimes", ["0.0", "600.00000001", "200.0", "800.0", "400.0", "1000.0"]),
          ]))),
    ]
    let all = changed + (header ? own : [])
    let usual = phantom.slice(0, sopClass: SeriesFiles.mr, instance: t + 1)
    return usual.filter { e in
      !all.contains { ($0.group, $0.element) == (e.group, e.element) }
    } + all
  }

  @Test(arguments: [false, true])
  func mosaicsGoAlongSiemensOwnNormal(_ against: Bool) throws {
    var files = SeriesFiles(times: 2)
    (files.phantom.row, files.phantom.column) = DICOMNuclearTests.oblique[3]
    try withTemporaryFolder { folder in
      for t in 0..<2 {
        let elements = Self.mosaic(files.phantom, t, against: against, header: true)
        try Data(DICOMWriter().file(elements)).write(to: URL(filePath: folder + "/IM\(9 - t)"))
      }
      let (header, samples) = try ImageReader.read(folder + "/IM8")
      #expect(header.shape == [15, 12, 6, 2])
      #expect(abs((header.headerRepetitionTimeSeconds ?? 0) - 1.23) < 1e-9)
      var wrong = 0
      let phantom = files.phantom
      for place in 0..<header.grid.count {
        let v = header.grid.index(at: place)
        let world = header.grid.world(v)
        let step = against ? -phantom.step : phantom.step
        let truth = (0..<3).map { axis -> Double in
          let p =
            phantom.origin[axis] + Double(v.k) * step * phantom.normal[axis]
            + Double(v.i) * phantom.spacing.0 * phantom.row[axis]
            + Double(v.j) * phantom.spacing.1 * phantom.column[axis]
          return axis == 2 ? p : -p
        }
        if world.distance(to: WorldPoint(truth[0], truth[1], truth[2])) > 1e-4 { wrong += 1 }
        for t in 0..<2 {
          let stored = Double(phantom.stored(v.i, v.j, v.k) + 50 * t)
          let value = stored * (phantom.slope ?? 1) + (phantom.intercept ?? 0)
          if samples.value(at: t * header.grid.count + place) != value { wrong += 1 }
        }
      }
      #expect(wrong == 0)
    }
  }

  @Test func aMosaicWithoutSiemensHeaderIsRefused() throws {
    try withTemporaryFolder { folder in
      let elements = Self.mosaic(DICOMPhantom(), 0, against: false, header: false)
      try Data(DICOMWriter().file(elements)).write(to: URL(filePath: folder + "/IM1"))
      let problem = #expect(throws: Problem.self) { try ImageReader.read(folder + "/IM1") }
      #expect(problem?.sentence.contains("Siemens' own header") == true)
    }
  }

  /// Frames in an order that follows nothing, with groups of their own and shared ones.
  static func enhanced(
    _ phantom: DICOMPhantom, times: Int,
    change: (Int, Int) -> [DICOMWriter.Element] = { _, _ in [] }
  ) -> [DICOMWriter.Element] {
    let order = (0..<times * phantom.slices).map { ($0 * 5 + 2) % (times * phantom.slices) }
    let places = order.map { (k: $0 % phantom.slices, t: $0 / phantom.slices) }
    let shared: [DICOMWriter.Element] = [
      .init(0x20, 0x9116, "SQ", .items([[phantom.geometry(0)[1]]])),
      .init(0x28, 0x9110, "SQ", .items([[.init(0x28, 0x30, "DS", phantom.spacingText)]])),
      .init(0x18, 0x9112, "SQ", .items([[.init(0x18, 0x80, "DS", "1800")]])),
    ]
    let frames = places.map { k, t -> [DICOMWriter.Element] in
      [
        .init(0x20, 0x9113, "SQ", .items([[phantom.geometry(k)[0]]])),
        .init(
          0x20, 0x9111, "SQ", .items([[.init(0x20, 0x9128, "UL", .longs([t + 1]))]])),
        .init(
          0x28, 0x9145, "SQ",
          .items([[.init(0x28, 0x1053, "DS", "0.5"), .init(0x28, 0x1052, "DS", "-3")]])),
      ] + change(k, t)
    }
    var out = phantom.common(sopClass: "1.2.840.10008.5.1.4.1.1.4.1", instance: 1)
    out = out.filter { $0.group != 0x28 || ![0x30, 0x1052, 0x1053].contains($0.element) }
    let pixels = places.flatMap { k, t in phantom.words(k).map { $0 + UInt16(100 * t) } }
    return out + [
      .init(0x28, 8, "IS", "\(frames.count)"), .init(0x5200, 0x9229, "SQ", .items([shared])),
      .init(0x5200, 0x9230, "SQ", .items(frames)), .init(0x7fe0, 0x10, "OW", .words(pixels)),
    ]
  }

  @Test(arguments: DICOMPhantom.Packing.allCases)
  func enhancedObjectsGoByTheirGroups(_ packing: DICOMPhantom.Packing) throws {
    var files = SeriesFiles(times: 3)
    files.phantom.packing = packing
    (files.phantom.row, files.phantom.column) = DICOMNuclearTests.oblique[11]
    try withTemporaryFolder { folder in
      let path = folder + "/a.dcm"
      try write(Self.enhanced(files.phantom, times: 3), of: files.phantom, to: path)
      let (header, samples) = try ImageReader.read(path)
      files.check(header.header, samples)
      #expect(header.headerRepetitionTimeSeconds == 1.8)
      let problem = #expect(throws: Problem.self) {
        let elements = Self.enhanced(files.phantom, times: 3) { k, t in
          (k, t) == (2, 1) ? [.init(0x20, 0x9116, "SQ", .items([[]]))] : []
        }
        try write(elements, of: files.phantom, to: path)
        _ = try ImageReader.read(path)
      }
      #expect(problem?.sentence.contains("orientation of its frame") == true)
    }
  }

  @Test(arguments: ["slope", "type", "timing", "time"])
  func framesThatLackWhatOthersHaveAreRefused(_ what: String) throws {
    let files = SeriesFiles(times: 2)
    try withTemporaryFolder { folder in
      let path = folder + "/a.dcm"
      var elements = Self.enhanced(files.phantom, times: 2)
      let place = try #require(elements.firstIndex { ($0.group, $0.element) == (0x5200, 0x9230) })
      guard case .items(var frames) = elements[place].value else { return }
      let values = try #require(frames[5].firstIndex { ($0.group, $0.element) == (0x28, 0x9145) })
      switch what {
      case "slope": frames[5].remove(at: values)
      // Its place in the file would say another time than its neighbours do.
      case "time": frames[5].removeAll { ($0.group, $0.element) == (0x20, 0x9111) }
      case "type":
        frames[5][values].value = .items([
          [
            .init(0x28, 0x1053, "DS", "0.5"), .init(0x28, 0x1052, "DS", "-3"),
            .init(0x28, 0x1054, "LO", "HU"),
          ]
        ])
      default:
        // A group both for all and for one.
        frames[5].append(.init(0x18, 0x9112, "SQ", .items([[.init(0x18, 0x80, "DS", "900")]])))
      }
      elements[place].value = .items(frames)
      try write(elements, of: files.phantom, to: path)
      let problem = #expect(throws: Problem.self) { try ImageReader.describe(path) }
      #expect(problem?.sentence.contains("frame 6") == true, "\(problem?.sentence ?? "")")
    }
  }

  @Test(arguments: [4, 6, 9])
  func mosaicsWhoseHeadersDisagreeAreRefused(_ count: Int) throws {
    let files = SeriesFiles(times: 1)
    try withTemporaryFolder { folder in
      let elements =
        Self.mosaic(files.phantom, 0, against: false, header: true) + [
          .init(0x19, 0x10, "LO", "SIEMENS MR HEADER"),
          .init(0x19, 0x100a, "US", .shorts([count])),
        ]
      try Data(DICOMWriter().file(elements)).write(to: URL(filePath: folder + "/IM1"))
      if count == files.phantom.slices {
        #expect(try ImageReader.describe(folder + "/IM1").shape[2] == count)
      } else {
        let problem = #expect(throws: Problem.self) { try ImageReader.describe(folder + "/IM1") }
        #expect(problem?.sentence.contains("6 and \(count) slices") == true)
      }
      let other =
        Self.mosaic(files.phantom, 0, against: false, header: true) + [
          .init(0x18, 0x1310, "US", .shorts([count == 9 ? 15 : 22, 0, 0, 12]))
        ]
      try Data(DICOMWriter().file(other)).write(to: URL(filePath: folder + "/IM1"))
      if count == 9 {
        #expect(try ImageReader.describe(folder + "/IM1").shape[2] == 6)
      } else {
        #expect(throws: Problem.self) { try ImageReader.describe(folder + "/IM1") }
      }
    }
  }
}
