import Basics
import ImageFiles
import Imaging
import Records
import Targeting

private enum Plans {
  static func plan() throws -> CoilPlan {
    let pose = try CoilPose(
      matrix: Affine(rows: [
        [-0.55403229, 0.25881905, 0.79124012, -70], [0.14845251, 0.96592583, -0.21201215, -10],
        [-0.81915204, 0, -0.57357644, 60],
      ]), name: "T1")
    return CoilPlan(
      name: "T1", side: .left, cortex: WorldPoint(-53, -14, 48), scalp: WorldPoint(-67, -11, 58),
      pose: pose, coilDistance: 4, handleDegrees: 45)
  }
}

/// Names can be shown, and places and axes are numbers.
private func requireSound(_ points: [NavigatedPoint]) {
  for p in points {
    requirePlain(p.name, "a point's name")
    require(
      p.point.x.isFinite && p.point.y.isFinite && p.point.z.isFinite, "a place that is no number")
    if let pose = p.pose {
      require(pose.matrix.isFinite, "a pose that is no number")
      _ = pose.handleWords
    }
  }
}

private func reader(
  _ name: String, _ navigator: Navigator, _ file: String, words: [String],
  _ seeds: @escaping @Sendable () throws -> [String],
  _ read: @escaping @Sendable (String) throws(Problem) -> [NavigatedPoint]
) -> FuzzTarget {
  FuzzTarget(name: name, words: words, seeds: { try seeds().map { Array($0.utf8) } }) {
    (bytes) throws(Problem) in
    requireSound(try read(text(bytes)))
    // And as a file that is brought in for a T1.
    let anatomy = try ImageReader.identify(Scratch.file("nav/t1.nii", Seeds.nifti1()))
    let path = Scratch.file("nav/" + file, bytes)
    let all = try NavigatorTargets(path, navigator, anatomy: anatomy, stated: nil, transform: nil)
    for record in all.records { requirePlain(record.name, "a target's name") }
    requirePlain(all.text, "targets", except: ["\n", "\t"])
  }
}

let navigatorTargets: [FuzzTarget] = [
  reader(
    "brainsight", .brainsight, "b.txt",
    words: [
      "# Version: 12", "# Coordinate system: ", "NIfTI:Scanner", "NIfTI:S:Scanner",
      "# Target Name\t", "Loc. X", "m0n0",
    ],
    {
      try Brainsight.Version.allCases.map {
        try Brainsight.text(
          Plans.plan(), .init(isQform: false, code: 1), $0, program: "boldspect", file: "f")
      }
    },
    { (text) throws(Problem) in try Brainsight.read(text, file: "b.txt").points }),
  reader(
    "localite", .localite, "l.xml",
    words: [
      "<InstrumentMarker", "<Matrix4D data00=\"", "coordinateSpace=\"RAS\"", "<Entry", "<Target",
      "description=\"",
    ],
    {
      let plan = try Plans.plan()
      return [
        Localite.instrumentMarkers(plan, .ras, note: "n", program: "p"),
        Localite.entryTarget(plan, .ras, note: "n", program: "p"),
      ]
    },
    { (text) throws(Problem) in try Localite.read(text, file: "l.xml") }),
  reader(
    "simnibs", .simnibs, "s.csv",
    words: ["CoilPos,", "Generic,", "Fiducial,", "_target", "_coil", "_entry"],
    { [SimNIBSTable.text(try Plans.plan())] },
    { (text) throws(Problem) in try SimNIBSTable.read(text, file: "s.csv") }),
  reader(
    "slicer", .slicer, "m.json",
    words: [
      "\"markups\"", "\"controlPoints\"", "\"position\"", "\"orientation\"", "\"coordinateSystem\"",
      "\"LPS\"", "\"RAS\"",
    ],
    { [SlicerMarkups.json(try Plans.plan(), note: "n").text] },
    { (text) throws(Problem) in try SlicerMarkups.read(text, file: "m.json") }),
]
