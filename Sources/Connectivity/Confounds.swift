package import Imaging

/// A table of nuisance series, one row per frame, as fMRIPrep writes it (tab-separated, "n/a").
package struct Confounds: Sendable, Equatable {
  package let names: [String]
  /// One array per name, one number per frame; NaN where the table says n/a.
  package let columns: [[Double]]
  package var frameCount: Int { columns.first?.count ?? 0 }

  package init(names: [String], columns: [[Double]]) {
    self.names = names
    self.columns = columns
  }

  /// Reads the text of a tab-separated table with a header line.
  package init(tsv text: String, file: String) throws(Problem) {
    var lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard let head = lines.first else {
      throw Problem(
        .data, file, "it is empty", expected: "a tab-separated table with a header line")
    }
    lines.removeFirst()
    let names = head.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard Set(names).count == names.count else {
      throw Problem(.data, file, "a column name stands twice", expected: "names that differ")
    }
    var columns = [[Double]](repeating: [], count: names.count)
    for (row, line) in lines.enumerated() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard cells.count == names.count else {
        throw Problem(
          .data, file, "row \(row + 1) has \(cells.count) cells", expected: "\(names.count)")
      }
      for (c, cell) in cells.enumerated() {
        if let number = Double(cell) {
          columns[c].append(number)
        } else if ["n/a", "nan", "NaN", ""].contains(String(cell)) {
          columns[c].append(.nan)
        } else {
          throw Problem(
            .data, file, "row \(row + 1) of column \(names[c]) is no number",
            expected: "a number or n/a")
        }
      }
    }
    self.names = names
    self.columns = columns
  }

  /// The named columns, ready for the model.
  ///
  /// A derivative's first row is n/a by definition and counts as 0; any other n/a is refused.
  package func selected(
    _ wanted: [String], frameCount: Int, file: String
  ) throws(Problem) -> [NuisanceColumn] {
    guard self.frameCount == frameCount else {
      throw Problem(
        .data, file, "it has \(self.frameCount) rows", expected: "\(frameCount), one per frame")
    }
    var out: [NuisanceColumn] = []
    for name in wanted {
      guard let at = names.firstIndex(of: name) else {
        throw Problem(
          .data, file, "it has no column \(name)",
          expected: "one of \(names.prefix(8).joined(separator: ", "))"
            + (names.count > 8 ? ", …" : ""))
      }
      var values = columns[at]
      if let first = values.first, first.isNaN { values[0] = 0 }
      guard values.allSatisfy(\.isFinite) else {
        throw Problem(
          .data, file, "column \(name) has n/a after its first row", expected: "a number per frame")
      }
      out.append(NuisanceColumn(name: name, values: values))
    }
    return out
  }
}

/// One series to be projected out.
package struct NuisanceColumn: Sendable, Equatable {
  package var name: String
  /// One number per frame of the whole run.
  package var values: [Double]

  package init(name: String, values: [Double]) {
    self.name = name
    self.values = values
  }

  /// Whether this is a motion parameter, by the names of fMRIPrep and its kin.
  package var isMotion: Bool {
    let n = name.lowercased()
    return ["trans_", "rot_", "motion", "mot_", "realign"].contains { n.hasPrefix($0) }
  }
}
