import Basics
import CellUI
import Foundation
import ImageFiles
import Imaging
import Study
import Targeting
import Viewer
import ViewerRuntime
import Workflows

/// Places of a person's own words: seeds, sites, millimetres.
private func tryPlaces(_ word: String) {
  attempt { () throws(Problem) in
    let p = try landmark(word)
    require(p.x.isFinite && p.y.isFinite && p.z.isFinite, "a place that is no number")
  }
  attempt { () throws(Problem) in _ = try SpherePlace(typed: word) }
  if let numbers = numberList(word) {
    require(numbers.allSatisfy(\.isFinite), "a list with what is no number")
    for n in numbers {
      // What is printed is taken back.
      let printed = plainNumber(n)
      require(Double(printed) != nil, "\(printed) is not read back")
      _ = fixed(n, 3, signed: true)
    }
  }
  _ = Sites.seed(named: word)
  _ = seedFiles(word)
  let same = seed(word, withPaths: { $0 })
  require(seedFiles(same) == seedFiles(word), "a seed that changes by being said again")
}

private func tryNames(_ word: String) {
  let name = EntityName(word)
  _ = name.space
  _ = name.isImage
  _ = name.subject
  _ = name.session
  require(name.agrees(with: EntityName(word), in: EntityName.Key.allCases), "a name unlike itself")
  _ = BIDSWords(word)
  _ = subjectLabel(ofPath: word)
  _ = perfusionRole(ofFileNamed: word)
  _ = space(ofFileNamed: word, formCode: 4, stated: nil)
  _ = otherSpace(ofFileNamed: word)
  _ = contradiction(ofFileNamed: word, formCode: 1)
  _ = fileName(word)
  _ = sidecarPath(word)
  requirePlain(plainName(word), "a plain name")
  require(comesBefore(word, word) == false, "a name that comes before itself")
}

private func trySettings(_ word: String) {
  if let band = BandChoice(typed: word) {
    require(
      BandChoice(typed: band.description) != nil || band.band != nil, "a band that is not read back"
    )
  }
  _ = Palette(typed: word)
  _ = OverlayColours(typed: word)
  _ = CohortVisit.taskLabel(word)
  attempt { () throws(Problem) in _ = try StudyPlace(word) }
  for field in ViewField.all {
    var state = ViewState()
    guard field.set(&state, typed: word) else { continue }
    // What was set is written, and read as the same.
    let written = field.write(state)
    var again = ViewState()
    require(field.read(&again, written), "\(field.name) is not read back from \(written.text)")
    require(field.write(again) == written, "\(field.name) changes from \(written.text)")
  }
}

let argumentTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "places", most: 512,
    words: ["box:", "label:", "weights:", " + ", ",r=", "F3@", "PCC", "sgACC", "−", "1e308"],
    seeds: FuzzTarget.texts(
      "PCC", "-44,30,30", "1,2,3,6", "1,2,3,r=40", "box:1,2,3,4,5,6", "PCC + a.nii#3", "F3@okamoto",
      "weights:/a/b.nii")
  ) { (bytes) throws(Problem) in tryPlaces(text(bytes)) },
  FuzzTarget(
    name: "names", most: 512,
    words: [
      "sub-", "ses-", "task-", "run-", "space-", "_bold.nii.gz", "desc-", "_T1w",
      "MNI152NLin2009cAsym",
    ],
    seeds: FuzzTarget.texts(
      "sub-1/ses-1/func/sub-1_ses-1_task-rest_run-2_space-MNI152NLin2009cAsym_desc-preproc_bold.nii.gz",
      "MNINonLinear/Results/rfMRI_REST1_LR.nii.gz", "ictal.nii")
  ) { (bytes) throws(Problem) in tryNames(text(bytes)) },
  FuzzTarget(
    name: "settings", most: 256,
    words: ["on", "off", "none", "0.01,0.1", "−3", "nan", "inf", "1e400", "LEFT"],
    seeds: FuzzTarget.texts("0.01,0.1", "on", "12.5", "1,2,3", "none", "hot-iron", "-1e300")
  ) { (bytes) throws(Problem) in trySettings(text(bytes)) },
  FuzzTarget(
    name: "numbers", most: 64, words: ["nan", "inf", "e308", "-0", "0x1p"],
    seeds: {
      [[0, 0, 0, 0, 0, 0, 0xf0, 0x3f], [0, 0, 0, 0, 0, 0, 0xf0, 0x7f], [1, 0, 0, 0, 0, 0, 0, 0]]
    }
  ) { (bytes) throws(Problem) in
    // Eight bytes at a time as numbers, however odd, into all that turns numbers into text and places.
    for at in stride(from: 0, to: bytes.count - 7, by: 8) {
      let x = Double(
        bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) })
      for decimals in 0...6 {
        requirePlain(fixed(x, decimals), "a number")
        _ = plainNumber(x, decimals)
      }
      _ = probabilityText(x)
      require(
        ExportText.decimal(x).utf8.count <= 16 || !x.isFinite,
        "a decimal string of more than 16 bytes")
      require((try? JSON.parse(JSON.number(x).text)) != nil, "a number that is no JSON")
      _ = wholeNumber(x, in: -5...5)
      _ = wholeNumber(Float(x), in: 0...0)
      _ = JSON.meant(x).text
      _ = binIndex(Float(x), low: 0, high: 1, bins: 10)
      _ = secondsLeft(after: x, from: 0, to: 0.5)
    }
  },
]
