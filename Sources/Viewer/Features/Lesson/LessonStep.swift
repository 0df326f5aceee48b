package import CellUI
import Imaging

/// Colours that mean something in the lesson. Each pair is told apart with any colour vision and in grey: ΔE (CIEDE2000)
/// of at least 10 under three simulated deficiencies (`LessonColourTests`); a shape or a word says the same again. Where
/// one of them covers the anatomy, as networks do, the anatomy is darkened: its greys are told apart from them as well.
package enum LessonInk {
  /// What the fMRI has, sharp.
  package static let sharp = Colour(245, 190, 60)
  /// What a camera keeps of it.
  package static let camera = Colour(80, 109, 248)
  /// A landmark on the scalp, or what is the same for everybody.
  package static let landmark = Colour(177, 15, 85)
  /// What is known to be true.
  package static let truth = Colour(255, 255, 255)
  /// Where the variable of the step stands.
  package static let mark = Colour(40, 175, 120)

  package static let all = [sharp, camera, landmark, truth, mark]
  /// The colours of the first network, the second, and where both are.
  package static let networks = [sharp, mark, truth]
  /// The brightest grey of the anatomy under networks.
  package static let brightestBelow: UInt8 = 100
}

/// A curve with its name and colour.
package struct LessonCurve: Sendable, Equatable {
  package var name: String
  package var x: [Double]
  package var y: [Double]
  package var ink: Colour
  /// Whether it is drawn as single dots, so that it is told without colour too.
  package var isDotted = false

  package init(name: String, x: [Double], y: [Double], ink: Colour, isDotted: Bool = false) {
    self.name = name
    self.x = x
    self.y = y
    self.ink = ink
    self.isDotted = isDotted
  }
}

/// Curves on two axes with their units.
package struct LessonPlot: Sendable {
  package var title: String
  package var xTitle: String
  package var yTitle: String
  package var curves: [LessonCurve]
  /// A place on the x axis, and what it is.
  package var mark: (x: Double, name: String)?
  /// A stretch of the x axis, and what it is.
  package var band: (x: ClosedRange<Double>, name: String)?
  /// Where the axes begin and end; nil takes what the curves need.
  package var xRange: ClosedRange<Double>?
  package var yRange: ClosedRange<Double>?
  /// Whether the axis runs the other way, as the picture beside it does.
  package var flipsX = false
  /// What lies at the low and at the high end of the axis, such as L and R; nil for a plain quantity.
  package var ends: (low: String, high: String)?
  /// Names of the places 1, 2, 3 … of the x axis, where it is no quantity.
  package var xNames: [String] = []

  package init(title: String, xTitle: String, yTitle: String, curves: [LessonCurve]) {
    self.title = title
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.curves = curves
  }
}

/// A place in a picture, with a letter that the table names.
struct LessonMark: Sendable {
  var point: WorldPoint
  var letter: String
  var ink: Colour
  /// Of a ring around it, in mm; nil for a dot alone.
  var radius: Double?
  var isSmall = false
  /// Whether it is a disc; a ring alone is hollow, and lies above or below the slice.
  var isFilled = false
}

/// One picture of a step.
struct LessonPicture {
  enum Content {
    case slice(PaneContent, Plane, WorldPoint)
    /// Rows of values from 0 to 1.
    case raster([[Float]])
    case nothing(String)
  }
  var content: Content
  var caption: String
  /// The same where there is little room.
  var shortCaption: String?
  var ink: Colour
  var marks: [LessonMark] = []
  /// Lines between places, seen along the plane's normal.
  var lines: [(from: WorldPoint, to: WorldPoint, ink: Colour)] = []
  var bars: [(plane: Plane, place: Double)] = []
  /// Millimetres across a picture that shows only the surroundings of its place; nil shows all of the head.
  var zoom: Double?
  /// Whether rows of values are stretched to the room that they have.
  var fills = false
  /// What lies at the left and the right side of rows of values.
  var sides: (left: String, right: String)?
}

/// A row of a table beside or in place of a picture.
package struct LessonRow: Sendable {
  /// Stands before the words, in the row's colour.
  package var mark = ""
  package var words: [String]
  package var ink: Colour
  package var isHead = false

  package init(_ words: [String], ink: Colour = Ink.text, mark: String = "", isHead: Bool = false) {
    self.words = words
    self.ink = ink
    self.mark = mark
    self.isHead = isHead
  }
}

/// A number that is to be seen from the last row.
package struct LessonNumber: Sendable, Equatable {
  package var text: String
  package var words: String

  package init(_ text: String, _ words: String) {
    self.text = text
    self.words = words
  }
}

/// A sentence of the lesson that states a fact, and where it is from.
package struct LessonFact: Sendable, Equatable {
  package var sentence: String
  package var source: String

  package init(_ sentence: String, _ source: String) {
    self.sentence = sentence
    self.source = source
  }
}

/// One step: one sentence, one thing that changes, a picture, a number, a question and its answer.
struct LessonStep: Sendable {
  var topic: String
  var title: String
  /// What is asked of the worker.
  var needs: [LessonPart] = []
  /// What is asked of other features when the step begins.
  var prepare: @Sendable (inout Model) -> [Effect] = { _ in [] }
  var sentence: @Sendable (Model) -> String
  /// What + and − change, in words; nil for nothing.
  var variable: String?
  /// Which of `lessonWidths`, or of the step's own lengths, it begins with.
  var firstWidth = 1
  var pictures: @Sendable (Model) -> [LessonPicture] = { _ in [] }
  var plot: @Sendable (Model) -> LessonPlot? = { _ in nil }
  var table: @Sendable (Model) -> [LessonRow] = { _ in [] }
  var number: @Sendable (Model) -> LessonNumber? = { _ in nil }
  /// What these files cannot show, and why; nil where they can.
  var cannot: @Sendable (Model) -> String? = { _ in nil }
  /// What must be known of this person's numbers before they are believed, the most important first.
  var warnings: @Sendable (Model) -> [String] = { _ in [] }
  /// More of what was measured, and all that speaks against it, for the speaker.
  var remarks: @Sendable (Model) -> [String] = { _ in [] }
  /// Which part of a synthetic person's truth answers the step; nil for none.
  var truth: LessonTruth.Topic?
  var question: String
  var answer: String
  /// For the speaker.
  var notes: String
  var facts: [LessonFact] = []
  /// Whether the picture moves by itself.
  var moves = false
}

/// From millimetres to centimetres, from seconds to minutes, and what each is for.
enum Lesson {
  static let steps: [LessonStep] =
    spaceSteps + timeSteps + cameraSteps + perfusionSteps + networkSteps + targetSteps + limitSteps

  /// Of the finding that nobody knows how a table's normals were cleaned: told where they are used.
  static let normalsDoubtCode = "normals-making-unknown"
}

extension Model {
  /// What is known to be true of what a step shows; empty of real people, and in steps that it does not answer.
  func knownTruth(_ step: LessonStep) -> [String] {
    step.truth.flatMap { lesson.truth?.words[$0] } ?? []
  }
}
