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
    var loader = SceneLoader(options, kept: saver.keptTransforms, remarks: saver.keptRemarks)
    loader.load(progress: job.progress) { early in
      job.post(.firstLook(early))
      if let hash = early.imageSHA256 { saver.open(imageSHA256: hash) }
    }
    let hadRun = !options.bold.isEmpty || options.told.contains { $0.code == Finding.absentRun }
    loader.scene.lacksRun = hadRun && loader.loadedRun == nil
    var made = Workshop(loader)
    made.keepsSides = saver.keepsMarks
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

  /// What a loader read.
  package init(_ loader: SceneLoader) {
    self.init(loader.options)
    scene = loader.scene
    study = loader.study
    loadedRun = loader.loadedRun
    targetInputs = loader.targetInputs
    choice = loader.scene.choice
    prepared = loader.runs.prepared
    sources = loader.runs.sources
    second = loader.second
    networks = loader.networks
    targetInputs?.surroundings.networks = loader.networks
    anatomy = loader.anatomy
    transformWarnings =
      loader.transforms.warnings + loader.scene.sideNotes.compactMap(\.decision)
    spectFiles = loader.spectFiles
    proxies = loader.proxies
    reference = options.reference
    otherInputs = loader.runs.confoundInputs + loader.transforms.inputs
  }
}
