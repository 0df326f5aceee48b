package import Basics
import ImageFiles

extension StudyRequest {
  /// Files that were given without saying what each is: their names and headers say it, or they are refused.
  package func opening(_ files: [String]) throws(Problem) -> StudyRequest {
    var out = self
    for path in files {
      let header = try ImageReader.describe(path)
      let name = EntityName(fileName(path))
      let file = SortedFile(
        path: path, name: name, folders: [], dataset: "", layout: .plain, isAbsent: false)
      if let kind = DICOMFolder.kind(of: path) {
        try out.take(path, SeriesRole(kind, isTimed: header.isSeries), header.name)
        continue
      }
      if header.isSeries {
        out.bold.append(path)
        continue
      }
      switch FileKind(file) {
      case .spect: out.spect.append(path)
      case .anatomy where out.anat == nil: out.anat = path
      case .mask where out.run.mask == nil: out.run.mask = path
      case .tissue(.gm) where out.gm == nil: out.gm = path
      case .tissue(.wm) where out.white == nil: out.white = path
      case .bold:
        throw Problem(
          .data, header.name, "it is named as a BOLD run and holds one volume",
          expected: "a series", remedy: "Say what it is with --anat, --spect or --overlay")
      default:
        throw Problem(
          .usage, header.name, "its name does not say what it is",
          expected: "a 4-D run, or a name with SPECT, T1w, mask or the like",
          remedy: "Say what it is with --bold, --spect, --anat or --overlay")
      }
    }
    return out
  }
}

extension StudyRequest {
  /// A DICOM series, by what its class says that it is.
  fileprivate mutating func take(_ path: String, _ role: SeriesRole?, _ name: String)
    throws(Problem)
  {
    switch role {
    case .bold: bold.append(path)
    case .spect: spect.append(path)
    case .anatomy where anat == nil: anat = path
    default:
      throw Problem(
        .usage, name, "another anatomy was given too", expected: "one anatomy",
        remedy: "Say what it is with --overlay")
    }
  }
}
