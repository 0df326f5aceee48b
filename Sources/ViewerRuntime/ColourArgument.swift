/// How many colours to use.
package enum ColourArgument: String, Sendable, CaseIterable {
  case auto
  case direct = "24bit"
  case indexed = "256"
  case sixteen = "16"
  case none
}
