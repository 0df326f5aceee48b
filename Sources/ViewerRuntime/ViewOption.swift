package import Basics
import Imaging
package import Viewer

/// The option of `view` and `snapshot` that sets a field of the views.
package func viewOption(of field: String) -> String {
  ViewField.named(field)?.optionName ?? "--" + field
}

/// Sets the fields of the views that were given as options.
package func apply(
  _ given: [(name: String, text: String)], to state: inout ViewState
) throws(Problem) {
  for (name, text) in given {
    guard let field = ViewField.named(name) else { continue }
    guard field.set(&state, typed: text) else {
      throw Problem(
        .usage, viewOption(of: name), "\(visibleText(text, limit: 40)) cannot be meant",
        expected: field.expected)
    }
  }
}
