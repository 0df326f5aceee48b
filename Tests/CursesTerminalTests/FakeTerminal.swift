import Foundation
import Synchronization
import TestSupport

/// What a terminal is sent, piece by piece.
enum Piece: Equatable {
  case text(UInt8)
  case control(UInt8)
  case escape(String)
  case csi(String)
  case osc(String)
  case dcs(String)
  /// A sequence of another kind.
  case stray(String)
}

/// Takes a stream apart; what is not whole yet stays for the next time.
func pieces(_ bytes: [UInt8]) -> (all: [Piece], rest: [UInt8]) {
  var all: [Piece] = []
  var at = 0
  func string(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }
  while at < bytes.count {
    let byte = bytes[at]
    guard byte == 0x1b else {
      all.append(byte < 32 || byte == 127 ? .control(byte) : .text(byte))
      at += 1
      continue
    }
    guard at + 1 < bytes.count else { break }
    switch bytes[at + 1] {
    case UInt8(ascii: "["):
      guard let end = bytes[(at + 2)...].firstIndex(where: { (0x40...0x7e).contains($0) }) else {
        return (all, Array(bytes[at...]))
      }
      all.append(.csi(string(bytes[(at + 2)...end])))
      at = end + 1
    case UInt8(ascii: "]") where at + 2 < bytes.count && bytes[at + 2] == UInt8(ascii: "R"):
      // The Linux console's own way to reset its colours has no end.
      all.append(.osc("R"))
      at += 3
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"),
      UInt8(ascii: "X"):
      guard
        let end = bytes[(at + 2)...].firstIndex(where: { $0 == 7 || $0 == 0x1b }),
        bytes[end] == 7 || end + 1 < bytes.count
      else { return (all, Array(bytes[at...])) }
      let body = string(bytes[(at + 2)..<end])
      switch bytes[at + 1] {
      case UInt8(ascii: "]"): all.append(.osc(body))
      case UInt8(ascii: "P"): all.append(.dcs(body))
      default: all.append(.stray(body))
      }
      at = end + (bytes[end] == 7 ? 1 : 2)
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      guard at + 2 < bytes.count else { return (all, Array(bytes[at...])) }
      all.append(.escape(string(bytes[(at + 1)...(at + 2)])))
      at += 3
    default:
      all.append(.escape(string(bytes[(at + 1)...(at + 1)])))
      at += 2
    }
  }
  return (all, Array(bytes[at...]))
}

/// A terminal of any size in this process: it runs the program, keeps what it is sent, and answers
/// as the real ones do.
final class FakeTerminal: Sendable {
  /// How it answers what it is asked.
  enum Manners: Sendable { case silent, palette, direct, onlyAttributes, kitty, images }

  struct State {
    var bytes: [UInt8] = []
    var pieces: [Piece] = []
    var rest: [UInt8] = []
    /// Colours that are not its own now.
    var palette: [String: String] = [:]
    var changes = 0
    var isDirect = false
    var isClosed = false
    /// Whether it does not read for now; nothing at all is read while this is set.
    var isPaused = false
    /// The line's modes after the program's end.
    var modesAfter: [UInt8]?
  }

  let state = Mutex(State())
  private let master: Int32
  /// The program's end of the line: its modes are looked at after the program is gone.
  private let slave: Int32
  let modesBefore: [UInt8]
  private let manners: Manners
  private let delay: Double
  /// What it says that it has behind text.
  private let background: String?
  let process = Process()

