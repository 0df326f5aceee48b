import ArgumentParser
import Basics
import Imaging
import Reports
import Study
import Targeting

/// `boldspect landmarks`.
struct Landmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Published sites, EEG positions of three caps, and Beam's F3 from a head's measures.",
    discussion: """
      Sites and EEG positions are in MNI152 millimetres (RAS+); EEG positions lie on the scalp. With \
      --tragus, --nasion and --circumference in centimetres: where Beam's method puts F3 on that head.
      """)

  @Option(help: ArgumentHelp("Tragus to tragus over the vertex.", valueName: "cm"))
  var tragus: Double?
  @Option(help: ArgumentHelp("Nasion to inion.", valueName: "cm"))
  var nasion: Double?
  @Option(help: ArgumentHelp("Circumference of the head.", valueName: "cm"))
  var circumference: Double?
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    if tragus != nil || nasion != nil || circumference != nil {
      guard let tragus, let nasion, let circumference else {
        throw Problem(
          .usage, "landmarks", "Beam's method needs three measures",
          expected: "--tragus, --nasion and --circumference")
      }
      let beam = try BeamF3(
        tragusTragus: tragus, nasionInion: nasion, circumference: circumference)
      try answer.give(
        CommandAnswer(
          "landmarks",
          result: [
            ("along_circumference_cm", .number(beam.alongCircumferenceCentimetres)),
            ("from_vertex_cm", .number(beam.fromVertexCentimetres)),
            ("from_vertex_adjusted_cm", .number(beam.adjustedFromVertexCentimetres)),
          ]),
        text:
          "Beam F3: \(fixed(beam.alongCircumferenceCentimetres, 2)) cm from the midline along the "
          + "circumference, \(fixed(beam.fromVertexCentimetres, 2)) cm from the vertex "
          + "(\(fixed(beam.adjustedFromVertexCentimetres, 2)) cm with the arc's mean correction)")
      return
    }
    try answer.give(
      CommandAnswer("landmarks", result: SitesPage.result), text: SitesPage.text)
  }
}

/// `boldspect distance`.
struct Distance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Millimetres between two places: X,Y,Z, a site's name, or an EEG label with its cap.",
    discussion: """
      Both are taken as MNI152, RAS+ mm. EEG positions are written as F3@okamoto, F3@cutini or F3@spm.
      """)

  @Argument(parsing: .allUnrecognized, help: "Two places.")
  var places: [String] = []
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let places = places.filter { $0 != "--" }
    guard places.count == 2 else {
      throw Problem(
        .usage, "distance", "\(places.count) places are given", expected: "two")
    }
    let a = try landmark(places[0])
    let b = try landmark(places[1])
    let mm = a.distance(to: b)
    try answer.give(
      CommandAnswer(
        "distance",
        result: [
          ("space", .string(Space.mni152.rawValue)), ("a_mm", .point(a)), ("b_mm", .point(b)),
          ("distance_mm", .number(mm)),
        ]), text: "\(fixed(mm, 2)) mm (MNI152)")
  }
}
