package import Basics
import Connectivity
package import ImageFiles
package import Imaging
import Study
import Workflows

/// A derived image and the JSON beside it that says what it was made of.
package struct Derived {
  package var command: String
  package var inputs: [Provenance]
  package var space: Space
  package var parameters: [(String, JSON)]
  package var findings: [Finding] = []
  /// Whether an input says of itself that it is no measurement: then neither is this.
  package var isSimulated: Bool
  /// The SIMULATED line of images that are no measurement.
  package var banner: String?
  /// What the values of the image are.
  package var meaning: ValueMeaning?
  /// What else stands in the sidecar.
  package var beside: [(String, JSON)] = []

  package init(
    command: String, inputs: [Provenance], space: Space,
    parameters: [(String, JSON)], findings: [Finding] = [], isSimulated: Bool,
    banner: String? = nil, meaning: ValueMeaning? = nil
  ) {
    self.command = command
    self.inputs = inputs
    self.space = space
    self.parameters = parameters
    self.findings = findings
    self.isSimulated = isSimulated
    self.banner = banner
    self.meaning = meaning
  }

  /// The sidecar's content: inputs by hash, not by name, because names may be a person's.
  package var json: JSON {
    .object(
      [
        ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
        ("command", .string(command)),
      ] + about + [
        ("inputs", inputsJSON(inputs)), ("parameters", .object(parameters)),
        ("findings", findingsJSON(findings)), ("notice", .string(researchUse)),
      ] + beside)
  }

  /// What the image is and in which space it lies.
  private var about: [(String, JSON)] {
    (banner.map { [("banner", JSON.string($0))] } ?? []) + [
      ("simulated", .bool(isSimulated || banner != nil)),
      ("space", .string(space.rawValue)), ("coordinates", .string("RAS+ mm")),
    ]
  }

  /// The same as a command answers it, where inputs and findings stand in the envelope.
  package var result: [(String, JSON)] { about + [("parameters", .object(parameters))] }

  /// The form code that says in which space the image lies, so that it is held as such when it is read again: 4 in
  /// MNI152, and of what is not there none that says so. Where sides are unknown no space makes them known.
  static func formCode(_ code: Int, in space: Space) -> Int {
    switch space {
    case .mni152: code == 0 ? 0 : 4
    case .native: code == 4 ? 2 : code
    }
  }

  /// Hashes of all that the inputs were made of in their turn, and of what they hold in whatever file.
  private static func ancestors(of inputs: [Provenance]) throws(Problem) -> Set<String> {
    var all = Set(inputs.compactMap(\.voxelsSHA256) + inputs.flatMap(\.lookalikes))
    for path in inputs.compactMap(\.path) {
      all.formUnion(try Lineage(ofFile: path).followed().hashes)
    }
    return all.subtracting(inputs.map(\.sha256))
  }

  /// What is told of the inputs: what holds for them by what they were made of, and that nobody decided about their
  /// sides.
  private static func told(of inputs: [Provenance]) throws(Problem) -> [Finding] {
    var out: [Finding] = []
    for input in inputs {
      guard let path = input.path else { continue }
      var lineage = Lineage(ofFile: path)
      lineage.add(lookalikes: input.lookalikes)
      out += lineage.inherited
      let hashes = [input.sha256, input.voxelsSHA256].compactMap { $0 }
      out += [
        SideLedger.finding(of: hashes, name: fileName(path))
          ?? SideLedger.finding(of: lineage, name: fileName(path))
      ].compactMap { $0 }
    }
    return out
  }

  /// What the image's own header says: as much as is known once its first frame is there.
  private func lineage(_ origin: [String]) throws(Problem) -> LineageExtension {
    LineageExtension(
      ancestors: try Self.ancestors(of: inputs).union(inputs.map(\.sha256)).union(origin).sorted(),
      findings: (findings + ownDoubts
        + inputs.compactMap(\.path).flatMap { Lineage(ofFile: $0).inherited })
        .filter { Lineage.isInherited($0) })
  }

  /// What holds for all that is made of it in turn, and needs no telling of itself.
  private var ownDoubts: [Finding] {
    guard command == "clean" else { return [] }
    let isGone = parameters.contains { $0.0 == "global_signal_removed" && $0.1 == .bool(true) }
    return [
      Finding(
        CleanedBefore.code, .warning, CleanedBefore.words(globalSignalIsGone: isGone))
    ]
  }

  /// At most 79 bytes for the image header.
  package var note: String {
    if let banner { return String(banner.prefix(60)) }
    return (isSimulated ? "SIMULATED " : "")
      + "boldspect \(boldspectVersion) \(command), research use"
  }

  /// Writes a volume and its sidecar.
  package func write(_ volume: Volume, formCode: Int, to output: ImageOutput) throws(Problem) {
    try write(
      ImageWriter.Content(grid: volume.grid, formCode: formCode, note: note), to: output
    ) { (_) throws(Problem) in volume.values }
  }

  /// Writes several volumes one after the other as one 4-D image, and its sidecar.
  ///
  /// - Parameter repetitionTimeSeconds: only for what follows a clock.
  package func write(
    _ count: Int, grid: Grid, formCode: Int, repetitionTimeSeconds: Double? = nil,
    to output: ImageOutput, progress: WorkProgress, frame: (Int) throws(Problem) -> [Float]
  ) throws(Problem) {
    try write(
      ImageWriter.Content(
        grid: grid, formCode: formCode, frameCount: count,
        repetitionTimeSeconds: repetitionTimeSeconds, note: note), to: output, progress: progress,
      frame: frame)
  }

  /// Writes an image and its sidecar as one save; the sidecar names the image by its hash.
  ///
  /// - Parameters:
  ///   - late: what is known only once the last frame was made, such as the hash of a file that was read on the way.
  ///   - origin: what such a file is known by as soon as its first frame was read.
  /// - Returns: this with what was late.
  @discardableResult
  package func write(
    _ content: ImageWriter.Content, to output: ImageOutput, progress: WorkProgress = .silent,
    origin: () throws(Problem) -> [String] = { () throws(Problem) in [] },
    late: () throws(Problem) -> (inputs: [Provenance], findings: [Finding]) = {
      () throws(Problem) in ([], [])
    },
    frame: (Int) throws(Problem) -> [Float]
  ) throws(Problem) -> Derived {
    try requireNoInput(
      [output.output, sidecarPath(output.output)], among: inputs.map(\.path))
    let set = FileSet(overwrite: output.force)
    let whole = try add(
      content, at: output.output, to: set, progress: progress, origin: origin, late: late,
      frame: frame)
    try set.commit(last: output.output)
    return whole
  }

  /// An image and its sidecar as two files of a set.
  ///
  /// - Returns: this with what was late.
  @discardableResult
  package func add(
    _ content: ImageWriter.Content, at path: String, to set: FileSet,
    progress: WorkProgress = .silent,
    origin: () throws(Problem) -> [String] = { () throws(Problem) in [] },
    late: () throws(Problem) -> (inputs: [Provenance], findings: [Finding]) = {
      () throws(Problem) in ([], [])
    },
    frame: (Int) throws(Problem) -> [Float]
  ) throws(Problem) -> Derived {
    var content = content
    content.formCode = Self.formCode(content.formCode, in: space)
    content.hasInventedPlace = content.formCode == 0
    content.meaning = content.meaning ?? meaning
    let hash = try ImageWriter.add(
      path, content, to: set, progress: progress,
      lineage: { () throws(Problem) in try lineage(try origin()) }, frame: frame)
    let more = try late()
    var whole = self
    whole.inputs = more.inputs + inputs
    whole.findings = more.findings + findings
    for told in try Self.told(of: whole.inputs)
    where !whole.findings.contains(where: { $0.code == told.code && $0.text == told.text }) {
      whole.findings.append(told)
    }
    let image = JSON.object([
      ("sha256", .string(hash)), ("compressed", .bool(path.hasSuffix(".gz"))),
    ])
    let about = whole.json.adding([
      ("ancestors", .array(try Self.ancestors(of: whole.inputs).sorted().map(JSON.string))),
      ("image", image),
    ])
    try set.add(sidecarPath(path), about.text + "\n")
    return whole
  }
}
