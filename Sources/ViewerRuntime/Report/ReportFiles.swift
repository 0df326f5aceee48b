package import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Perfusion
import Records
package import Reports
import Study
package import Targeting
package import Viewer
package import Workflows

extension ReportSource {
  /// What was loaded, as it lies on the screen.
  ///
  /// - Parameters:
  ///   - spects: the measured images where they lie now, with what they are in per cent of.
  ///   - marks: places that a person marked.
  package init(
    _ workshop: Workshop, spects: [NamedSPECT], marks: [TargetRecord] = [],
    progress: WorkProgress = .silent
  ) throws(Problem) {
    self.init()
    let scene = workshop.scene
    (title, space, template) = (scene.title, scene.space, scene.template)
    (laterality, sideRule, unmeasured) = (scene.laterality, scene.sideRule, scene.unmeasuredWord)
    (findings, self.marks) = (scene.findings, marks)
    (problems, (subject, session)) = (scene.problems.map(\.sentence), workshop.study.whose)
    (listed, uncompared) = (workshop.options.listed, workshop.study.uncomparedSides)
    files =
      workshop.study.files.map { ReportFile($0) }
      + workshop.otherInputs.map { input in
        ReportFile(
          role: input.role, name: input.path.map(fileName) ?? "kept by the program",
          sha256: input.sha256, path: input.path, isOfPerson: input.path != nil)
      }
    takeSides(of: scene)
    defer {
      // A file may have two parts in it: grey matter for targets and for a proxy.
      var seen: Set<String> = []
      files = files.filter { seen.insert($0.role + $0.sha256).inserted }
    }
    try take(scans: spects, of: workshop, progress: progress)
    guard let loaded = workshop.loadedRun, !workshop.prepared.isEmpty else {
      brain = scene.mask
      return
    }
    (run, prepared, brain) = (loaded, workshop.prepared, loaded.run.mask)
    anatomy = workshop.anatomy?.volume
    (cleaned, native, targetSeries) = (workshop.cleaned, workshop.native, workshop.targetSeries)
    (surroundings, targetsRefusal) = (workshop.targetInputs?.surroundings, scene.targetsRefusal)
    (transforms, transformWarnings) = (workshop.study.transforms, workshop.transformWarnings)
    if let networks = workshop.networks {
      parcels =
        scene.atlas?.parcels(in: loaded.run.mask, networks: networks)
        ?? networks.pieces(in: loaded.run.mask)
      try take(norms: workshop.options.norms, besides: loaded.description.path)
      if let names = workshop.options.network.names, names.lowercased() != "yeo7" {
        try add("network names", names)
      }
    }
    // As the command `losses` takes it: blood flow, tissue, and mean BOLD only where neither can be had.
    proxy = workshop.proxies[scene.usualProxy] ?? .meanBOLD
    confoundsChosen = workshop.choice.confoundWords
    seed = if let first = scene.initialSeed { first } else { try usualSeed(workshop, loaded) }
    if let second = workshop.second, let run = second.first, let sources = second.sources.first {
      other = (
        run.description.name, run,
        try PreparedRun(run.run, choice: workshop.choice, sources: sources, progress: progress),
        false
      )
      files += second.confoundInputs.map { input in
        ReportFile(
          role: "confounds of the other visit", name: input.path.map(fileName) ?? "–",
          sha256: input.sha256, path: input.path)
      }
    }
  }

  private mutating func add(_ role: String, _ path: String) throws(Problem) {
    let input = try Provenance(role, file: path)
    files.append(
      ReportFile(
        role: role, name: fileName(path), sha256: input.sha256, path: path, isOfPerson: false))
  }

  private mutating func take(norms request: NormsRequest, besides person: String) throws(Problem) {
    (norms, covariates) = (try request.table(), try request.own())
    guard let path = request.norms else { return }
    try add("norms", path)
    do throws(Problem) {
      try request.require(norms, toFit: prepared, ofPersonAt: person)
    } catch { normsRefusal = error.sentence }
    normsDoubt = request.doubt?.text
  }

