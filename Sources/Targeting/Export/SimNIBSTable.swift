package import Basics
import Imaging

/// SimNIBS's CSV of positions (targeting.md 5.5): `Generic,x,y,z,name` and
/// `CoilPos,x,y,z,zx,zy,zz,yx,yy,yz,distance,name`.
package enum SimNIBSTable {
  package static func text(_ plan: CoilPlan) -> String {
    let name = plainName(plan.name)
    func numbers(_ points: [WorldPoint]) -> [String] {
      points.flatMap { [$0.x, $0.y, $0.z] }.map { decimals($0, 6) }
    }
    let pose = plan.pose
    return [
      ["Generic"] + numbers([plan.cortex]) + [name + "_target"],
      ["Generic"] + numbers([plan.scalp]) + [name + "_entry"],
      ["CoilPos"] + numbers([pose.centre, pose.z, pose.y])
        + [decimals(plan.coilDistance, 6), name + "_coil"],
    ].map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  package static func read(_ text: String, file: String) throws(Problem) -> [NavigatedPoint] {
    var out: [NavigatedPoint] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      let kind = String(cells[0])
      let wanted = kind == "CoilPos" ? 10 : kind == "Generic" || kind == "Fiducial" ? 3 : 0
      guard wanted > 0 else { continue }
      let numbers = cells.dropFirst().prefix(wanted).compactMap { Double($0) }
      guard numbers.count == wanted, numbers.allSatisfy(\.isFinite) else {
        throw foreignProblem(file, .simnibs, "a row of \(kind) lacks numbers")
      }
      let full = visibleText(
        cells.count > wanted + 1 ? String(cells[wanted + 1]) : "",
        limit: NavigatorNames.longestRead)
      let point = WorldPoint(numbers[0], numbers[1], numbers[2])
      guard wanted == 10 else {
        let isEntry = full.hasSuffix("_entry")
        let name =
          isEntry || full.hasSuffix("_target")
          ? String(full.dropLast(isEntry ? 6 : 7)) : full
        out.append(NavigatedPoint(name: name, role: isEntry ? .entry : .target, point: point))
        continue
      }
      let z = WorldPoint(numbers[3], numbers[4], numbers[5])
      let y = WorldPoint(numbers[6], numbers[7], numbers[8])
      let x = y.cross(z)
      let name = full.hasSuffix("_coil") ? String(full.dropLast(5)) : full
      let pose = try CoilPose(
        matrix: Affine(rows: [
          [x.x, y.x, z.x, point.x], [x.y, y.y, z.y, point.y], [x.z, y.z, z.z, point.z],
        ]), name: name)
      out.append(NavigatedPoint(name: name, role: .coil, point: point, pose: pose))
    }
    return out
  }
}
