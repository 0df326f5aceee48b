import Basics

/// What the numbers of images tell of some that are not here: a volume that is missing leaves every place in space
/// filled equally often.
extension DICOMSeriesFiles {
  static func numberFindings(_ files: [DICOMInstance], _ stack: DICOMStack) -> [Finding] {
    guard let first = files.first, !first.kind.isEnhanced, first.nuclear == nil else { return [] }
    let numbers = files.compactMap(\.instanceNumber).filter { $0 == $0.rounded() && abs($0) < 1e9 }
    guard numbers.count == files.count, Set(numbers).count == numbers.count, numbers.count > 2
    else { return [] }
    let sorted = numbers.sorted()
    let steps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }
    let usual = steps.sorted()[steps.count / 2]
    guard let gap = steps.firstIndex(where: { $0 > usual }) else {
      return usual > 1
        ? [
          Finding(
            "images-missing", .warning,
            "Its images are numbered by \(plainNumber(usual)): those between them are not here.")
        ] : []
    }
    let words =
      "Between images \(plainNumber(sorted[gap])) and \(plainNumber(sorted[gap + 1])) there is none by their numbers"
    var out = [Finding("images-missing", .warning, words + "; images may be missing.")]
    guard stack.frames > 1, !isTimedWhole(files, stack),
      let seconds = first.repetitionTimeMilliseconds.map({ $0 / 1000 })
    else { return out }
    out.append(
      Finding(
        "tr-conflict", .blocking,
        "\(words), and the header says a repetition time of \(plainNumber(seconds)) s; volumes may be missing. Decide with --tr."
      ))
    return out
  }

  /// Whether the clock says that volume follows on volume.
  private static func isTimedWhole(_ files: [DICOMInstance], _ stack: DICOMStack) -> Bool {
    guard let times = volumeSeconds(files, stack),
      let seconds = files[0].repetitionTimeMilliseconds.map({ $0 / 1000 })
    else { return false }
    return clockConflict(files, stack, seconds) == nil
      && zip(times, times.dropFirst()).allSatisfy { abs($1 - $0 - seconds) <= 0.2 * seconds }
  }
}