  private mutating func takeSides(of scene: Scene) {
    sidesBlock =
      scene.sideNotes.first(where: \.isBlocking)?.words
      ?? findings.first { $0.code == "sides-mirrored" && $0.severity == .blocking }?.text
    let told = findings.filter(\.isOfDecidedSides)
    for words in scene.sideNotes.compactMap(\.decision) + told.map(\.text)
    where !sideDecisions.contains(words) { sideDecisions.append(words) }
  }

  private func usualSeed(_ workshop: Workshop, _ loaded: LoadedRun) throws(Problem) -> Seed? {
    guard space == .mni152, laterality == .known else { return nil }
    var inputs: [Provenance] = []
    var context = SeedContext(workshop.study, grid: loaded.run.grid, atlas: workshop.scene.atlas)
    return try parseSeed("PCC", &context, inputs: &inputs)
  }

  private mutating func take(
    scans spects: [NamedSPECT], of workshop: Workshop, progress: WorkProgress
  ) throws(Problem) {
    var shown = workshop.scene
    shown.spects = spects
    let references = workshop.references
    for (n, spect) in spects.enumerated() where workshop.spectFiles.indices.contains(n) {
      do throws(Problem) {
        try requireKnownSides(
          workshop.spectFiles[n].description, for: "a quantification by sides and places")
        guard var request = try references.request(n, at: spect.sceneFromFile, of: shown) else {
          continue
        }
        request.reference = workshop.reference.map { PerfusionReference($0) }
        // One that is in MNI space beside a native run has the regions that the command gives it.
        if request.space == .mni152, request.atlas == nil {
          request.atlas = try AtlasFiles.standard()
        }
        let normals = try references.normalImages(for: n, progress: progress)
        normalsImages.append(normals?.images)
        findings += (normals?.findings ?? []).filter { !findings.contains($0) }
        files += (normals?.inputs ?? []).map { input in
          var file = ReportFile(
            role: input.role, name: input.path.map(fileName) ?? "–", sha256: input.sha256,
            path: input.path, isOfPerson: false)
          file.person = "other people"
          return file
        }
        scans.append(
          ReportScan(
            name: spect.name, sha256: workshop.spectFiles[n].description.sha256, request: request,
            isSimulated: spect.isSimulated || spect.isSyntheticPerson
              || normals?.isSimulated == true,
            placement: spect.measured.placement.words,
            isInWorld: spect.measured.placement != .asStored, role: spect.role,
            laid: workshop.laid(n, spect)))
      } catch {
        if error == .cancelled { throw error }
        problems.append(error.sentence)
      }
    }
  }
}

/// A report as files.
package struct ReportFiles {
  private let html: String
  private let text: String
  private let pdf: String?
  private let overwrite: Bool
  package var paths: [String] { [html, text] + [pdf].compactMap { $0 } }

  /// - Parameter typed: with or without .html.
  package init(_ typed: String, pdf: String? = nil, overwrite: Bool) {
    let stem = typed.hasSuffix(".html") ? String(typed.dropLast(5)) : typed
    (html, text) = (stem + ".html", stem + ".txt")
    (self.pdf, self.overwrite) = (pdf, overwrite)
  }

  /// Refuses early what would be refused at the end of long work.
  package func check() throws(Problem) {
    guard html != "-.html" else {
      throw Problem(
        .usage, "-o", "a report is a page and its text: two files that are no stream",
        expected: "a file name",
        remedy: "`report --json` writes every number to standard output")
    }
    if pdf != nil { _ = try ChartPDF.printer() }
    for path in paths {
      try checkFolder(of: path)
      try AtomicFile.checkFree(path, overwrite: overwrite)
    }
  }

  /// All as one save.
  package func write(_ report: ChartReport, progress: WorkProgress) throws(Problem) {
    let page = try report.page(progress: progress)
    let html = page.html
    let set = FileSet(overwrite: overwrite)
    try set.add(text, page.text)
    try set.add(self.html, html)
    if let pdf {
      progress.report("PDF", 0.95)
      let bytes = try ChartPDF.bytes(
        ofHTML: html, by: try ChartPDF.printer(), progress: progress)
      try set.add(pdf) { (put) throws(Problem) in try put(bytes) }
    }
    try set.commit(last: self.html)
  }
}
