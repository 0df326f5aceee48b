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

  /// Whether one of the three is stated by both and differs; what one of them leaves out says nothing.
  package func isAnother(than other: DICOMPatient) -> Bool {
    zip(parts, other.parts).contains { !$0.isEmpty && !$1.isEmpty && $0 != $1 }
  }
}
