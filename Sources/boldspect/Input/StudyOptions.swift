import ArgumentParser
import Basics
import Study
import ViewerRuntime

/// Which people a command is about, and where what is kept of them lies.
struct StudyOptions: ParsableArguments {
  @Argument(help: "A folder, a file of a person, or a sub- label in the folder where you are.")
  var folder = "."
  @Flag(help: "Records are kept in the study, under derivatives/boldspect.")
  var keepInStudy = false

  var library: StudyLibrary { StudyLibrary(keepsInStudy: keepInStudy) }

  func place() throws(Problem) -> StudyPlace { try StudyPlace(folder) }
}
