import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite("Slices of one frame each, which say nothing of how many frames they have")
struct DICOMPackedSliceTests {
  @Test(arguments: [DICOMPhantom.Packing.rle, .jpeg, .jpegLS])
  func unpackToWhatTheyWere(_ packing: DICOMPhantom.Packing) throws {
    func read(_ packing: DICOMPhantom.Packing) throws -> [Float] {
      try withTemporaryFolder { folder in
        var phantom = DICOMPhantom()
        phantom.packing = packing
        phantom.imageType = "ORIGINAL\\PRIMARY\\M"
        phantom.modality = "MR"
        for k in 0..<phantom.slices {
          let slice = phantom.slice(
            k, sopClass: "1.2.840.10008.5.1.4.1.1.4", instance: k + 1, [])
          try write(slice, of: phantom, to: "\(folder)/IM\(k)")
        }
        let found = try ImageReader.read(folder)
        return found.samples.floats(0..<found.samples.count)
      }
    }
    let plain = try read(.explicitLittle)
    #expect(Set(plain).count > 1)
    #expect(try read(packing) == plain)
  }
}
