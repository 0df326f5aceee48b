package import Basics
import ImageFiles
import Records
package import Study

/// The maps of a quantification that are to be written.
package struct PerfusionOutputs {
  private let percent: ImageOutput?
  private let asymmetry: ImageOutput?
  private let z: ImageOutput?

  package init(percent: String?, asymmetry: String?, z: String?, force: Bool) {
    func output(_ path: String?) -> ImageOutput? {
      path.map { ImageOutput(output: $0, force: force) }
    }
    (self.percent, self.asymmetry, self.z) = (output(percent), output(asymmetry), output(z))
  }

  /// Refuses before the work what would be refused after it.
  package func check(inputs: [String?]) throws(Problem) {
    try checkTogether([percent, asymmetry, z].compactMap { $0 }, inputs: inputs)
  }

  package func write(
    _ page: PerfusionPage, of loaded: LoadedPerfusion, isSimulated: Bool
  ) throws(Problem) {
    for (output, map) in [
      (percent, page.percentMap), (asymmetry, page.asymmetryMap), (z, page.zMap),
    ] {
      guard let output, let map else { continue }
      let derived = Derived(
        command: "perfusion", inputs: loaded.inputs, space: loaded.space,
        parameters: [("value", .string(map.words))] + page.parameters, findings: loaded.findings,
        isSimulated: isSimulated, meaning: map.meaning)
      try derived.write(map.volume, formCode: loaded.description.formCode, to: output)
    }
  }
}
