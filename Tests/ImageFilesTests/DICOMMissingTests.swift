import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Volumes that are not there, where numbers of images alone show it.
@Suite struct DICOMMissingTests {
  private func findings(_ files: SeriesFiles) throws -> [Finding] {
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      return try ImageReader.describe(try DICOMSeriesTests.anyFile(folder)).findings
    }
  }

  private func files(_ seconds: Double? = nil) -> SeriesFiles {
    var files = SeriesFiles(times: 5)
    files.more = { _, t in
      var out = [DICOMWriter.Element(0x18, 0x80, "DS", "2000")]
      if let seconds {
        out += [
          DICOMWriter.Element(8, 0x22, "DA", "20240102"),
          DICOMWriter.Element(8, 0x32, "TM", "1015\(10 + Int(seconds) * t)"),
        ]
      }
      return out
    }
    return files
  }

  @Test func aMissingVolumeStopsTheClock() throws {
    let whole = try findings(files())
    #expect(!whole.contains { $0.code == "images-missing" || $0.code == "tr-conflict" })
    var cut = files()
    cut.holds = { _, t in t != 2 }
    let told = try findings(cut)
    let missing = try #require(told.first { $0.code == "images-missing" })
    #expect(missing.severity == .warning && missing.text.contains("Between images 12 and 19"))
    let conflict = try #require(told.first { $0.code == "tr-conflict" })
    #expect(conflict.severity == .blocking && conflict.text.contains("Decide with --tr"))
  }

  /// Numbers may be left out where the clock goes on.
  @Test func aClockThatGoesOnKnowsBetter() throws {
    var numbered = files(2)
    let slices = numbered.phantom.slices
    numbered.instance = { k, t in (t > 2 ? t + 1 : t) * slices + k + 1 }
    let told = try findings(numbered)
    #expect(told.contains { $0.code == "images-missing" })
    #expect(!told.contains { $0.code == "tr-conflict" })
  }

  @Test func everySecondImageIsTold() throws {
    var odd = SeriesFiles(times: 1)
    odd.instance = { k, _ in 2 * k + 1 }
    #expect(try findings(odd).contains { $0.code == "images-missing" && $0.text.contains("by 2") })
  }
}

/// A description names nobody, in whatever spelling.
@Suite struct DICOMIdentityTests {
  private func series(_ description: String) throws -> DICOMSeries {
    try withTemporaryFolder { folder in
      var phantom = DICOMPhantom()
      phantom.patient = ("Mueller^Anna Sophie", "0012345678")
      phantom.description = description
      phantom.extra = [DICOMWriter.Element(0x10, 0x30, "DA", "19600304")]
      try Data(phantom.writer.file(phantom.nuclear)).write(to: URL(filePath: folder + "/a"))
      return try #require(try DICOMFolder(folder).series.first)
    }
  }

  @Test(arguments: [
    "Anna Mueller", "SPECT Müller", "spect muller anna", "MUELLER,ANNA", "Muell brain", "Mulle_2",
    "mueller1960", "M u e l l e r", "A. Mueller", "brain ANNA2", "SPECT 12345678",
    "SPECT 0012345678",
    "case 45678 x", "geb 04.03.1960", "19600304", "dob 1960-03-04", "03/04/60 brain", "4.3.60",
    "040360", "born 4 March 1960", "Sophie", "Ännä",
  ])
  func aSpellingOfThePatientIsWithheld(_ description: String) throws {
    let one = try series(description)
    #expect(one.description == "(withheld)", "\(description)")
    let text = one.sidecar.map { JSON.object($0.map { ($0.key, $0.value) }).text }
    #expect(text.map { !$0.contains("SeriesDescription") } == true)
  }

  @Test(arguments: [
    "brain perfusion", "Tc-99m HMPAO", "ep2d_bold_rest", "AC 1960", "T1 mprage 1.0 mm", "run 12",
    "RECON 3 4",
  ])
  func whatNamesNobodyStays(_ description: String) throws {
    #expect(try series(description).description == description)
  }
}
