package import Basics
import Foundation
import ImageFiles

/// How the numbers of an image or a table came about, as far as a comparison needs it to be the same on both sides.
package struct ValueMaking: Equatable, Sendable {
  /// What was measured, such as `alff, divided by the mean of the brain mask`; nil where nothing says it.
  package var measure: String?
  /// How runs were cleaned, by the names of sidecars; empty for what was not made of a run.
  package var cleaning: [String: String]

  /// The members that decide about numbers; which frames were lost is a person's own.
  private static let deciding: [(key: String, words: String)] = [
    ("polort", "a drift polynomial of degree"), ("band_hz", "a band in hertz of"),
    ("high_pass_s", "a high-pass in seconds of"), ("confounds", "these confounds removed:"),
    ("global_signal_removed", "removal of the global signal:"),
    ("smoothing_fwhm_mm", "smoothing in mm of"), ("reference", "as 100 %:"),
  ]

  package init(measure: String?, cleaning: [(String, JSON)] = []) {
    self.measure = measure
    self.cleaning = [:]
    for (key, value) in cleaning where Self.deciding.contains(where: { $0.key == key }) {
      self.cleaning[key] = Self.plain(value)
    }
  }

  /// Numbers and lists as they compare: 4 and 4.0 are one number.
  private static func plain(_ value: JSON) -> String {
    switch value {
    case .int(let n): plainNumber(Double(n))
    case .number(let x): plainNumber(x)
    case .array(let items): items.map(plain).joined(separator: ", ")
    case .bool(let is1): is1 ? "yes" : "no"
    case .string(let text): text
    default: "none"
    }
  }

  /// What stands in the JSON beside an image or a table of several people; nil where that says nothing of it.
  package init?(besides path: String) {
    guard let group = Self.group(besides: path),
      case .object(let cleaning) = group["cleaning"] ?? .object([])
    else { return nil }
    self.init(measure: group["measure"]?.asString, cleaning: cleaning)
  }

  private static func group(besides path: String) -> JSON? {
    let json = path.hasSuffix(".tsv") ? path.dropLast(4) + ".json" : sidecarPath(path)[...]
    guard let text = try? readTextFile(String(json)), let whole = try? JSON.parse(text).value,
      let group = whole["group"], group.members != nil
    else { return nil }
    return group
  }

  /// How many people images of a group are of: what stands beside them wins over what was typed.
  ///
  /// - Parameter option: by which the number was typed.
  /// - Returns: what was typed where no image states it.
  /// - Throws: another number than the images state, and images that state two.
  package static func people(
    _ typed: Int?, option: String, besides paths: [String]
  ) throws(Problem) -> Int? {
    var stated: Int?
    var saying = ""
    for path in paths {
      guard case .int(let people) = group(besides: path)?["people"] ?? .null else { continue }
      guard stated == nil || stated == people else {
        throw Problem(
          .data, fileName(path), "it is of \(people) people, the image beside it of \(stated ?? 0)",
          expected: "mean and SD of one group")
      }
      (stated, saying) = (people, stated == nil ? path : saying)
    }
    guard let stated else { return typed }
    guard typed == nil || typed == stated else {
      throw Problem(
        .data, fileName(saying),
        "it is of \(stated) people by its sidecar, of \(typed ?? 0) by \(option)",
        expected: "the number that the sidecar states",
        remedy: "Leave \(option) away, or say \(stated)")
    }
    return stated
  }

  /// The member of a sidecar by which `init(besides:)` knows it again.
  package static func json(measure: String, people: Int, cleaning: [(String, JSON)]) -> (
    String, JSON
  ) {
    (
      "group",
      .object([
        ("measure", .string(measure)), ("people", .int(people)),
        (
          "cleaning",
          .object(cleaning.filter { known in deciding.contains { $0.key == known.0 } })
        ),
      ])
    )
  }

  /// In what another one differs, in words; nil where nothing that both state does.
  package func difference(from other: ValueMaking) -> String? {
    if let measure, let theirs = other.measure, measure != theirs {
      return "it is of \(visibleText(theirs)), not of \(visibleText(measure))"
    }
    for (key, words) in Self.deciding {
      guard let mine = cleaning[key], let theirs = other.cleaning[key], mine != theirs else {
        continue
      }
      func shown(_ text: String) -> String { text.isEmpty ? "none" : visibleText(text, limit: 80) }
      return "it was made with \(words) \(shown(theirs)), the person's values with \(shown(mine))"
    }
    return nil
  }

  /// Refuses a table of other people's numbers that were made another way.
  package func requireSame(as other: ValueMaking?, file: String) throws(Problem) {
    guard let other, let difference = difference(from: other) else { return }
    throw Problem(
      .data, file, difference, expected: "people who were cleaned as the person was",
      remedy: "Clean the person as they were, or make the group anew")
  }
}

extension StudyRules {
  /// Normals that were cleaned another way differ from the person by the cleaning.
  static let makingDiffers = StudyRule(code: "normals-made-otherwise", severity: .blocking) {
    file, study in
    guard file.role.isOfNormals, let own = study.making,
      let theirs = ValueMaking(besides: file.path),
      let difference = own.difference(from: theirs)
    else { return nil }
    return Problem(
      .data, file.name, difference, expected: "people who were cleaned as the person was",
      remedy: "Clean the person as they were, or make the group anew")
  }

  /// What a file does not say cannot be compared.
  static let makingUnsaid = StudyRule(code: "normals-making-unknown", severity: .warning) {
    file, study in
    guard file.role.isOfNormals, let own = study.making,
      // Scans of single people were made as they were measured; a mean and an SD were worked out of others.
      !own.cleaning.isEmpty || file.role == .referencePeople,
      ValueMaking(besides: file.path) == nil
    else { return nil }
    return Problem(
      .data, file.name,
      own.cleaning.isEmpty
        ? "nothing beside it says what its people's values are and how they were made: a difference may be the making's"
        : "nothing beside it says how its people were cleaned: a difference may be the cleaning's")
  }
}
