import Basics
import Foundation
import Glibc
import ImageFiles
import TestSupport
import Testing

/// Walking folders, and what an index spares.
@Suite struct FolderWalkTests {
  private let walk = FolderWalk(
    keeps: { $0.count > 4 && $0.suffix(4).elementsEqual(".nii".utf8) },
    enters: { !$0.elementsEqual("code".utf8) })

  private func make(_ root: String, _ names: [String]) throws {
    for name in names {
      let path = root + "/" + name
      try FileManager.default.createDirectory(
        atPath: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]),
        withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: path))
    }
  }

  /// Every kept file by its path from the root.
  private func files(_ tree: FolderTree) -> [String] {
    var out: [String] = []
    for n in tree.folders.indices {
      tree.forEachFile(of: n) { _, name in
        out.append(
          (tree.path(of: n) + [String(decoding: name, as: UTF8.self)]).joined(separator: "/"))
      }
    }
    return out.sorted()
  }

  /// What the kernel makes up has no end and holds no scans.
  @Test func aLinkToTheKernelsFilesIsNotFollowed() throws {
    try withTemporaryFolder { folder in
      try make(folder, ["a.nii"])
      for path in ["/proc", "/sys"] {
        try FileManager.default.createSymbolicLink(
          atPath: folder + path, withDestinationPath: path)
      }
      let tree = try walk.tree(folder)
      #expect(files(tree) == ["a.nii"])
      #expect(tree.folders.count == 1)
    }
  }

  private static let names = [
    "a.nii", "x/b.nii", "x/y/c.nii", "x/y/d.txt", "code/e.nii", "z/f.nii", "q/r/s/t/u/g.nii",
    "w1/a.nii", "w2/a.nii", "w3/a.nii", "w4/a.nii", "w5/a.nii", "w6/a.nii", "w7/a.nii",
  ]

  @Test func everyFileThatIsWantedIsFoundOnce() throws {
    try withTemporaryFolder { root in
      try make(root, Self.names)
      let tree = try walk.tree(root)
      #expect(
        files(tree) == Self.names.filter { $0.hasSuffix(".nii") && !$0.hasPrefix("code") }.sorted())
      #expect(tree.fileCount == 12)
      // What lies below a folder follows it, up to its end.
      for n in tree.folders.indices.dropFirst() {
        let parent = Int(tree.folders[n].parent)
        #expect(parent < n && n < Int(tree.folders[parent].end))
        #expect(tree.folders[n].end <= tree.folders[parent].end)
      }
    }
  }

  @Test func anIndexSparesFoldersThatDidNotChange() throws {
    try withTemporaryFolder { outer in
      let root = outer + "/study"
      try make(root, Self.names)
      // A tick of the clock must pass before what follows changes it.
      usleep(50_000)
      var walk = walk
      walk.settledAfterSeconds = 0
      let first = try walk.tree(root)
      let path = outer + "/index"
      try FolderIndex.write(first, to: path)
      let index = try #require(FolderIndex(path, root: root))
      let known = try #require(index.tree)
      #expect(known.lists(theSameAs: first) && known.isAsOld(as: first))
      #expect(walk.confirms(index))
      #expect(files(known) == files(first))
      let again = try walk.tree(root, known: known)
      #expect(again.readCount == 0)
      #expect(files(again) == files(first))
      usleep(50_000)
      // A file and a folder come, a file and a folder go: seen by the folders' times.
      try make(root, ["x/y/new.nii", "w1/deep/new.nii"])
      try FileManager.default.removeItem(atPath: root + "/z/f.nii")
      try FileManager.default.removeItem(atPath: root + "/q/r/s")
      #expect(!walk.confirms(index))
      let changed = try walk.tree(root, known: known)
      #expect(files(changed) == files(try walk.tree(root)))
      #expect(changed.readCount > 0 && changed.readCount < changed.folders.count)
      #expect(FolderIndex(path, root: outer) == nil)
    }
  }

  @Test func aFolderThatChangedJustNowIsReadAgain() throws {
    try withTemporaryFolder { root in
      try make(root, ["x/a.nii"])
      let first = try walk.tree(root)
      // Within one tick of the clock the time would not tell.
      #expect(try walk.tree(root, known: first).readCount == first.folders.count)
    }
  }

  @Test func aDamagedIndexIsAsGoodAsNone() throws {
    try withTemporaryFolder { outer in
      let root = outer + "/study"
      try make(root, Self.names)
      var walk = walk
      walk.settledAfterSeconds = 0
      let tree = try walk.tree(root)
      let path = outer + "/index"
      try FolderIndex.write(tree, made: Array("what was made".utf8), to: path)
      #expect(FolderIndex(path, root: root)?.made == Array("what was made".utf8))
      let good = Array(try Data(contentsOf: URL(filePath: path)))
      var random = SeededGenerator(seed: 5)
      for n in 0..<2000 {
        var bad = good
        if n % 2 == 0 {
          bad = Array(good.prefix(Int.random(in: 0..<good.count, using: &random)))
        } else {
          for _ in 0...Int.random(in: 0...4, using: &random) {
            bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8.random(
              in: 0...255, using: &random)
          }
        }
        guard bad != good else { continue }
        try Data(bad).write(to: URL(filePath: path))
        #expect(FolderIndex(path, root: root)?.tree == nil)
        // With sums that are right: whatever is read can be walked from, and nothing is read that is not there.
        try Data(FolderIndex.sealed(bad)).write(to: URL(filePath: path))
        guard let index = FolderIndex(path, root: root) else { continue }
        _ = walk.confirms(index)
        guard let known = index.tree else { continue }
        _ = files(known)
        _ = try walk.tree(root, known: known)
      }
    }
  }

  @Test func ringsOfLinksEnd() throws {
    try withTemporaryFolder { root in
      try make(root, ["a/b/c.nii", "other/d.nii"])
      for (link, goal) in [("a/b/up", ".."), ("a/self", "."), ("other/root", root)] {
        try FileManager.default.createSymbolicLink(
          atPath: root + "/" + link, withDestinationPath: goal)
      }
      try FileManager.default.createSymbolicLink(
        atPath: root + "/a/gone.nii", withDestinationPath: "nowhere")
      let found = files(try walk.tree(root))
      #expect(found.contains("a/b/c.nii") && found.contains("other/d.nii"))
      #expect(found.contains("a/gone.nii"))
      #expect(found.count < 40)
      // Two people's links to one place are each followed.
      try make(root, ["place/e.nii"])
      for person in ["p1", "p2"] {
        try make(root, ["\(person)/x.nii"])
        try FileManager.default.createSymbolicLink(
          atPath: root + "/\(person)/mri", withDestinationPath: root + "/place")
      }
      let again = files(try walk.tree(root))
      #expect(again.contains("p1/mri/e.nii") && again.contains("p2/mri/e.nii"))
    }
  }

  @Test func whatALinkLeadsToIsLookedAtEachTime() throws {
    try withTemporaryFolder { outer in
      let root = outer + "/study"
      let manager = FileManager.default
      try make(root, (1...9).map { "p\($0)/x.nii" })
      try make(outer, ["store/b.nii", "store/deep/c.nii"])
      for (link, goal) in [
        ("p1/link.nii", "b.nii"), ("p2/deep", "deep"), ("later", "later"), ("p3/note.txt", "t.txt"),
      ] {
        try manager.createSymbolicLink(
          atPath: root + "/" + link, withDestinationPath: outer + "/store/" + goal)
      }
      usleep(50_000)
      var walk = walk
      walk.settledAfterSeconds = 0
      let path = outer + "/index"
      /// What stands there with a walk and with the index, which must be the same.
      func listed() throws -> (files: [String], wasRead: Bool) {
        func words(_ tree: FolderTree) -> [String] {
          tree.folders.indices.flatMap { n -> [String] in
            var out: [String] = []
            tree.forEachFile(of: n) { kind, name in
              let own = (tree.path(of: n) + [String(decoding: name, as: UTF8.self)])
              out.append(own.joined(separator: "/") + (kind == .absent ? " absent" : ""))
            }
            return out
          }.sorted()
        }
        let fresh = try walk.tree(root)
        let index = FolderIndex(path, root: root)
        let isUnchanged = index.map(walk.confirms) ?? false
        let again = try walk.tree(root, known: index?.tree)
        #expect(words(again) == words(fresh))
        #expect(again.lists(theSameAs: fresh))
        #expect(isUnchanged == (again.readCount == 0))
        try FolderIndex.write(again, to: path)
        return (words(again), again.readCount > 0)
      }
      #expect(try listed().files.contains("p1/link.nii"))
      #expect(try !listed().wasRead)
      // Goals go and come; no folder of the study changes by that.
      try manager.moveItem(atPath: outer + "/store/b.nii", toPath: outer + "/b.nii")
      #expect(try listed().files.contains("p1/link.nii absent"))
      #expect(try !listed().wasRead)
      try manager.moveItem(atPath: outer + "/b.nii", toPath: outer + "/store/b.nii")
      #expect(try listed().files.contains("p1/link.nii"))
      try manager.moveItem(atPath: outer + "/store/deep", toPath: outer + "/deep")
      #expect(try !listed().files.contains { $0.hasPrefix("p2/deep") })
      try manager.moveItem(atPath: outer + "/deep", toPath: outer + "/store/deep")
      #expect(try listed().files.contains("p2/deep/c.nii"))
      try make(outer, ["store/later/d.nii", "store/t.txt/e.nii"])
      let all = try listed().files
      #expect(all.contains("later/d.nii") && all.contains("p3/note.txt/e.nii"))
      usleep(50_000)
      #expect(try !listed().wasRead)
    }
  }

  @Test func ofACrowdedFolderNothingIsListedAndItIsSaid() throws {
    try withTemporaryFolder { root in
      try make(root, (0..<6).map { "x/\($0).nii" } + (0..<20).map { "y/\($0).txt" } + ["y/a.nii"])
      var walk = walk
      walk.mostFiles = 5
      let tree = try walk.tree(root)
      #expect(files(tree) == ["y/a.nii"])
      #expect(tree.crowded.map { tree.path(of: $0) } == [["x"]])
    }
  }

  @Test func whatIsNoFolderIsRefused() throws {
    try withTemporaryFolder { root in
      try make(root, ["a.nii"])
      for path in [root + "/a.nii", root + "/nothing"] {
        #expect { _ = try walk.tree(path) } throws: { ($0 as? Problem)?.kind == .missingInput }
      }
      var cancelled = walk
      cancelled.isCancelled = { true }
      #expect(throws: Problem.cancelled) { _ = try cancelled.tree(root) }
    }
  }
}
