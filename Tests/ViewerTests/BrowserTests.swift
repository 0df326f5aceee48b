import Basics
import CellUI
import Imaging
import TestSupport
import Testing
import Viewer

/// The list of people: a pure function of what was listed and typed.
@Suite struct BrowserTests {
  static func run(
    _ row: Int, _ visit: String, space: String? = "MNI152NLin2009cAsym", run: String = "1",
    isAbsent: Bool = false
  ) -> BrowserRun {
    BrowserRun(
      row: row, name: "\(visit)_task-rest_run-\(run)_space-\(space ?? "none")_bold.nii.gz",
      task: "rest", run: run, space: space, isAbsent: isAbsent, isCleaned: false,
      companions: [
        BrowserFile(kind: "mask", name: "m.nii.gz", reason: "same run by its name", isAbsent: false)
      ], problems: [])
  }

  static func spect(_ role: String) -> BrowserFile {
    BrowserFile(kind: "spect", name: "\(role).nii", role: role, reason: "its name", isAbsent: false)
  }

  /// Three people with two, one and one visits; the last has SPECT alone.
  static func listing() -> BrowserListing {
    func visit(
      _ subject: String, _ session: String?, _ runs: [BrowserRun], _ spects: [BrowserFile]
    ) -> BrowserVisit {
      BrowserVisit(subject: subject, session: session, runs: runs, spects: spects, anatomies: [])
    }
    return BrowserListing(
      root: "/data/study",
      visits: [
        visit(
          "sub-01", "ses-1",
          [run(0, "a"), run(1, "a", run: "2"), run(2, "a", space: nil)],
          [spect("ictal"), spect("interictal")]),
        visit("sub-01", "ses-2", [run(3, "b")], []),
        visit("sub-02", "ses-1", [run(4, "c"), run(5, "c", space: nil)], [spect("baseline")]),
        visit("sub-10", nil, [], [spect("ictal")]),
      ], people: 3)
  }

  static func model(columns: Int = 120, rows: Int = 40) -> Model {
    var model = Model(
      size: Size(columns: columns, rows: rows),
      capabilities: Capabilities(colours: .direct, unicode: true))
    for request in model.browse("/data/study") {
      _ = update(&model, by: .answer(request.id, madeOf: nil, .people(listing())))
      _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
    }
    return model
  }

  static func isReview(_ effect: Effect) -> Bool {
    if case .review = effect { true } else { false }
  }

  static func opening(_ effects: [Effect]) -> BrowserPlace? {
    for effect in effects { if case .openVisit(let place, _) = effect { return place } }
    return nil
  }

  /// Who would be opened by these keys; the model stays as it is.
  static func opens(_ model: Model, _ keys: String) throws -> BrowserPlace? {
    var copy = model
    return opening(try Head.press(&copy, keys))
  }

  /// Carries out what the loop carries out when somebody is opened.
  static func open(_ model: inout Model, _ keys: String, _ scene: Scene = Head.scene()) throws {
    let effects = try Head.press(&model, keys)
    guard
      case .openVisit(let place, let choice)? = effects.last(where: {
        if case .openVisit = $0 { true } else { false }
      })
    else {
      Issue.record("nothing is opened by \(keys)")
      return
    }
    let requests = model.begin(place, choice)
    let load = try #require(requests.first { $0.effect == .load })
    _ = update(&model, by: .answer(load.id, madeOf: nil, .loaded(scene)))
    _ = update(&model, by: .answer(load.id, madeOf: nil, .finished))
  }

  @Test func everyPersonVisitAndRunIsReachedByKeys() throws {
    var model = Self.model()
    #expect(view(model).text.contains("3 people, 4 visits"))
    #expect(try Self.opens(model, "<Enter>") == BrowserPlace(visit: 0, run: 0))
    #expect(try Self.opens(model, "<Right>jj<Enter>") == BrowserPlace(visit: 0, run: 2))
    #expect(try Self.opens(model, "<Right>jj<Left>jj<Enter>") == BrowserPlace(visit: 2, run: 0))
    #expect(try Self.opens(model, "jjj<Enter>") == BrowserPlace(visit: 3, run: nil))
    // The list ends where it ends.
    _ = try Head.press(&model, "jjjj")
    #expect(model.browser.selected?.subject == "sub-10")
    _ = try Head.press(&model, "kkkkkkkk")
    #expect(model.browser.selected?.title == "sub-01 ses-1")
  }

