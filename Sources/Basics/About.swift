/// What every page of help, every picture and every export says.
package let researchUse =
  "For research and education. Not for diagnosis or treatment planning. Not a medical device."

/// The version that sidecars and records name.
package let boldspectVersion = "0.1.0"

/// The fewest people that a standard deviation is taken of, whatever is compared with them.
package let leastReferencePeople = 5
