package import Basics
import Foundation
import Imaging

/// Which tissue each component of a confounds table is of, as fMRIPrep writes it into the JSON beside
/// the table.
package struct ComponentOrigins: Sendable {
  private var masks: [String: String] = [:]

  /// - Throws: text that is no JSON object.
  package init(json text: String, file: String) throws(Problem) {
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    else {
      throw Problem(.data, file, "it is no JSON object", expected: "what fMRIPrep writes there")
    }
    for (name, value) in object {
      guard let entry = value as? [String: Any], let mask = entry["Mask"] as? String else {
        continue
      }
      if (entry["Retained"] as? Bool) == false { continue }
      masks[name] = mask
    }
  }

  /// Names of the anatomical components of one mask, "WM", "CSF" or "combined", in order.
  func names(ofMask mask: String) -> [String] {
    masks.filter { $0.value == mask && $0.key.hasPrefix("a_comp_cor") }.keys.sorted()
  }
}
