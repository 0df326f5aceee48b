import CellUI
import Imaging
import Targeting

extension CommandTopic {
  static let targets = CommandTopic(
    title: "Targets", keyRank: 11,
    keys: [
      .key(.targets, [.character("t")], "t", "target candidates"),
      .key(.next, [.character("n")], "n", "next cluster of the overlay, target, bookmark"),
      .key(.previous, [.character("N")], "N", "the previous one"),
      .key(.accept, [.enter], "Enter", "confirm the target"),
      .key(.mark, [.character("M")], "M", "mark the place at the cursor"),
      .key(.rename, [.character("r")], "r", "target list: rename"),
      .key(.note, [.character("e")], "e", "target list: write a note"),
      .key(.take, [.character("Y")], "Y", "target list: accept the place"),
      .key(.reject, [.character("X")], "X", "target list: reject the place"),
      .key(.undo, [.character("U")], "U", "undo the last mark, name, note or decision"),
      .key(
        .searchHere, [.character("S")], "S",
        "target list: search 20 mm around the cursor; L: it follows"),
    ],
    lines: [
      .line("targets", "target candidates") { askTargets(&$0) },
      .search(
        "protocol", "NAME", "targets by another protocol",
        .words(TargetProtocol.shipped.map(\.id))
      ) { model, typed in
        let wanted = typed.text.lowercased()
        return TargetProtocol.shipped.first { !wanted.isEmpty && $0.id.hasPrefix(wanted) }
          .map { .protocol($0.settings) }
          ?? .refused("protocols are " + TargetProtocol.shipped.map(\.id).joined(separator: ", "))
      },
      .line(
        "sphere", "X,Y,Z[,R]", "search targets in a sphere", .other(example: "-40,40,30,12"),
        isSetting: true, run: searchTypedSphere),
      .search(
        "method", "cluster, peak or cone", "targets by another method",
        .words(["cluster", "peak", "cone"])
      ) { settings, typed in
        guard let method = TargetMethod(rawValue: typed.text) else { return nil }
        var changed = settings
        changed.method = method
        return .protocol(changed)
      },
      .search(
        "percentile", "P", "part of the search region that is clustered, in per cent",
        .number(0.1...50, "per cent")
      ) { settings, typed in
        guard let p = typed.number else { return nil }
        var changed = settings
        changed.percentile = p
        return .protocol(changed)
      },
    ])
}

/// What a command makes of the protocol of the search.
private enum SearchChange {
  case `protocol`(TargetProtocol)
  case refused(String)
}

extension CommandSpec {
  /// A command that changes how targets are looked for, and looks again.
  fileprivate static func search(
    _ name: String, _ takes: String, _ text: String, _ parameter: Parameter,
    _ change: @escaping @Sendable (TargetProtocol, TypedArgument) -> SearchChange?
  ) -> CommandSpec {
    .line(name, takes, text, parameter, isSetting: true) { model, typed in
      switch change(model.targets.protocol, typed) {
      case nil: return nil
      case .refused(let reason): return refuse(&model, reason)
      case .protocol(let settings):
        model.targets.protocol = settings
        model.targets.isSearching = false
        noteSetting(&model, name + " " + typed.text)
        return askTargets(&model)
      }
    }
  }
}

@Sendable private func searchTypedSphere(_ model: inout Model, _ typed: TypedArgument) -> [Effect]?
{
  guard let n = typed.numbers, n.count == 3 || n.count == 4,
    n.count == 3 || (n[3] > 0 && n[3] <= 100)
  else { return nil }
  if let reason = model.scene.targetsRefusal {
    return refuse(&model, "no target search: \(reason)")
  }
  noteSetting(&model, "sphere " + typed.text)
  return searchSphere(&model, WorldPoint(n[0], n[1], n[2]), radius: n.count == 4 ? n[3] : 20)
}
