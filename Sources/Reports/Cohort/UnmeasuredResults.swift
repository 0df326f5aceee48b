import Basics
import ImageFiles
import Records

extension CohortFolder {
  /// Sidecars of a visit's results that say of themselves that they are no measurement, from the output folder.
  func unmeasuredSidecars(_ record: VisitRecord) throws(Problem) -> [String] {
    var out: [String] = []
    for output in record.outputs where output.role == "sidecar" {
      let text = try readTextFile(root + "/" + output.path)
      if let json = try? JSON.parse(text).value, json["simulated"] == .bool(true) {
        out.append(output.path)
      }
    }
    return out
  }
}
