package import Basics
import Imaging

/// A table of nuisance series, one row per frame, under fMRIPrep's column names.
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
  ///
  /// Column names of fMRIPrep 1.2 (`FramewiseDisplacement`, `RotX`) become today's.
  package init(tsv text: String, file: String) throws(Problem) {
    let table = try TextTable(text, file: file)
    let names = table.names.map(currentColumnName)
    guard Set(names).count == names.count else {
      throw Problem(.data, file, "a column name stands twice", expected: "names that differ")
    }
    var columns = [[Double]](repeating: [], count: names.count)
    for row in table.rows.indices {
      for c in names.indices { columns[c].append(try table.number(row, c, file: file)) }
    }
    self.names = names
    self.columns = columns
  }

  package func column(_ name: String) -> [Double]? {
    names.firstIndex(of: name).map { columns[$0] }
  }

  /// This table with another one's columns where it does not have them itself.
  package func merging(_ other: Confounds, file: String) throws(Problem) -> Confounds {
    guard !names.isEmpty else { return other }
    guard frameCount == other.frameCount else {
      throw Problem(
        .data, file, "it has \(other.frameCount) rows", expected: "\(frameCount), one per frame")
    }
    let extra = other.names.indices.filter { !names.contains(other.names[$0]) }
    return Confounds(
      names: names + extra.map { other.names[$0] },
      columns: columns + extra.map { other.columns[$0] }
    )
  }

  /// Refuses a table that does not belong to a run.
  package func requireRows(_ frames: Int, file: String) throws(Problem) {
    guard frameCount == frames else {
      throw Problem(
        .data, file, "it has \(frameCount) rows", expected: "\(frames), one per frame")
    }
  }

  /// The named columns, ready for the model.
  ///
  /// A derivative's first row is n/a by definition and counts as 0, a column without any number
  /// removes nothing and is named in the rank report; any other n/a is refused. Derivatives and
  /// squares that the table lacks are made from the column itself.
  package func selected(
    _ wanted: [String], frameCount: Int, file: String
  ) throws(Problem) -> [NuisanceColumn] {
    try requireRows(frameCount, file: file)
    var out: [NuisanceColumn] = []
    for name in wanted {
      guard var values = column(name) ?? derived(name) else {
        throw Problem(
          .data, file, "it has no column \(name)",
          expected: "one of \(names.prefix(8).joined(separator: ", "))"
            + (names.count > 8 ? ", …" : ""))
      }
      guard values.contains(where: \.isFinite) else {
        out.append(NuisanceColumn(name: name, values: values))
        continue
      }
      if let first = values.first, first.isNaN { values[0] = 0 }
      guard values.allSatisfy(\.isFinite) else {
        throw Problem(
          .data, file, "column \(name) has n/a after its first row", expected: "a number per frame")
      }
      out.append(NuisanceColumn(name: name, values: values))
    }
    return out
  }

  /// `x_derivative1`, `x_power2` and `x_derivative1_power2` of a column x: the backward difference
  /// with 0 in its first row, and squares.
  private func derived(_ name: String) -> [Double]? {
    if name.hasSuffix("_power2"),
      let base = column(String(name.dropLast(7))) ?? derived(String(name.dropLast(7)))
    {
      return base.map { $0 * $0 }
    }
    if name.hasSuffix("_derivative1"), let base = column(String(name.dropLast(12))) {
      return base.indices.map { $0 == 0 ? 0 : base[$0] - base[$0 - 1] }
    }
    return nil
  }

  /// How many first frames the table marks as not yet in a steady state.
  package var nonSteadyFrames: Int {
    var last = 0
    for (name, values) in zip(names, columns) where name.hasPrefix("non_steady_state_outlier") {
      if let at = values.lastIndex(where: { $0 > 0 }) { last = max(last, at + 1) }
    }
    return last
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

/// The name that today's fMRIPrep gives a column of version 1.2.
private func currentColumnName(_ name: String) -> String {
  let plain = [
    "CSF": "csf", "WhiteMatter": "white_matter", "GlobalSignal": "global_signal",
    "stdDVARS": "std_dvars", "non-stdDVARS": "dvars",
    "FramewiseDisplacement": "framewise_displacement", "X": "trans_x", "Y": "trans_y",
    "Z": "trans_z", "RotX": "rot_x", "RotY": "rot_y", "RotZ": "rot_z",
  ]
  if let now = plain[name] { return now }
  for (old, now) in [
    ("aCompCor", "a_comp_cor_"), ("tCompCor", "t_comp_cor_"), ("Cosine", "cosine"),
    ("NonSteadyStateOutlier", "non_steady_state_outlier"),
  ] where name.hasPrefix(old) {
    let rest = name.dropFirst(old.count)
    if !rest.isEmpty, rest.allSatisfy(\.isNumber) { return now + rest }
  }
  return name
}
