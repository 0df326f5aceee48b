import Basics
import Imaging
package import Study
package import Targeting
import Workflows

/// The plan for a person to read.
package func planText(
  _ plan: CoilPlan, _ record: TargetRecord, _ anatomy: Anatomy, _ dose: DoseAdjustment?
) -> String {
  let world = "RAS+ mm of \(anatomy.fileName)"
  var lines = [
    "\(plan.name)  \(plan.side.rawValue)",
    "target \(millimetres(record.point)) mm \(record.spaceName)",
    "target \(millimetres(plan.cortex)), scalp \(millimetres(plan.scalp)), coil \(millimetres(plan.pose.centre)) (\(world))",
    "\(fixed(plan.depth, 1)) mm below the scalp: \(plan.depthWords)",
    "handle points \(plan.pose.handleWords): \(plan.handleAngleWords)",
  ]
  if let dose { lines.append(dose.words) }
  lines.append(researchUse)
  return lines.joined(separator: "\n")
}