  @Test func whatIsTypedNarrowsTheListAtOnce() throws {
    var model = Self.model()
    _ = try Head.press(&model, "/02")
    #expect(model.browser.shown.count == 1)
    #expect(view(model).text.contains("1 of 4 visits"))
    _ = try Head.press(&model, "<BS><BS>ses-2 01")
    #expect(model.browser.selected?.title == "sub-01 ses-2")
    _ = try Head.press(&model, "<Enter>")
    #expect(try Self.opens(model, "<Enter>") == BrowserPlace(visit: 1, run: 0))
    // One step back shows everybody again, on the same line.
    _ = try Head.press(&model, "<Esc>")
    #expect(model.browser.shown.count == 4)
    #expect(model.browser.selected?.title == "sub-01 ses-2")
    _ = try Head.press(&model, "/nobody<Enter>")
    #expect(view(model).text.contains("nobody is found"))
    #expect(try Head.press(&model, "<Enter>").isEmpty)
  }

  @Test func filtersAndOrdersSayWhatTheyAre() throws {
    var model = Self.model()
    _ = try Head.press(&model, "f")
    #expect(model.browser.shown == [1])
    #expect(view(model).text.contains("without SPECT"))
    _ = try Head.press(&model, "f")
    #expect(model.browser.shown == [3])
    // Filters that find nobody are passed over.
    _ = try Head.press(&model, "f")
    #expect(!model.browser.shown.isEmpty)
    _ = try Head.press(&model, "<Esc>")
    var known = BrowserKnown()
    (known.minutesKept, known.meanDisplacementMillimetres, known.isRead) = (4, 0.5, true)
    var better = known
    (better.minutesKept, better.meanDisplacementMillimetres) = (9, 0.1)
    better.rating = "bad"
    model.browser.learn([0: better, 3: known, 4: better], ofVisits: [:])
    _ = try Head.press(&model, "*")
    #expect(model.browser.shown.first == 1)
    #expect(view(model).text.contains("fewest kept minutes first"))
    _ = try Head.press(&model, "*")
    #expect(model.browser.shown.first == 1)
    _ = try Head.press(&model, "*")
    #expect(model.browser.shown.prefix(2) == [0, 2])
  }

  @Test func aSyntheticPersonIsNamedSo() throws {
    var model = Self.model()
    #expect(!view(model).text.contains("SYNTHETIC"))
    var known = BrowserKnown()
    (known.unmeasured, known.isRead) = ("SYNTHETIC PERSON", true)
    model.browser.learn([0: known], ofVisits: [:])
    #expect(view(model).text.contains("SYNTHETIC PERSON"))
  }

  @Test func positionSeedAndViewGoAlongToTheNextPerson() throws {
    var model = Self.model()
    try Self.open(&model, "<Enter>")
    #expect(!model.browser.isOpen)
    #expect(model.scene.grid != nil)
    _ = try Head.press(&model, "c<Left><Left>R")
    let cursor = model.cursor
    try Self.open(&model, "<C-n>")
    #expect(model.browser.openedVisit?.title == "sub-02 ses-1")
    #expect(model.cursor == cursor)
    #expect(model.navigation.plane == .coronal)
    #expect(!model.navigation.isRadiological)
    // In the world of another head the same millimetres are another place.
    try Self.open(&model, "<C-p>", Head.scene(space: .native))
    #expect(model.cursor != cursor)
    #expect(model.browser.openedVisit?.title == "sub-01 ses-1")
  }

  @Test func theRunThatIsMostAlikeComesUp() throws {
    var model = Self.model()
    try Self.open(&model, "<Right>jj<Enter>")
    #expect(model.browser.opened == BrowserPlace(visit: 0, run: 2))
    // Native again, in the other person.
    #expect(try Self.opens(model, "<C-n>") == BrowserPlace(visit: 2, run: 1))
    #expect(try Self.opens(model, "W") == BrowserPlace(visit: 0, run: 0))
    #expect(try Self.opens(model, "<C-f>") == BrowserPlace(visit: 1, run: 0))
    #expect(try Head.press(&model, "<C-b>").isEmpty)
    #expect(model.notice?.text == "this is the first visit of sub-01")
    // Keys that come before anybody was opened go on from each other.
    var held = model
    _ = try Head.press(&held, "<C-n><C-n>")
    #expect(held.browser.opened == BrowserPlace(visit: 3, run: nil))
    try Self.open(&model, "W")
    #expect(Self.opening(try Head.press(&model, "J")) == BrowserPlace(visit: 0, run: 1))
  }

