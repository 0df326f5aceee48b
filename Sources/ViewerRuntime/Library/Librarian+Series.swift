package import Basics
import ImageFiles
import Reports
package import Study
import Viewer

extension Librarian {
  /// Looks at the DICOM files of a folder.
  func browseSeries(_ path: String, _ post: (Message) -> Void, _ before: Int) throws(Problem) {
    post(.progress("reading DICOM headers", 0))
    let folder = try DICOMFolder(path) { self.isCancelled(since: before) }
    // Nothing is damaged where nothing can be read.
    if folder.series.isEmpty, let lack = folder.damaged.first(where: { $0.kind == .unavailable }) {
      throw lack
    }
    let number = keep(folder, root: path)
    let owners = SeriesOwners(folder.series, root: path)
    post(.series(SeriesListing(path, number, folder, owners)))
  }

  /// Series of a list as they are opened; nil when the list is another one by now.
  package func openingSeries(_ places: [Int], _ listing: Int) throws(Problem) -> OpenedSeries? {
    guard let (folder, root) = folder(ofList: listing),
      places.allSatisfy(folder.series.indices.contains)
    else { return nil }
    let owners = SeriesOwners(folder.series, root: root)
    var opened = try OpenedSeries(places.map { folder.series[$0] })
    if let words = owners.problem(opening: places) {
      throw Problem(
        .data, folder.series[places.last ?? 0].words, words,
        expected: "series of one person", remedy: "Open them one after the other")
    }
    opened.request.listed = places.first.flatMap { owners.people[$0] }
    return opened
  }
}

extension SeriesListing {
  /// A folder as the viewer shows it.
  init(_ root: String, _ number: Int, _ folder: DICOMFolder, _ owners: SeriesOwners) {
    self.init(
      root: root, number: number,
      series: zip(folder.series, owners.words).map { BrowserSeries($0, owner: $1) },
      otherFiles: folder.otherFiles, damaged: folder.damaged.map(\.sentence))
  }
}

extension BrowserSeries {
  fileprivate init(_ s: DICOMSeries, owner: String) {
    self.init(
      number: s.number.map { "\($0)" } ?? "–", kind: s.kind.brief,
      when: [s.date, s.time].compactMap { $0 }.joined(separator: " "), description: s.description,
      size: SeriesPage.sizeWords(s), minutes: s.minutes, role: SeriesRole(s)?.rawValue,
      reason: s.problem?.sentence)
    self.owner = owner
  }
}
