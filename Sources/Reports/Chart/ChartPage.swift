import Basics

/// A table of a page: every cell is text as a person reads it.
package struct ChartTable: Sendable {
  package var caption: String
  package var columns: [String]
  package var rows: [[String]]
  /// Columns of words, which stand to the left.
  package var words: Set<Int>
  /// Rows that a reader must not miss.
  package var strong: Set<Int> = []
  /// What these rows are.
  package var strongWords: String?
  package var note: String?

  package init(
    _ caption: String, _ columns: [String], _ rows: [[String]], words: Set<Int> = [0],
    note: String? = nil
  ) {
    (self.caption, self.columns, self.rows) = (caption, columns, rows)
    (self.words, self.note) = (words, note)
  }
}

/// A picture of a page, and the same in words for who cannot see it.
package struct ChartFigure: Sendable {
  package var png: [UInt8]
  package var width: Int
  package var height: Int
  package var caption: String
}

/// One piece of a page.
package enum ChartBlock: Sendable {
  case paragraph(String)
  /// What a reader must know before all else.
  case warning(String)
  case list([String])
  case facts([(name: String, text: String)])
  case table(ChartTable)
  case figure(ChartFigure)
}

package struct ChartSection: Sendable {
  package var title: String
  package var blocks: [ChartBlock]

  package init(_ title: String, _ blocks: [ChartBlock]) {
    (self.title, self.blocks) = (title, blocks)
  }
}

/// A page for a person's record, before it is HTML or plain text: nothing in it is escaped yet.
package struct ChartPage: Sendable {
  package var title: String
  /// SIMULATED and the like, over everything.
  package var banner: String?
  package var sections: [ChartSection]

  package init(title: String, banner: String? = nil, sections: [ChartSection]) {
    (self.title, self.banner, self.sections) = (title, banner, sections)
  }

  /// Text of unknown origin as it may stand on the page: whole, with what shows nothing of itself made visible.
  static let textLimit = 4000
  static func safe(_ text: String) -> String { visibleText(text, limit: textLimit) }
}