  /// - Parameter controls: whether it is the program's controlling terminal, so that Ctrl-C is a signal; the
  ///   process is then `setsid`, which waits for the program and passes its exit code on.
  init(
    _ arguments: [String], columns: Int, rows: Int, term: String = "xterm-256color",
    environment: [String: String] = [:], manners: Manners = .silent, delay: Double = 0,
    background: String? = nil, reads: Bool = true, controls: Bool = false
  ) throws {
    self.manners = manners
    self.delay = delay
    self.background = background
    // By the kernel's own requests: the C library's functions for this are not visible from Swift.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var lock: Int32 = 0
    var number: UInt32 = 0
    guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0,
      ioctl(master, 0x8004_5430, &number) == 0
    else { throw POSIXError(.EIO) }
    let name = "/dev/pts/\(number)"
    slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    modesBefore = Self.modes(slave)
    let handle = FileHandle(
      fileDescriptor: open(name, O_RDWR | O_NOCTTY | O_CLOEXEC), closeOnDealloc: true)
    process.executableURL = controls ? URL(filePath: "/usr/bin/setsid") : Program.url
    process.arguments = (controls ? ["-w", "-c", Program.url.path] : []) + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      [
        "TERM": term, "LC_ALL": "C.UTF-8", "COLORTERM": "", "NO_COLOR": "", "TMUX": "", "STY": "",
        "NCURSES_NO_UTF8_ACS": "", "LINES": "", "COLUMNS": "",
      ].merging(environment) { $1 }
    ) { $1 }
    process.standardInput = handle
    process.standardOutput = handle
    process.standardError = handle
    resize(columns: columns, rows: rows)
    try process.run()
    try handle.close()
    if reads { startReading() }
  }

  private static func modes(_ line: Int32) -> [UInt8] {
    var modes = termios()
    tcgetattr(line, &modes)
    return withUnsafeBytes(of: &modes) { Array($0) }
  }

  func resize(columns: Int, rows: Int) {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
  }

  func startReading() { Thread.detachNewThread { [self] in readAll() } }

  /// Bytes that are there; nil at the end of the line.
  private func readSome(_ buffer: inout [UInt8]) -> Int? {
    var one = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&one, 1, 20) != 0 else { return 0 }
    // Under the lock, so that nothing is read once a pause was asked for.
    let count = state.withLock { $0.isPaused ? 0 : read(master, &buffer, buffer.count) }
    if count == 0 { Thread.sleep(forTimeInterval: 0.02) }
    return count < 0 ? nil : count
  }

  func type(bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
  }

  private func readAll() {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while let count = readSome(&buffer) {
      guard count > 0 else { continue }
      let answer = state.withLock { s in
        s.bytes += buffer.prefix(count)
        let (new, rest) = pieces(s.rest + buffer.prefix(count))
        s.rest = rest
        s.pieces += new
        return new.reduce(into: "") { $0 += reply($1, &s) }
      }
      guard !answer.isEmpty else { continue }
      if delay > 0 {
        Thread.detachNewThread { [self] in
          Thread.sleep(forTimeInterval: delay)
          type(answer)
        }
      } else {
        type(answer)
      }
    }
    state.withLock { $0.isClosed = true }
  }

  private func reply(_ piece: Piece, _ s: inout State) -> String {
    switch piece {
    case .csi("c"): return manners == .silent ? "" : "\u{1b}[?62;22c"
    case .stray(let body) where body.hasPrefix("Gi=") && body.contains("a=q"):
      let id = body.dropFirst(3).prefix { $0.isNumber }
      return manners == .kitty || manners == .images ? "\u{1b}_Gi=\(id);OK\u{1b}\\" : ""
    case .osc("11;?"): return background.map { "\u{1b}]11;\($0)\u{1b}\\" } ?? ""
    case .csi("16t"):
      return manners == .kitty || manners == .images ? "\u{1b}[6;19;9t" : ""
    case .csi(">q"):
      return manners == .kitty ? "\u{1b}P>|kitty(0.26.5)\u{1b}\\" : ""
    case .csi("48;2;1;2;3m"):
      s.isDirect = true
      return ""
    case .dcs("$qm"):
      guard [.direct, .palette, .kitty].contains(manners) else { return "" }
      return "\u{1b}P1$r0;48:\(manners == .palette ? "5:16" : "2::1:2:3")m\u{1b}\\"
    case .osc(let body) where body.hasPrefix("4;") && manners == .palette:
      var answer = ""
      let words = body.split(separator: ";").dropFirst().map(String.init)
      for n in stride(from: 0, to: words.count - 1, by: 2) {
        if words[n + 1] == "?" {
          let value = s.palette[words[n]] ?? "rgb:ee/ee/ee"
          let long = value.dropFirst(4).split(separator: "/").map { $0 + $0 }
          answer += "\u{1b}]4;\(words[n]);rgb:\(long.joined(separator: "/"))\u{1b}\\"
        } else {
          s.palette[words[n]] = words[n + 1]
          s.changes += 1
        }
      }
      return answer
    case .osc(let body) where body.hasPrefix("104"):
      let words = body.split(separator: ";").dropFirst().map(String.init)
      if words.isEmpty { s.palette = [:] }
      for word in words { s.palette[word] = nil }
      return ""
    default: return ""
    }
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
  }

  var count: Int { state.withLock { $0.bytes.count } }
  func bytes(from start: Int) -> [UInt8] { state.withLock { Array($0.bytes[start...]) } }
  var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

  /// Waits for words, or for the end of the program.
  @discardableResult
  func wait(for words: String, seconds: Double = 30) -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while Date() < end {
      if text.contains(words) { return true }
      if !process.isRunning { return text.contains(words) }
      Thread.sleep(forTimeInterval: 0.03)
    }
    return false
  }

  /// Waits until nothing more comes.
  func settle(_ quiet: Double = 0.4) {
    var last = count
    var since = Date()
    while Date().timeIntervalSince(since) < quiet {
      Thread.sleep(forTimeInterval: 0.03)
      if count != last { (last, since) = (count, Date()) }
    }
  }

  /// Bytes that one key costs.
  func cost(_ key: String) -> Int {
    let before = count
    type(key)
    let end = Date(timeIntervalSinceNow: 10)
    while count == before, Date() < end { Thread.sleep(forTimeInterval: 0.01) }
    settle()
    return count - before
  }

  /// Waits for the end, and until everything that was written has been read.
  func finish() {
    process.waitUntilExit()
    let isFirst = state.withLock { s in
      defer { s.modesAfter = s.modesAfter ?? Self.modes(slave) }
      return s.modesAfter == nil
    }
    if isFirst { close(slave) }
    let end = Date(timeIntervalSinceNow: 5)
    while !state.withLock({ $0.isClosed }), Date() < end { Thread.sleep(forTimeInterval: 0.02) }
  }
}
