import Basics
import ImageFiles
import Study

/// What goes out as DICOM, and what it is given the identity of.
package struct ExportRequest: Sendable {
  /// As which objects maps go out.
  package enum MapForm: String, Sendable, CaseIterable {
    /// Parametric Map, in the numbers that the map has.
    case parametric
    /// Classic MR images, in 16-bit numbers.
    case mr
  }

  package var source: String
  /// DICOM series of the source's frame, and images that were made of them.
  package var imported: [String]
  /// Whether a person says that everything lies in the source's frame.
  package var isSameFrame: Bool
  package var maps: [String]
  package var form: MapForm
  package var targets: String?
  /// Names of those that are wanted; all when empty.
  package var targetNames: [String]
  /// Whether targets that nobody accepted go out too.
  package var takesUndecided: Bool
  package var pdf: String?
  package var figures: [String]
  /// The folder that is made.
  package var output: String

  package init(
    source: String, imported: [String], isSameFrame: Bool, maps: [String], form: MapForm,
    targets: String?, targetNames: [String], takesUndecided: Bool, pdf: String?,
    figures: [String], output: String
  ) {
    self.source = source
    self.imported = imported
    self.isSameFrame = isSameFrame
    self.maps = maps
    self.form = form
    self.targets = targets
    self.targetNames = targetNames
    self.takesUndecided = takesUndecided
    self.pdf = pdf
    self.figures = figures
    self.output = output
  }

  /// Refuses what cannot be meant, before anything is read.
  func check() throws(Problem) {
    guard !maps.isEmpty || targets != nil || pdf != nil || !figures.isEmpty else {
      throw Problem(
        .usage, "export dicom", "nothing is given that would go out",
        expected: "--map, --targets, --pdf or --figure")
    }
    guard targets != nil || (targetNames.isEmpty && !takesUndecided) else {
      throw Problem(.usage, "--name", "there are no targets to choose from", expected: "--targets")
    }
    let given = maps + imported + figures + [targets, pdf].compactMap { $0 }
    let people = Set(given.compactMap(subjectLabel(ofPath:))).sorted()
    guard people.count < 2 else {
      throw Problem(
        .data, "export dicom",
        "the files are of \(people.joined(separator: " and ")), by their names",
        expected: "files of one person")
    }
    try ExportFolder.check(output)
  }
}
