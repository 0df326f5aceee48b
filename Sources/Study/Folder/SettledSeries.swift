package import Basics
import ImageFiles

/// Puts in the place of a DICOM folder the file that stands for the series that --series names, so that every
/// command takes both.
package func settleSeries(_ arguments: [String]) throws(Problem) -> [String] {
  guard arguments.first != "import" else { return arguments }
  var rest: [String] = []
  var named: [String] = []
  var n = 0
  while n < arguments.count {
    if arguments[n] == "--series", n + 1 < arguments.count {
      named.append(arguments[n + 1])
      n += 1
    } else if arguments[n].hasPrefix("--series=") {
      named.append(String(arguments[n].dropFirst("--series=".count)))
    } else {
      rest.append(arguments[n])
    }
    n += 1
  }
  guard let name = named.first else { return arguments }
  let folders = rest.indices.filter { place in
    let before = place > 0 ? rest[place - 1] : ""
    return !rest[place].hasPrefix("-") && !["-o", "--output"].contains(before)
      && DICOMFolder.holdsDICOM(rest[place])
  }
  guard named.count == 1, folders.count == 1, let place = folders.first else {
    throw Problem(
      .usage, "--series",
      named.count > 1
        ? "it is given \(named.count) times"
        : folders.isEmpty
          ? "no DICOM folder is given that it could be of"
          : "\(folders.count) DICOM folders are given",
      expected: "one folder and one series", remedy: "Give a file of each series instead")
  }
  let series = try DICOMFolder(rest[place]).series(named: name)
  if let problem = series.problem { throw problem }
  rest[place] = series.path
  return rest
}
