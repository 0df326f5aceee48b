package import Basics

/// Whose an object is, as hashes that tell two patients apart and name none.
package struct DICOMPatient: Sendable, Equatable {
  /// Hashes of number, name and date of birth; empty where the object has none.
  private let parts: [String]

  init(_ data: DICOMItem) {
    parts = [DICOMTag.patientID, .patientName, .patientBirthDate].map { tag in
      let text = (data.text(tag) ?? "").uppercased()
      let plain = text.split { $0 == " " || $0 == "^" }.joined(separator: " ")
      return plain.isEmpty ? "" : sha256(of: Array(plain.utf8))
    }
  }

  private init(parts: [String]) { self.parts = parts }

  /// Whether one of the three is stated by both and differs; what one of them leaves out says nothing.
  package func isAnother(than other: DICOMPatient) -> Bool {
    zip(parts, other.parts).contains { !$0.isEmpty && !$1.isEmpty && $0 != $1 }
  }

  /// Whether nothing that both state differs, and something is stated by both.
  package func isSame(as other: DICOMPatient) -> Bool {
    !isAnother(than: other) && zip(parts, other.parts).contains { !$0.isEmpty && !$1.isEmpty }
  }

  /// Whether the object names nobody.
  package var isNobody: Bool { parts.allSatisfy(\.isEmpty) }

  /// The same under a secret: names and dates are few enough to be guessed from a bare hash, so that only this may be
  /// kept, beside the secret and nowhere else.
  package func keyed(by secret: String) -> DICOMPatient {
    DICOMPatient(
      parts: parts.map { $0.isEmpty ? "" : sha256(of: Array((secret + $0).utf8)) })
  }

  package var json: JSON { .array(parts.map(JSON.string)) }

  package init?(_ json: JSON?) {
    guard let parts = json?.items?.compactMap(\.asString), parts.count == 3,
      parts.allSatisfy({ $0.isEmpty || $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) })
    else { return nil }
    self.init(parts: parts)
  }
}
