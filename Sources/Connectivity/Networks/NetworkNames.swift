/// Published names for label maps that come without a table.
package enum NetworkNames {
  /// Yeo 2011, seven networks.
  package static let yeo7: [Int32: String] = [
    1: "Visual", 2: "Somatomotor", 3: "Dorsal Attention", 4: "Ventral Attention", 5: "Limbic",
    6: "Frontoparietal", 7: "Default",
  ]
}
