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
  /// Why a person says that everything lies in the source's frame; nil where nobody does.
  package var sameFrame: String?
  /// Why what shows another person than the source goes out all the same; nil where that is refused.
  package var otherPerson: String?
  package var maps: [String]
  package var form: MapForm
  package var targets: String?
  /// Names of those that are wanted; all when empty.
  package var targetNames: [String]
  /// Whether targets that nobody accepted go out too.
  package var takesUndecided: Bool
  package var pdf: String?
  /// How a person knows that the PDF is about the source's patient: nothing in it can be asked.
  package var ofThisPerson: String?
  package var figures: [String]
  /// The folder that is made.
  package var output: String

  package init(
    source: String, imported: [String], sameFrame: String?, otherPerson: String?,
    maps: [String], form: MapForm,
    targets: String?, targetNames: [String], takesUndecided: Bool, pdf: String?,
    ofThisPerson: String?, figures: [String], output: String
  ) {
    self.source = source
    self.imported = imported
    self.sameFrame = sameFrame
    self.otherPerson = otherPerson
    self.maps = maps
    self.form = form
    self.targets = targets
    self.targetNames = targetNames
    self.takesUndecided = takesUndecided
    self.pdf = pdf
    self.ofThisPerson = ofThisPerson
    self.figures = figures
    self.output = output
  }

  /// Refuses what cannot be meant, before anything is read.
  mutating func check() throws(Problem) {
    sameFrame = try sameFrame.map { (text) throws(Problem) in
      try typedReason(
        text, of: "--same-frame", expected: "how you know that all of it lies there, in words")
    }
    otherPerson = try otherPerson.map { (text) throws(Problem) in
      try typedReason(
        text, of: "--other-person", expected: "why it belongs into this record, in words")
    }
    guard !maps.isEmpty || targets != nil || pdf != nil || !figures.isEmpty else {
      throw Problem(
        .usage, "export dicom", "nothing is given that would go out",
        expected: "--map, --targets, --pdf or --figure")
    }
    ofThisPerson = try ofThisPerson.map { (text) throws(Problem) in
      try typedReason(
        text, of: "--of-this-person", expected: "how you know whom the PDF is about, in words")
    }
    guard (pdf == nil) == (ofThisPerson == nil) else {
      throw Problem(
        .usage, pdf == nil ? "--of-this-person" : "--pdf",
        pdf == nil
          ? "there is no PDF that it could be about"
          : "nothing in a PDF shows whom it is about",
        expected: "--pdf with --of-this-person REASON")
    }
    guard targets != nil || (targetNames.isEmpty && !takesUndecided) else {
      throw Problem(.usage, "--name", "there are no targets to choose from", expected: "--targets")
    }
    let given = maps + imported + figures + [targets, pdf].compactMap { $0 }
    let people = Set(given.compactMap(subjectLabel(ofPath:))).sorted()
    guard people.count < 2 || otherPerson != nil else {
      throw Problem(
        .data, "export dicom",
        "the files are of \(people.joined(separator: " and ")), by their names",
        expected: "files of one person",
        remedy: "If that is meant, say with --other-person why")
    }
    try ExportFolder.check(output)
  }
}
