import Basics
import ImageFiles
import Imaging
import Reports
import Viewer

extension Saver {
  /// Curves as a table and as a drawing; neither replaces anything.
  func saveChart(_ asked: Request, _ chart: SavedChart, _ name: String) {
    let plot = lessonChart(chart.plot)
    enqueue(asked) { desk, post in
      guard
        !self.refused(
          post,
          { () throws(Problem) in
            try checkFolder(of: name)
            for ending in [".csv", ".svg"] {
              try AtomicFile.checkFree(name + ending, overwrite: false)
            }
          })
      else { return }
      self.attempt(&desk, "curve", post) { (_) throws(Problem) in
        try AtomicFile.write(name + ".csv", Array(plot.csv.utf8), overwrite: false)
        try AtomicFile.write(name + ".svg", Array((plot.svg + "\n").utf8), overwrite: false)
        post(.told("saved: \(fileName(name)).csv and \(fileName(name)).svg"))
      }
    }
  }
}
