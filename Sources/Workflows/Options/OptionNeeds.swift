package import Basics

/// Options that say something only beside another one. What would have no effect is refused: whoever types it believes
/// that it counts.
package struct OptionNeeds: Sendable {
  private var options: [String]
  /// Whether they count beside what else was typed.
  private var isMet: @Sendable (TypedOptions) -> Bool
  private var needs: String

  package static func require(_ typed: TypedOptions, of command: String) throws(Problem) {
    for one in everywhere + (table[command] ?? []) {
      guard let name = one.options.first(where: { typed.has($0) }), !one.isMet(typed) else {
        continue
      }
      throw Problem(
        .usage, name, "it has no effect here", expected: one.needs,
        remedy: "Leave it out, or give what it needs")
    }
  }

  private static func beside(_ other: String..., options: [String]) -> OptionNeeds {
    OptionNeeds(
      options: options, isMet: { typed in other.contains { typed.has($0) } },
      needs: "it beside \(other.joined(separator: " or "))")
  }

  private static let everywhere = [
    beside("--fd", "--dvars", options: ["--min-run"]),
    beside("--networks", options: ["--names"]),
  ]

  private static let table: [String: [OptionNeeds]] = [
    "perfusion": [
      beside("--table", options: ["--sort"]),
      beside("--clusters", options: ["--min-voxels", "--of"]),
      OptionNeeds(
        options: ["--rim"],
        isMet: { $0.has("--asymmetry") || $0.value("--of") == "asymmetry" },
        needs: "it beside --asymmetry or --of asymmetry: table and places have the rim"),
      OptionNeeds(
        options: ["--side"], isMet: { $0.value("--of") == "asymmetry" },
        needs: "it beside --clusters and --of asymmetry"),
    ],
    "networks": [beside("--norms", options: ["--covariates"])],
    "seedmap": [
      OptionNeeds(
        options: ["--effective-n"],
        isMet: { !["r", "z"].contains($0.value("--statistic") ?? "r") },
        needs: "it beside --statistic zstat, p, q or n")
    ],
    "target export": [
      OptionNeeds(
        options: ["--brainsight-version"], isMet: { $0.value("--to") == "brainsight" },
        needs: "it beside --to brainsight"),
      OptionNeeds(
        options: ["--localite-space"], isMet: { $0.value("--to") == "localite" },
        needs: "it beside --to localite"),
    ],
    "compare": writes,
    "lesson": [
      beside("--export", options: ["--size", "--force"]),
      OptionNeeds(
        options: ["--speak", "--notes"], isMet: { !$0.has("--export") },
        needs: "it without --export"
      ),
    ],
    "windows": [beside("--with", options: ["--surrogates"])],
    "targets": [
      OptionNeeds(
        options: ["--percentile"],
        isMet: { !["peak", "cone"].contains($0.value("--method") ?? "") },
        needs: "it beside --method cluster")
    ],
    "losses": proxies,
    "simulate": proxies + [
      needs(
        [
          "--confounds", "--columns", "--preset", "--wm", "--csf", "--drop", "--fd", "--dvars",
          "--min-run", "--censoring",
        ], of: ["alff", "template", "map", "series"]),
      OptionNeeds(
        options: cameraOptions, isMet: { $0.value("--tier") == "2" }, needs: "it beside --tier 2"),
      OptionNeeds(
        options: ["--counts"],
        isMet: { $0.value("--tier") == "2" || $0.value("--noise") == "counts" },
        needs: "it beside --tier 2 or --noise counts"),
      OptionNeeds(
        options: ["--noise-seed"], isMet: { $0.value("--tier") == "2" || $0.has("--noise") },
        needs: "it beside --tier 2 or --noise"),
    ],
  ]

  /// Which of several images is written matters where one is.
  private static let writes = [beside("-o", "--output", options: ["--write"])]

  private static let cameraOptions = [
    "--collimator", "--intrinsic", "--views", "--matrix", "--pixel", "--radius", "--no-noise",
    "--scatter", "--mu", "--head", "--mu-value", "--no-attenuation", "--method",
    "--iterations", "--subsets", "--cutoff", "--order", "--convention", "--ramp", "--no-chang",
    "--no-correction",
  ]

  /// What stands for perfusion decides which of its options count.
  private static let proxies = [
    needs(["--asl"], of: ["asl"]), needs(["--white"], of: ["template"]),
    needs(["--gm"], of: ["template", "gm"]), needs(["--seed"], of: ["map", "series"]),
    needs(
      ["--gsr", "--no-gsr", "--band", "--polort", "--high-pass"],
      of: ["alff", "template", "map", "series"]),
    needs(
      ["--window", "--start", "--average", "--tau"],
      of: ["mean", "alff", "template", "map", "series"]),
    OptionNeeds(
      options: ["--mu-value", "--mu", "--head"], isMet: { !$0.has("--no-attenuation") },
      needs: "it without --no-attenuation"),
  ]

  private static func needs(_ options: [String], of proxies: [String]) -> OptionNeeds {
    OptionNeeds(
      options: options, isMet: { typed in typed.value("--proxy").map(proxies.contains) ?? true },
      needs: "it with --proxy \(proxies.joined(separator: ", "))")
  }
}
