package import Basics
import Imaging

/// The known answers of the sample person.
package func sampleTruth(_ minutes: Double, _ voxel: Double) -> JSON {
  .object([
    ("notice", .string("SIMULATED person; \(researchUse)")), ("version", .string(boldspectVersion)),
    ("seed", .int(Int(SamplePerson.seed))), ("minutes", .number(minutes)),
    ("voxel_mm", .number(voxel)), ("space", .string("MNI152")),
    ("sgACC_mm", .point(SamplePerson.sgACC)),
    ("true_target_mm", .point(SamplePerson.trueSite)),
    (
      "networks",
      .object(
        SamplePerson.networks.map { ($0.name, .array($0.labels.sorted().map { .int(Int($0)) })) })
    ),
    (
      "hypoperfused_aal_labels",
      .array(SamplePerson.hypoperfusedLabels.sorted().map { .int(Int($0)) })
    ),
    ("hypoperfused_share_of_uptake", .number(SamplePerson.hypoperfusion)),
  ])
}
