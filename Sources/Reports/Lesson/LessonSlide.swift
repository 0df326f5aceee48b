package import CellUI

/// One step of a lesson as it is taken home.
package struct LessonSlide: Sendable {
  package var topic: String
  package var title: String
  package var sentence: String
  package var number: String
  package var numberWords: String
  package var question: String
  package var answer: String
  package var notes: String
  package var facts: [(sentence: String, source: String)]
  /// What these files cannot show.
  package var cannot: String?
  /// What speaks against its numbers, and what else was measured.
  package var warnings: [String]
  package var remarks: [String]
  package var chart: LessonChart?
  package var rows: [[String]]
  /// The screen of the step, and of its movement.
  package var frame: Frame
  package var moving: [Frame] = []

  package init(
    topic: String, title: String, sentence: String, number: String, numberWords: String,
    question: String, answer: String, notes: String,
    facts: [(sentence: String, source: String)], cannot: String?,
    warnings: [String] = [], remarks: [String] = [], chart: LessonChart?, rows: [[String]],
    frame: Frame
  ) {
    self.topic = topic
    self.title = title
    self.sentence = sentence
    self.number = number
    self.numberWords = numberWords
    self.question = question
    self.answer = answer
    self.notes = notes
    self.facts = facts
    self.cannot = cannot
    self.warnings = warnings
    self.remarks = remarks
    self.chart = chart
    self.rows = rows
    self.frame = frame
  }
}

extension LessonSlide {
  /// What these files cannot show, and what speaks against what they do.
  var careful: [String] { (cannot.map { [$0] } ?? []) + warnings }
}

/// Curves with their axes.
package struct LessonChart: Sendable {
  package struct Curve: Sendable {
    package var name: String
    package var x: [Double]
    package var y: [Double]
    package var ink: Colour
    package var isDotted: Bool
    /// Whether its points stand for themselves and no line joins them.
    package var isPoints: Bool

    package init(
      name: String, x: [Double], y: [Double], ink: Colour, isDotted: Bool, isPoints: Bool = false
    ) {
      self.isPoints = isPoints
      self.name = name
      self.x = x
      self.y = y
      self.ink = ink
      self.isDotted = isDotted
    }
  }

  package var title: String
  package var xTitle: String
  package var yTitle: String
  package var x: ClosedRange<Double>
  package var y: ClosedRange<Double>
  package var curves: [Curve]
  /// Places or stretches of the x axis with their names.
  package var marks: [(x: ClosedRange<Double>, name: String)]
  /// Whether the axis runs the other way, as the picture beside it does, and what lies at its two ends.
  package var flipsX = false
  package var ends: (low: String, high: String)?
  /// Names of the places 1, 2, 3 … of the x axis, where it is no quantity.
  package var xNames: [String] = []
  /// Whose curves they are, in which space and which way round.
  package var origin = ""

  package init(
    title: String, xTitle: String, yTitle: String, x: ClosedRange<Double>,
    y: ClosedRange<Double>, curves: [Curve], marks: [(x: ClosedRange<Double>, name: String)]
  ) {
    self.title = title
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.x = x
    self.y = y
    self.curves = curves
    self.marks = marks
  }
}
