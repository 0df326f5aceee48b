import ArgumentParser
import Basics
import Foundation
import ImageFiles
import Records

extension ImageHeader.Form: ExpressibleByArgument {
  public init?(argument: String) {
    guard argument == "sform" || argument == "qform" else { return nil }
    self.init(rawValue: argument)
  }

  public static var allValueStrings: [String] { ["sform", "qform"] }
}

/// A person's decision about images whose header says not to use its geometry.
struct TrustOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of images with form code 0 take the sform or qform all the same; told with every result.",
      valueName: "sform|qform"))
  var trust: ImageHeader.Form?
  @Option(help: ArgumentHelp("Why that geometry is right, in words.", valueName: "reason"))
  var trustReason: String?

  func validate() throws {
    guard let trust else {
      guard trustReason == nil else {
        throw ValidationError("--trust-reason stands alone; it belongs to --trust.")
      }
      return
    }
    do throws(Problem) {
      TrustedForm.use(
        try TrustedForm(
          form: trust, reason: trustReason ?? "", rater: NSUserName(), time: utcNow()))
    } catch {
      throw ValidationError("--trust needs --trust-reason, in words of at least 8 letters.")
    }
  }
}
