/// What the right pane shows and which pane the keys speak of.
package struct PanesState: Sendable {
  package var right = RightPane.measured(0)
  package var rightHasFocus = false
}
