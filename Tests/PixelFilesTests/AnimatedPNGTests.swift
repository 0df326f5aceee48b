import PixelFiles
import Testing

@Suite struct AnimatedPNGTests {
  func picture(_ value: UInt8, width: Int = 3) throws -> [UInt8] {
    try #require(
      PixelBytes.png(
        width: width, height: 2, rgb: [UInt8](repeating: value, count: 6 * width), texts: []))
  }

  @Test func severalPicturesAreOneThatStillOpensAsThePlainFirst() throws {
    let all = try [10, 120, 250].map { try picture($0) }
    let joined = try #require(AnimatedPNG.joined(all, millisecondsEach: 150))
    // libpng checks every checksum and passes over what it does not know.
    let read = try #require(PixelBytes.picture(ofPNG: joined, mostPixels: 100, keys: []))
    #expect(read.width == 3 && read.rgb.allSatisfy { $0 == 10 })
    func count(_ name: String) -> Int {
      let wanted = Array(name.utf8)
      return (0..<joined.count - 3).filter { Array(joined[$0..<$0 + 4]) == wanted }.count
    }
    #expect(count("acTL") == 1 && count("fcTL") == 3 && count("fdAT") == 2 && count("IEND") == 1)
  }

  @Test func whatDoesNotFitIsNoPicture() throws {
    #expect(AnimatedPNG.joined([], millisecondsEach: 1) == nil)
    #expect(AnimatedPNG.joined([[1, 2, 3]], millisecondsEach: 1) == nil)
    #expect(
      AnimatedPNG.joined([try picture(1), try picture(1, width: 4)], millisecondsEach: 1) == nil)
    #expect(
      AnimatedPNG.joined([try picture(1), Array(try picture(2).dropLast(30))], millisecondsEach: 1)
        == nil)
  }
}
