package import Basics
package import Connectivity
package import Imaging

/// A run with what is removed from it.
package struct PreparedRun: Sendable {
  package var run: Run
  package var denoising: Denoising
  package var quality: RunQuality

  package init(run: Run, denoising: Denoising, quality: RunQuality) {
    self.run = run
    self.denoising = denoising
    self.quality = quality
  }

  /// Decides what is removed from a run by what a person chose and what its files hold.
  package init(
    _ run: Run, choice: CleaningChoice, sources: ConfoundSources, progress: WorkProgress = .silent
  ) throws(Problem) {
    if let table = sources.table { try table.requireRows(run.frameCount, file: sources.name) }
    // DVARS costs a pass over the run: only a rule that needs it pays for it.
    let needsSignal =
      choice.censoring.standardisedDVARS != nil && sources.table?.column("std_dvars") == nil
    let quality = RunQuality(
      sources.table, needsSignal ? try run.signalQuality(progress: progress) : nil)
    self.init(
      run: run, denoising: try choice.denoising(of: run, sources, quality: quality),
      quality: quality)
  }

  package func cleaned(
    frames: Range<Int>? = nil, progress: WorkProgress = .silent
  ) throws(Problem) -> ReducedSeries {
    try ReducedSeries(run, denoising, frames: frames, progress: progress)
  }
}

/// Several runs of one person cleaned, each by its own projection, and put one after the other.
package func clean(
  _ runs: [PreparedRun], progress: WorkProgress = .silent
) throws(Problem) -> ReducedSeries {
  var parts: [ReducedSeries] = []
  for run in runs { parts.append(try run.cleaned(progress: progress)) }
  return try ReducedSeries.joined(parts)
}

/// The confounds of a run from its table and, where tissue maps are given, from the run itself.
///
/// Means and components of the tissues stand beside the table's columns and never replace them.
package func confoundSources(
  _ run: Run, table: Confounds?, name: String, components: ComponentOrigins?,
  whiteMatter: Volume?, csf: Volume?
) throws(Problem) -> ConfoundSources {
  var whole = table
  if whiteMatter != nil || csf != nil {
    func tissue(_ map: Volume?, _ name: String) throws(Problem) -> Tissue? {
      guard let map else { return nil }
      let isWhole = map.values.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
      let found = try tissueProbability(map, isIntegerCoded: isWhole, fileName: name).probability
      return try Tissue(
        found.grid.matches(run.grid) ? found : found.resampled(to: run.grid, .linear), name: name)
    }
    let computed = try run.computedConfounds(
      whiteMatter: try tissue(whiteMatter, "--wm"), csf: try tissue(csf, "--csf"))
    whole = try (table ?? Confounds(names: [], columns: [])).merging(computed, file: name)
  }
  return ConfoundSources(table: whole, name: name, components: components)
}
