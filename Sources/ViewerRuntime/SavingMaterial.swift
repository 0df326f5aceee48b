package import Basics
package import ImageFiles
package import Imaging
package import Records
package import Viewer

/// What the loaded files give to what is saved.
package struct SavingMaterial: Sendable {
  package var space = Space.native
  /// What a target search took, by hash; nil where there is none.
  package var targetInputs: [Provenance]?
  /// What the loaded files say of themselves and of each other.
  package var findings: [Finding] = []
  /// SPECT files as they are stored, and what they are laid over.
  package var spects: [(volume: Volume, description: ImageDescription)] = []
  package var fixed: (volume: Volume, end: Transform.End)?

  package init() {}
}

/// Bookmarks in one image; its name stays out of the path.
package func bookmarksFile(
  of imageSHA256: String, in folder: RecordsFolder
) -> StateFile<Bookmark> {
  StateFile(
    "places-\(imageSHA256.prefix(32))", in: folder.path, isShared: folder.isShared,
    StateForm(
      what: "bookmarks", member: "bookmarks", json: \.json, item: { Bookmark(json: $0) },
      expected: "a name and three millimetres", isSame: ==))
}
