package import Basics
import Imaging
package import Study
import Viewer
import Workflows

/// Reading the files.
extension Workshop {
  package static func load(
    _ options: StudyRequest, _ job: Job, _ saver: Saver
  ) -> (workshop: Workshop, problems: [Problem]) {
    var loader = SceneLoader(options, kept: saver.keptTransforms)
    loader.load(progress: job.progress) { early in
      job.post(.firstLook(early))
      if let hash = early.imageSHA256 { saver.open(imageSHA256: hash) }
    }
    loader.scene.lacksRun = !options.bold.isEmpty && loader.loadedRun == nil
    var made = Workshop(options)
    made.scene = loader.scene
    made.study = loader.study
    made.loadedRun = loader.loadedRun
    made.targetInputs = loader.targetInputs
    made.choice = loader.scene.choice
    made.prepared = loader.prepared
    made.sources = loader.sources
    made.second = loader.second
    made.networks = loader.networks
    made.targetInputs?.surroundings.networks = loader.networks
    made.anatomy = loader.anatomy
    made.transformWarnings =
      loader.transforms.warnings + loader.scene.sideNotes.compactMap(\.decision)
    made.spectFiles = loader.spectFiles
    made.proxies = loader.proxies
    made.reference = options.reference
    if let truth = LessonTruth(of: loader.scene, beside: options.bold.first) {
      job.post(.lessonTruth(truth))
    }
    job.post(.loaded(loader.scene))
    var material = SavingMaterial()
    material.space = loader.scene.space
    material.targetInputs = loader.targetInputs?.hashes
    material.findings = loader.scene.findings
    material.spects = loader.spectFiles
    material.fixed = try? made.fixedImage()
    saver.take(material, imageSHA256: loader.scene.imageSHA256)
    return (made, loader.problems)
  }
}
