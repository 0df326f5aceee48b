import Basics
import ImageFiles
import Records
import Study
import Targeting

extension TargetExport {
  /// Refuses a head of another person than the target's.
  ///
  /// - Returns: what is to be said where nothing shows that both are of one person.
  /// - Throws: names, or what was kept of either image, that say two people.
  func personDoubt(_ record: TargetRecord, _ d: ImageDescription) throws(Problem) -> String? {
    let head = visibleText(d.name)
    // What is said in files is said of its hash: a name may be a person's.
    let title = "the T1 \(d.sha256.prefix(12))"
    let people = (
      target: record.person?.split(separator: " ").first.map(String.init)
        ?? subjectLabel(ofPath: target),
      head: subjectLabel(ofPath: coil.anatomy)
    )
    if let own = people.target, let other = people.head, own != other {
      throw Self.anotherPerson(head, "it is of \(other), and the target is of \(own)")
    }
    if people.head == nil, let person = record.person,
      let other = folderOfAnother(coil.anatomy, than: person)
    {
      throw Self.anotherPerson(
        head,
        "it lies in the folder of \(visibleText(other, limit: 60)), and the target is of \(visibleText(person, limit: 60))"
      )
    }
    // Under whatever name, and also where it was smoothed here.
    let heads = Set(AtlasFiles.known.values)
    if heads.contains(d.sha256) || !heads.isDisjoint(with: d.header.lineage.ancestors) {
      return
        "\(title) is a template's head and nobody's own: a coil that is aimed by it misses a person's"
    }
    let kept = KeptPeople()
    var ofTarget: [PersonMark] = []
    for hash in [record.imageSHA256, record.native?.imageSHA256].compactMap({ $0 })
      + record.imageOrigin
    {
      if let mark = try kept.stored(hash) { ofTarget.append(mark) }
    }
    let ofHead =
      try ofTarget.isEmpty ? [] : [kept.mark(of: d, ancestors: d.header.lineage.followed().hashes)]
    for one in ofTarget where ofHead.contains(where: one.isAnother) {
      throw Self.anotherPerson(
        head, "its header names another patient than that of the image of the target")
    }
    let isShown =
      people.target != nil && people.target == people.head
      || record.imageSHA256 == d.sha256 || ofTarget.contains { ofHead.contains(where: $0.isSame) }
    return isShown ? nil : "nothing shows that \(title) and the target are of one person"
  }

  private static func anotherPerson(_ head: String, _ what: String) -> Problem {
    Problem(
      .data, head, what, expected: "the head of the person whom the target is of",
      remedy: "Give that person's T1, or rename the file whose name is wrong")
  }
}
