/// One series of a DICOM folder: a line of the list.
package struct BrowserSeries: Equatable, Sendable {
  package var number: String
  package var kind: String
  package var when: String
  package var description: String
  package var size: String
  package var minutes: Double?
  /// BOLD, SPECT or anatomy; nil where it cannot be opened.
  package var role: String?
  /// Why it cannot be opened.
  package var reason: String?
  /// The person's folder, or a letter for each patient; empty where all are one's.
  package var owner = ""

  package init(
    number: String, kind: String, when: String, description: String, size: String,
    minutes: Double?, role: String?, reason: String?
  ) {
    self.number = number
    self.kind = kind
    self.when = when
    self.description = description
    self.size = size
    self.minutes = minutes
    self.role = role
    self.reason = reason
  }
}

/// The series of a folder as they are listed. No name of a header is in it.
package struct SeriesListing: Equatable, Sendable {
  package var root: String
  /// Which reading of a folder it is.
  package var number: Int
  package var series: [BrowserSeries]
  package var otherFiles: Int
  /// Files that cannot be read, the first with the reason.
  package var damaged: [String]

  package init(
    root: String, number: Int, series: [BrowserSeries], otherFiles: Int, damaged: [String]
  ) {
    self.root = root
    self.number = number
    self.series = series
    self.otherFiles = otherFiles
    self.damaged = damaged
  }
}

/// The list of series, and what of it was marked.
package struct SeriesState: Equatable, Sendable {
  package internal(set) var listing: SeriesListing?
  /// Whether it is shown instead of the people.
  package internal(set) var isShown = false
  package internal(set) var line = 0
  /// Series that are opened together, by their places.
  package internal(set) var marked: Set<Int> = []

  package init() {}

  package var selected: BrowserSeries? {
    listing.flatMap { $0.series.indices.contains(line) ? $0.series[line] : nil }
  }

  mutating func take(_ new: SeriesListing) {
    if listing?.root != new.root { line = new.series.firstIndex { $0.reason == nil } ?? 0 }
    listing = new
    marked = []
    line = max(0, min(new.series.count - 1, line))
    isShown = true
  }
}