  @Test func anotherFileTakesTheFoundOnesPlace() throws {
    var model = Self.model()
    try Self.open(&model, "<Enter>")
    let effects = try Head.press(&model, ":with mask /x/m.nii<Enter>")
    guard case .openVisit(let place, let choice)? = effects.first else {
      Issue.record("nothing is opened")
      return
    }
    #expect(place == BrowserPlace(visit: 0, run: 0))
    #expect(choice.changed == ["mask": "/x/m.nii"])
    _ = model.begin(place, choice)
    guard
      case .openVisit(_, let both)? = try Head.press(&model, ":with confounds none<Enter>").first
    else {
      Issue.record("nothing is opened")
      return
    }
    #expect(both.changed == ["mask": "/x/m.nii", "confounds": ""])
    #expect(try Head.press(&model, ":with bold x<Enter>").isEmpty)
    // The next person has their own files.
    guard case .openVisit(_, let next)? = try Head.press(&model, "<C-n>").first else {
      Issue.record("nobody is opened")
      return
    }
    #expect(next.changed.isEmpty)
  }

  @Test func whatComesAfterOpeningIsOfWhomIsOpened() throws {
    var model = Self.model()
    let effects = try Head.press(&model, "j<Enter>9")
    #expect(Self.opening(effects) == BrowserPlace(visit: 1, run: 0))
    #expect(!model.browser.isOpen)
    #expect(
      try Head.press(&model, "x<Enter>") == [.review(row: 3, listing: 0, rating: "bad", text: "x")])
    // Where nobody could be opened the list comes back, and nobody is rated.
    model.nobodyWasOpened()
    #expect(model.browser.isOpen && model.browser.opened == nil)
  }

  @Test func anotherFoldersPeopleAreOthers() throws {
    var model = Self.model()
    try Self.open(&model, "<Enter>")
    var other = Self.listing()
    (other.root, other.number) = ("/data/other", 2)
    #expect(try Head.press(&model, ":open /data/other<Enter>") == [.browse("/data/other")])
    _ = update(&model, .people(other))
    #expect(model.browser.opened == nil)
    _ = try Head.press(&model, "F")
    #expect(try Head.press(&model, "7").isEmpty)
    #expect(model.notice?.isRefusal == true)
    // Facts of the folder before are none of this one's.
    var known = BrowserKnown()
    known.rating = "bad"
    _ = update(&model, .facts([0: known], visits: [:], listing: 0))
    #expect(model.browser.listing?.visits[0].summary.rating == nil)
  }

  @Test func whatStandsInForAMissingSPECTIsNoChoice() throws {
    var model = Self.model()
    var scene = Head.scene()
    scene.run = try AnalysesTests.model(columns: 120, rows: 40).0.scene.run
    try Self.open(&model, "j<Enter>", scene)
    #expect(model.panes.right == .simulated)
    _ = try Head.press(&model, "<C-n>")
    let requests = model.begin(
      BrowserPlace(visit: 2, run: 0), BrowserChoice(row: 4, carries: true))
    #expect(model.ways.start?.view.right == .measured(0))
    #expect(!requests.isEmpty)
  }

  @Test func nothingOfThePersonBeforeStays() throws {
    var model = Self.model()
    try Self.open(&model, "<Enter>")
    model.ways.bookmarks = [Bookmark(name: "mine", note: "", point: WorldPoint(1, 2, 3))]
    let before = model
    // An answer that was asked for the person before comes late: it changes nothing.
    let request = model.requests.stamp(.matrix)
    let choice = BrowserChoice(row: 4, carries: true)
    _ = model.begin(BrowserPlace(visit: 2, run: 0), choice)
    #expect(model.scene.grid == nil)
    #expect(model.ways.bookmarks.isEmpty)
    let fresh = model
    _ = update(&model, by: .answer(request.id, madeOf: nil, .loaded(before.scene)))
    #expect(model.scene.grid == nil)
    #expect(view(model).text == view(fresh).text)
    #expect(!view(model).text.contains("head.nii.gz"))
  }

  @Test func aRatingIsOfWhoIsSeen() throws {
    var model = Self.model()
    #expect(
      try Head.press(&model, "j7").last == .review(row: 3, listing: 0, rating: "good", text: ""))
    #expect(
      try Head.press(&model, "8too much motion<Enter>")
        == [.review(row: 3, listing: 0, rating: "doubtful", text: "too much motion")])
    // Of a visit with several runs each is rated by itself.
    #expect(try Head.press(&model, "k7").filter(Self.isReview).isEmpty)
    #expect(model.notice?.text.contains("several runs") == true)
    #expect(
      try Head.press(&model, "<Right>j7").last
        == .review(row: 1, listing: 0, rating: "good", text: ""))
    try Self.open(&model, "k<Enter>")
    // The list's line is elsewhere; the picture is whom it shows.
    _ = try Head.press(&model, "F<Left>jjj")
    _ = try Head.press(&model, "F")
    #expect(
      try Head.press(&model, "9spikes<Enter>") == [
        .review(row: 0, listing: 0, rating: "bad", text: "spikes")
      ])
    #expect(
      try Head.press(&model, "&see T1<Enter>") == [
        .review(row: 0, listing: 0, rating: nil, text: "see T1")
      ])
    #expect(try Head.press(&model, "&<Enter>").isEmpty)
    // The list is on the run that is on screen.
    _ = try Head.press(&model, "F")
    #expect(model.browser.run == 0)
    _ = try Head.press(&model, "<Left>jjj")
    #expect(try Head.press(&model, "7") == [.review(row: -4, listing: 0, rating: "good", text: "")])
    var alone = Head.model()
    #expect(try Head.press(&alone, "7").isEmpty)
    #expect(alone.notice?.text.contains("no folder of people is open") == true)
  }

  @Test func theListSaysSoWhereRecordsAreNotProven() throws {
    var model = Self.model()
    var known = BrowserKnown()
    (known.rating, known.isUnproven, known.isRead, known.accepted) = ("good", true, true, 2)
    model.browser.learn([0: known], ofVisits: [:])
    #expect(view(model).text.contains("good?"))
    #expect(view(model).text.contains("2?"))
    known.isUnproven = false
    model.browser.learn([0: known], ofVisits: [:])
    #expect(!view(model).text.contains("good?"))
    known.isOtherVersion = true
    model.browser.learn([0: known], ofVisits: [:])
    #expect(view(model).text.contains("belong to another version of this file"))
  }

  @Test func pictureKeysDoNothingWhileTheListIsSeen() throws {
    var model = Self.model()
    try Self.open(&model, "<Enter>")
    _ = try Head.press(&model, "F")
    let before = model.viewState
    for key in ["a", "c", "R", "v", "z", "x", "t", "m", "<Space>", "L", "M", "'", "o"] {
      #expect(try Head.press(&model, key).isEmpty, "\(key)")
    }
    #expect(model.viewState == before)
    #expect(model.context == .people)
    #expect(!view(model).text.contains("head.nii.gz"))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func whatIsClickedIsWhatIsDrawn(_ columns: Int, _ rows: Int) throws {
    var model = Self.model(columns: columns, rows: rows)
    for (n, visit) in Self.listing().visits.enumerated() {
      let line = try #require(
        hitRegions(model).first { if case .visit(n) = $0.meaning { true } else { false } })
      let row = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)[
        line.area.row]
      #expect(row.contains(visit.session ?? visit.subject))
      let mouse = Mouse(.press, column: line.area.column + 3, row: line.area.row)
      // The first line is looked at from the beginning.
      if n > 0 { _ = update(&model, .event(.key(.mouse(mouse)))) }
      #expect(model.browser.line == n)
      var copy = model
      let again = update(&copy, .event(.key(.mouse(mouse))))
      #expect(Self.opening(again)?.visit == n)
    }
  }

  @Test func namesKeepWhoAndWhat() {
    let name =
      "sub-RAPIDTIDE01_ses-baseline_task-rest_run-01_space-MNI152NLin2009cAsym_res-2_desc-preproc_bold.nii.gz"
    for limit in 36...name.count {
      let short = shortenedName(name, limit)
      #expect(short.count <= limit)
      #expect(short.hasPrefix("sub-RAPIDTIDE01_ses-baseline"), "\(limit): \(short)")
      #expect(short.contains("bold"), "\(limit): \(short)")
    }
    #expect(
      shortenedName("sub-1_ses-2_acq-ictal_space-MNI152NLin6Asym_desc-x_pet.nii.gz", 40)
        .contains("acq-ictal"))
    var scene = Head.scene()
    scene.title = name
    for (columns, rows) in [(80, 24), (100, 30), (120, 40), (200, 60)] {
      let title = view(Head.model(scene, columns: columns, rows: rows)).text.prefix { $0 != "\n" }
      #expect(title.contains("sub-RAPIDTIDE01_ses-baseline"), "\(title)")
      #expect(title.contains("bold"), "\(title)")
    }
  }

  @Test func everythingTheListMeansIsSaidInWords() throws {
    var model = Self.model()
    _ = try Head.press(&model, "jj")
    let words = spoken(model).map { "\($0.topic): \($0.words)" }.joined(separator: "\n")
    #expect(words.contains("sub-02 ses-1"))
    #expect(words.contains("SPECT baseline"))
    #expect(words.contains("4 of 4 visits of 3 people"))
  }
}
