import Basics
internal import CNIfTI
import Glibc
import Imaging
import Synchronization

/// libnifti's own reading of a header, compared with ours: two readers must agree.
enum Library {
  /// Standard error is one per process, so is its capture.
  private static let errorCapture = Mutex(())

  static func confirm(_ checked: CheckedHeader, path: String, dataPath: String) throws(Problem) {
    let answer = errorCapture.withLock { _ in
      underKnownName(path, dataPath) { header, voxels in
        quietly { boldspect_nifti_ask(header, voxels) }
      }
    }
    let d = checked.description
    guard answer.ok == 1 else {
      throw Problem(
        .data, d.name, "libnifti refuses it", expected: "a header that two readers accept")
    }
    func differs(_ what: String) -> Problem {
      Problem(
        .data, d.name, "libnifti and boldspect read its \(what) differently",
        expected: "one meaning")
    }
    guard answer.same_names == 1 else { throw differs("file name") }
    let dims = [answer.dim.1, answer.dim.2, answer.dim.3, answer.dim.4]
    for axis in 0..<min(4, d.dimensionCount) where dims[axis] != Int64(d.shape[axis]) {
      throw differs("size")
    }
    guard answer.datatype == checked.raw.datatype, Int(answer.nbyper) == d.type.byteCount else {
      throw differs("data type")
    }
    guard answer.offset == Int64(checked.offset) else { throw differs("voxel offset") }
    // A form of code 0 that a person trusts is none to libnifti.
    let code = d.form == .sform ? checked.raw.sformCode : checked.raw.qformCode
    guard let affine = d.affine, code > 0 else { return }
    let theirs = d.form == .sform ? answer.sform : answer.qform
    let flat = withUnsafeBytes(of: theirs) { Array($0.bindMemory(to: Double.self)) }
    let unit = checked.raw.units & 7
    let scale = unit == 1 ? 1000.0 : unit == 3 ? 0.001 : 1.0
    for r in 0..<3 {
      for c in 0..<4 {
        let difference = abs(flat[4 * r + c] * scale - affine.rows[r][c])
        guard difference <= 1e-4 * max(1, abs(affine.rows[r][c])) else { throw differs("affine") }
      }
    }
  }

  /// Runs `body` with names that libnifti knows: of `x.Nii.gz` it takes only a link in lower case.
  private static func underKnownName<T>(
    _ header: String, _ voxels: String, _ body: (String, String) -> T
  ) -> T {
    let isCompressed = header.lowercased().hasSuffix(".gz")
    let ending = String(header.suffix(isCompressed ? 7 : 4))
    var folder = Array("/tmp/boldspect-name-XXXXXX".utf8CString)
    guard header == voxels, ending != ending.lowercased(), ending != ending.uppercased(),
      let real = realpath(header, nil)
    else { return body(header, voxels) }
    defer { free(real) }
    guard mkdtemp(&folder) != nil else { return body(header, voxels) }
    let place = String(decoding: folder.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let link = place + "/image" + ending.lowercased()
    defer {
      unlink(link)
      rmdir(place)
    }
    return symlink(real, link) == 0 ? body(link, link) : body(header, voxels)
  }

  /// Runs `body` with standard error going nowhere: the library prints over the screen otherwise.
  private static func quietly<T>(_ body: () -> T) -> T {
    fflush(nil)
    let kept = fcntl(2, F_DUPFD_CLOEXEC, 3)
    let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard kept >= 0, nowhere >= 0 else {
      if kept >= 0 { close(kept) }
      if nowhere >= 0 { close(nowhere) }
      return body()
    }
    dup2(nowhere, 2)
    close(nowhere)
    let result = body()
    fflush(nil)
    dup2(kept, 2)
    close(kept)
    return result
  }
}
