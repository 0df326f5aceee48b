package import Basics
import ImageFiles
package import Records
import Study

/// What an import wrote and what it left out.
package enum ImportPage {
  package static func result(_ outcome: DICOMImport.Outcome) -> [(String, JSON)] {
    [
      (
        "images",
        .array(
          outcome.imported.map { one in
            .object([
              ("series", one.series.number.map(JSON.int) ?? .null), ("image", .string(one.image)),
              ("sidecar", .string(one.sidecar)), ("sha256", .string(one.sha256)),
            ])
          })
      ),
      ("skipped", .array(outcome.skipped.map { .string($0.sentence) })),
    ]
  }

  package static func text(_ outcome: DICOMImport.Outcome) -> String {
    outcome.imported.map { "\($0.series.words)  \($0.image)" }.joined(separator: "\n")
  }
}
