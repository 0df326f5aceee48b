package import Basics
import ImageFiles
import Study

/// What one image file says of itself.
package struct HeaderAnswer {
  private let description: ImageDescription
  private let path: String
  private let findings: [Finding]

  package init(_ file: String) throws(Problem) {
    path = file
    description = try ImageReader.identify(file)
    let told = SideLedger.finding(of: description)
    findings = description.findings + [told].compactMap { $0 }
  }

  package static func answer(_ pages: [HeaderAnswer]) -> CommandAnswer {
    CommandAnswer(
      "info", inputs: pages.map { Provenance("image", $0.description) },
      findings: pages.flatMap { page in page.findings.map { $0.of(page.description.name) } },
      result: several(pages.map { (typedPath($0.path), headerResult($0.description.header)) }))
  }

  package static func text(_ pages: [HeaderAnswer]) -> String {
    if pages.count == 1, let only = pages.first { return headerText(only.description.header) }
    return pages.map {
      visibleText(typedPath($0.path), limit: 4096) + "\n" + headerText($0.description.header)
    }.joined(separator: "\n\n")
  }
}
