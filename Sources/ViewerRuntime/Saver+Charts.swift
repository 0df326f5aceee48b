import Basics
import ImageFiles
import Imaging
import Reports
import Viewer

extension Saver {
  /// Curves as a table and as a drawing; neither replaces anything.
  func saveChart(_ asked: Request, _ chart: SavedChart, _ name: String) {
    let plot = lessonChart(chart.plot, of: chart.origin)
    enqueue(asked) { desk, post in
      guard !self.isTaken([name + ".csv", name + ".svg"], post) else { return }
      self.attempt(&desk, "curve \(name)", post) { (_) throws(Problem) in
        let set = FileSet(overwrite: false)
        try set.add(name + ".csv", plot.csv)
        try set.add(name + ".svg", plot.svg + "\n")
        try set.commit(last: name + ".svg")
        post(.told(savedWords([name + ".csv", name + ".svg"])))
      }
    }
  }
}
