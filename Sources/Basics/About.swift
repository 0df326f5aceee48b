/// What every page of help, every picture and every export says.
package let researchUse =
  "For research and education. Not for diagnosis or treatment planning. Not a medical device."

/// The version that sidecars and records name.
package let boldspectVersion = "0.1.0"
