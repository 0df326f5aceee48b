import Basics
import ImageFiles
import Imaging
import Records
import Study
import Targeting
import Viewer
import Workflows

/// Targets, and the coil over one of them.
extension Workshop {
  mutating func carryOutTargets(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .findTargets(let settings): try search(settings, job)
    case .planCoil(let record): job.post(.coil(record.point, planCoil(record, job)))
    case .loadTargets(let path):
      let records = try TargetFiles.load(path)
      for record in records where record.space != scene.space {
        throw Problem(
          .data, fileName(path),
          "target \(record.name) is in \(record.space.rawValue) space, this image in "
            + "\(scene.space.rawValue)", expected: "one space")
      }
      job.post(.loadedTargets(records))
    default: break
    }
    return .done
  }

  /// Candidates at once, and how far they can be trusted when that is known.
  private mutating func search(_ settings: TargetProtocol, _ job: Job) throws(Problem) {
    guard let inputs = targetInputs, !scene.sideNotes.contains(where: \.isBlocking) else {
      throw Problem(.data, scene.title, scene.targetsRefusal ?? "no BOLD run is loaded")
    }
    let series: TargetSeries
    if let targetSeries, targetSeries.smoothingFWHM == settings.smoothingFWHM {
      series = targetSeries
    } else {
      job.progress.report("cleaning", 0)
      series = try TargetSeries(
        prepared, smoothingFWHM: settings.smoothingFWHM, progress: job.progress)
      targetSeries = series
    }
    var early = try preliminaryTargets(
      in: series, settings: settings, inputs.surroundings, progress: job.progress)
    early.moreWarnings = transformWarnings + personWarnings(study.findings)
    job.post(.targets(early))
    job.post(.targets(try confirmedTargets(early, in: series, progress: job.progress)))
  }

  private func planCoil(_ record: TargetRecord, _ job: Job) -> CoilOutlook {
    guard let anatomy else {
      return .none("no coil is drawn: start with --anat and the T1 of the whole head")
    }
    do throws(Problem) {
      // What lies over each other on the screen is taken as one world.
      let way = try wayToAnatomy(record, anatomy, transform: nil, isSameWorld: true)
      let found = try coilPlan(
        for: record, way: way, anatomy: anatomy, handleDegrees: 45, coilDistance: 4,
        progress: job.progress)
      return .plan(found.plan, found.warnings)
    } catch {
      return .none("no coil is drawn: \(error.sentence)")
    }
  }
}
