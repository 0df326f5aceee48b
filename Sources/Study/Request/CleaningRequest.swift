package import Basics
package import Connectivity

/// Which frequencies are kept, and whether the global signal is.
package struct FrequencyRequest: Sendable {
  package var band: BandChoice?
  package var polort = 2
  /// Periods of so many seconds and longer go.
  package var highPass: Double?
  package var gsr: Bool?

  /// Whether frequencies are looked at, so that the repetition time must be known.
  package var needsTime: Bool { (band ?? BandChoice(0.01...0.1)).band != nil || highPass != nil }

  package init(band: BandChoice? = nil, polort: Int = 2, highPass: Double? = nil, gsr: Bool? = nil)
  {
    self.band = band
    self.polort = polort
    self.highPass = highPass
    self.gsr = gsr
  }

  package func apply(to choice: inout CleaningChoice) throws(Problem) {
    guard (0...10).contains(polort) else {
      throw Problem(.usage, "--polort", "\(polort) is no useful degree", expected: "0 to 10")
    }
    if let highPass, !(highPass > 1 && highPass <= 10_000) {
      throw Problem(
        .usage, "--high-pass", "\(plainNumber(highPass)) s is no useful period",
        expected: "1 to 10000 s")
    }
    choice.polort = polort
    if let band {
      choice.bandHertz = band.band
      choice.bandIsChosen = true
    }
    choice.highPassHertz = highPass.map { 1 / $0 }
    choice.removesGlobalSignal = gsr
  }
}

/// Which frequencies are kept and how smooth the result is.
package struct CleaningRequest: Sendable {
  package var frequencies = FrequencyRequest()
  package var fwhm = 0.0

  package init(frequencies: FrequencyRequest = FrequencyRequest(), fwhm: Double = 0.0) {
    self.frequencies = frequencies
    self.fwhm = fwhm
  }

  package func apply(to choice: inout CleaningChoice) throws(Problem) {
    try checkFWHM(fwhm, "--smooth")
    try frequencies.apply(to: &choice)
    choice.smoothingFWHM = fwhm
  }
}

/// A frequency band as LO,HI in hertz, or `none`.
package struct BandChoice: Equatable, Sendable {
  package var band: ClosedRange<Double>?

  package init?(typed argument: String) {
    if argument.lowercased() == "none" { return }
    guard let n = numberList(argument), n.count == 2, n[0] >= 0, n[1] > n[0] else { return nil }
    band = n[0]...n[1]
  }

  package init(_ band: ClosedRange<Double>?) { self.band = band }
}

extension BandChoice: CustomStringConvertible {
  package var description: String {
    band.map { "\(plainNumber($0.lowerBound)),\(plainNumber($0.upperBound))" } ?? "none"
  }
}

/// A blur between nothing and a whole head.
package func checkFWHM(_ fwhm: Double, _ option: String) throws(Problem) {
  guard fwhm.isFinite, fwhm >= 0, fwhm <= 100 else {
    throw Problem(
      .usage, option, "\(plainNumber(fwhm)) mm is no useful width", expected: "0 to 100 mm")
  }
}
