import Basics
import Connectivity
import ImageFiles
import Records
import Reports
import Study
import Targeting
import Viewer
import Workflows

extension Workshop {
  /// A page of what is on the screen: its cleaning, its reference, its seed, and where its images lie now.
  func writeReport(
    _ seed: Seed?, _ settings: TargetProtocol, _ marks: [TargetRecord], _ name: String, _ job: Job
  ) throws(Problem) {
    let files = ReportFiles(name, overwrite: false)
    try files.check()
    try requireNoInput(files.paths, among: study.files.map(\.path))
    var source = try ReportSource(
      self, spects: job.request.shown.spects, marks: marks, progress: job.progress)
    source.seed = seed ?? source.seed
    let wish = try ReportWish(settings)
    let results = try ReportResults(source, wish, progress: job.progress)
    try files.write(ChartReport(results, maker: .own), progress: job.progress)
    job.post(.told(savedWords(files.paths)))
  }
}
