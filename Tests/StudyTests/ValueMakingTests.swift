import Basics
import Foundation
import Study
import TestSupport
import Testing

/// What a comparison asks of two sides.
@Suite struct ValueMakingTests {
  static let cleaning: [(String, JSON)] = [
    ("polort", .int(2)), ("band_hz", .numbers([0.01, 0.1])), ("smoothing_fwhm_mm", .number(0)),
    ("confounds", .array([.string("trans_x"), .string("rot_x")])), ("frames_censored", .array([])),
  ]

  @Test func whatIsWrittenBesideAFileIsReadBackAsTheSame() throws {
    try withTemporaryFolder { folder in
      let json = JSON.object([
        ValueMaking.json(measure: "alff", people: 7, cleaning: Self.cleaning)
      ])
      try json.text.write(toFile: folder + "/m.json", atomically: true, encoding: .utf8)
      let own = ValueMaking(measure: "alff", cleaning: Self.cleaning)
      for name in ["m.nii.gz", "m.tsv"] {
        let read = try #require(ValueMaking(besides: folder + "/" + name))
        #expect(read == own)
        #expect(own.difference(from: read) == nil)
      }
      #expect(ValueMaking(besides: folder + "/none.nii") == nil)
      try "{\"group\": 3}".write(toFile: folder + "/odd.json", atomically: true, encoding: .utf8)
      #expect(ValueMaking(besides: folder + "/odd.nii") == nil)
    }
  }

  static let changes: [(@Sendable (inout [(String, JSON)]) -> Void, String?)] = [
    ({ $0[0].1 = .number(2) }, nil), ({ $0[0].1 = .int(1) }, "degree 1"),
    ({ $0[1].1 = .null }, "band in hertz of none"),
    ({ $0[3].1 = .array([.string("trans_x")]) }, "confounds removed: trans_x,"),
    // Which frames were lost is a person's own; what one side does not say cannot differ.
    ({ $0[4].1 = .array([.int(3)]) }, nil), ({ $0.removeFirst() }, nil),
  ]

  @Test(arguments: changes.indices) func onlyWhatDecidesCounts(_ n: Int) {
    var other = Self.cleaning
    Self.changes[n].0(&other)
    let found = ValueMaking(measure: nil, cleaning: Self.cleaning).difference(
      from: ValueMaking(measure: "alff", cleaning: other))
    if let words = Self.changes[n].1 {
      #expect(found?.contains(words) == true, "\(found ?? "")")
    } else {
      #expect(found == nil, "\(found ?? "")")
    }
  }
}
