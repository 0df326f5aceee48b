import Basics
import CellUI
import TestSupport
import Testing
import Viewer

/// What is not sure of a visit stands in the list, and what may be another person's is opened only when it is chosen.
@Suite struct BrowserDoubtTests {
  private func model(_ visit: BrowserVisit, asked: String? = nil) -> Model {
    var model = Model(
      size: Size(columns: 120, rows: 40),
      capabilities: Capabilities(colours: .direct, unicode: true))
    var listing = BrowserListing(root: "/data/ward", visits: [visit], people: 1)
    if let asked {
      (listing.asked, listing.askedFile) = (BrowserPlace(visit: 0, run: nil), asked)
    }
    for request in model.browse("/data/ward") {
      _ = update(&model, by: .answer(request.id, madeOf: nil, .people(listing)))
      _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
    }
    return model
  }

  private func visit(_ spects: [BrowserFile], _ anatomies: [BrowserFile] = []) -> BrowserVisit {
    BrowserVisit(
      subject: "Anna", session: "visit1", runs: [], spects: spects, anatomies: anatomies)
  }

  private var strangers: BrowserFile {
    var out = BrowserTests.spect("Bernd")
    out.isStrangers = true
    return out
  }

  @Test func anImageOfUnknownKindIsNamed() {
    let image = BrowserFile(
      kind: BrowserVisit.unknownKind, name: "Export_0001.nii.gz", reason: "", isAbsent: false)
    let text = view(model(visit([], [image]))).text
    #expect(text.contains("no SPECT  1 of unknown kind"))
    #expect(text.contains("1 image of unknown kind: Export_0001.nii.gz"))
    #expect(!text.contains("anatomy"))
  }

  @Test func whatIsNamedAsAnotherIsOpenedOnlyWhenItIsChosen() throws {
    var alone = model(visit([strangers]))
    #expect(try Head.press(&alone, "<Enter>").isEmpty)
    #expect(alone.notice?.text.contains("is named as another person's") == true)
    var both = model(visit([BrowserTests.spect("ictal"), strangers]))
    #expect(BrowserTests.opening(try Head.press(&both, "<Enter>")) != nil)
    // By its own path it is.
    #expect(model(visit([strangers]), asked: "/data/ward/Bernd.nii").browser.opened?.visit == 0)
  }

  @Test func whatIsSaidOfACopyOrOfAnotherVersionHasItsOwnMark() {
    var known = BrowserKnown()
    (known.rating, known.isUnproven, known.isRead) = ("bad", true, true)
    var shown = visit([BrowserTests.spect("ictal")])
    func text(_ known: BrowserKnown) -> String {
      shown.known = known
      return view(model(shown)).text
    }
    #expect(text(known).contains("bad?"))
    known.isSaidOfAnother = true
    #expect(text(known).contains("(bad)") && !text(known).contains("bad?"))
    #expect(text(known).contains("of the same bytes under another name"))
    (known.isSaidOfAnother, known.isOtherVersion, known.changed) = (false, true, ["ictal.nii"])
    #expect(text(known).contains("bad?≠"))
    #expect(text(known).contains("ictal.nii: not what was opened or rated before"))
    known.twins = ["ictal.nii holds the same bytes as that of another person: Bernd, x.nii"]
    #expect(text(known).contains("same bytes as that of another person: Bernd"))
  }
}
