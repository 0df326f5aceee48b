import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// The second session's map and the change by its error.
func receiveChange(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .change(let change, let second, let ratio, let networks):
    model.shell.progress = nil
    model.change.networks = networks
    model.change.result = change
    model.change.second = second
    model.change.ratio = ratio
    if let warning = change.warnings.first {
      model.notice = Notice(text: warning, isError: false)
    }
    return []
  default: return []
  }
}
