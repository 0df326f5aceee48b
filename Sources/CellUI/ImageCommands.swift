/// kitty's graphics commands, no more of them than are needed: ask, show, delete.
///
/// Pixels are sent as 24 bits in a zlib stream, base64 in pieces; `q=2` keeps the terminal silent and
/// `C=1` the cursor where it is. Images lie over the cells and are clear where there is text: laid
/// under it (`z` below 0), kitty 0.26 showed older text through newer.
package enum ImageCommands {
  /// What the answer to the question names.
  static let questionID = 8099
  /// The longest piece of base64 that a terminal must take.
  private static let piece = 4096

  /// Asks whether one pixel could be shown; shows nothing.
  package static let question = "\u{1b}_Gi=\(questionID),s=1,v=1,a=q,t=d,f=24;AAAA\u{1b}\\"
  /// All images of this screen and their data.
  package static let deleteAll = "\u{1b}_Ga=d,d=A,q=2\u{1b}\\"

  static func delete(_ id: Int) -> String { "\u{1b}_Ga=d,d=I,i=\(id),q=2\u{1b}\\" }

  /// Sends an image and shows it over its cells.
  ///
  /// - Parameter compress: makes a zlib stream; nil where that fails.
  static func show(
    _ picture: PlacedPicture, id: Int, depth: Int, compress: ([UInt8]) -> [UInt8]?
  ) -> [UInt8] {
    let raw = picture.bytes
    let packed = compress(raw)
    let data = base64(packed ?? raw)
    var out = Array("\u{1b}[\(picture.area.row + 1);\(picture.area.column + 1)H".utf8)
    var at = 0
    while at == 0 || at < data.count {
      let end = min(data.count, at + piece)
      let more = end < data.count
      var keys = more ? "m=1" : "m=0"
      if at == 0 {
        keys =
          "a=T,q=2,f=\(picture.hasClear ? 32 : 24)\(packed == nil ? "" : ",o=z"),i=\(id),s=\(picture.width),v=\(picture.height)"
          + ",c=\(picture.area.columns),r=\(picture.area.rows),z=\(depth),C=1"
          + (more ? ",m=1" : "")
      } else {
        keys = "q=2," + keys
      }
      out += Array("\u{1b}_G\(keys);".utf8)
      out += data[at..<end]
      out += [0x1b, UInt8(ascii: "\\")]
      at = max(end, 1)
    }
    return out
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for at in stride(from: 0, to: bytes.count, by: 3) {
      let left = bytes.count - at
      let (a, b, c) = (
        UInt32(bytes[at]), left > 1 ? UInt32(bytes[at + 1]) : 0,
        left > 2 ? UInt32(bytes[at + 2]) : 0
      )
      let all = a << 16 | b << 8 | c
      out.append(alphabet[Int(all >> 18)])
      out.append(alphabet[Int(all >> 12 & 63)])
      out.append(left > 1 ? alphabet[Int(all >> 6 & 63)] : UInt8(ascii: "="))
      out.append(left > 2 ? alphabet[Int(all & 63)] : UInt8(ascii: "="))
    }
    return out
  }
}
