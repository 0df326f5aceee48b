import Basics
import CellUI
import Imaging

/// Keys while the list of people is on screen; nil for those that mean the same as elsewhere.
func actOnBrowser(_ model: inout Model, _ action: Action) -> [Effect]? {
  if model.showsSeries { return actOnSeries(&model, action) }
  if let effects = actOnPeople(&model, action) { return effects }
  guard model.showsPeople else { return nil }
  let page = max(1, model.shell.size.rows / 2)
  switch action {
  case .down, .next: return moveLine(&model, 1)
  case .up, .previous: return moveLine(&model, -1)
  case .sliceBack: return moveLine(&model, page)
  case .sliceForward: return moveLine(&model, -page)
  case .firstLine: return moveLine(&model, -wholeList)
  case .lastLine: return moveLine(&model, wholeList)
  case .right, .otherPane: return lookAtRuns(&model)
  case .left:
    model.browser.run = nil
    return []
  case .accept: return openSelected(&model)
  case .searchPeople:
    var prompt = Prompt(purpose: .people, text: model.browser.search)
    prompt.isProposal = !prompt.text.isEmpty
    model.shell.prompt = prompt
    return []
  case .filterPeople:
    nextFilter(&model)
    return askFacts(model)
  case .sortPeople:
    model.browser.order = next(model.browser.order)
    model.browser.refresh()
    model.browser.line = 0
    return askFacts(model, all: true)
  case .people:
    model.browser.run = nil
    return leaveList(&model)
  default:
    // What belongs to a picture does nothing while none is seen.
    return isPictureKey(action) ? [] : nil
  }
}

/// Whether a key does nothing while no picture is seen.
func isPictureKey(_ action: Action) -> Bool {
  CommandRegistry.of(action).map { isOfPicture($0) } ?? false
}

/// Whether a key speaks of a picture.
private func isOfPicture(_ spec: CommandSpec) -> Bool {
  guard let action = spec.key?.action else { return false }
  return ![.quit, .suspend, .redraw, .help, .back, .command, .lesson].contains(action)
}

/// The next filter that shows anybody.
private func nextFilter(_ model: inout Model) {
  repeat {
    model.browser.filter = next(model.browser.filter)
    model.browser.line = 0
    model.browser.refresh()
  } while model.browser.shown.isEmpty && model.browser.filter != .all
}

private func next<T: CaseIterable & Equatable>(_ value: T) -> T where T.AllCases == [T] {
  let all = T.allCases
  let at = all.firstIndex(of: value) ?? 0
  return all[(at + 1) % all.count]
}

/// Keys that go from person to person, wherever one is; nil for all others.
private func actOnPeople(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .people where !model.browser.isOpen: return openList(&model)
  case .nextPerson: return stepPerson(&model, 1)
  case .previousPerson: return stepPerson(&model, -1)
  case .nextVisit: return stepVisit(&model, 1)
  case .previousVisit: return stepVisit(&model, -1)
  case .anotherSpace: return stepRun(&model) { $0.series == $1.series && $0.space != $1.space }
  case .anotherRun: return stepRun(&model) { $0.series != $1.series && $0.space == $1.space }
  case .rateGood: return review(&model, rating: "good")
  case .rateDoubtful: return review(&model, rating: "doubtful")
  case .rateBad: return review(&model, rating: "bad")
  case .noteVisit: return review(&model, rating: nil)
  default: return nil
  }
}

/// More lines than any list has.
let wholeList = 1 << 40

/// A notch of the wheel over a list.
func wheelOverList(_ model: inout Model, _ step: Int) -> [Effect] {
  let lines = step * 3
  return model.showsSeries ? moveSeries(&model, lines) : moveLine(&model, lines)
}

let noFolderWords = "no folder of people is open: boldspect FOLDER, or :open FOLDER"

// MARK: - The list

func openList(_ model: inout Model) -> [Effect] {
  guard model.browser.listing != nil else { return refuse(&model, noFolderWords) }
  model.targets.list = nil
  model.shell.panel = nil
  model.browser.isOpen = true
  model.browser.run = nil
  // Back to who is on screen, and of several series to the one that is.
  if let place = model.browser.opened, let line = model.browser.shown.firstIndex(of: place.visit) {
    model.browser.line = line
    if model.browser.selected?.hasSeveralSeries == true { model.browser.run = place.run }
  }
  // What was kept since is shown.
  let again =
    model.browser.opened.map {
      [Effect.learnVisits([$0.visit], listing: model.browser.listing?.number ?? 0)]
    } ?? []
  return again + askFacts(model)
}

/// One step back: out of the runs, out of what narrows the list, then to the picture.
func closeList(_ model: inout Model) -> [Effect] {
  if model.browser.run != nil {
    model.browser.run = nil
    return []
  }
  if !model.browser.search.isEmpty || model.browser.filter != .all {
    model.browser.search = ""
    model.browser.filter = .all
    model.browser.refresh()
    return []
  }
  return leaveList(&model)
}

/// To the picture, where there is one.
func leaveList(_ model: inout Model) -> [Effect] {
  guard model.browser.opened != nil || model.scene.grid != nil else {
    let what = model.browser.series.isShown ? "a series" : "a person"
    return refuse(&model, "Enter opens \(what); q leaves")
  }
  model.browser.isOpen = false
  return []
}

private func moveLine(_ model: inout Model, _ step: Int) -> [Effect] {
  if let run = model.browser.run {
    let count = model.browser.selected?.runs.count ?? 0
    model.browser.run = max(0, min(count - 1, run + step))
    return []
  }
  let count = model.browser.shown.count + (model.browser.listing?.hasDICOM == true ? 1 : 0)
  let last = max(0, count - 1)
  model.browser.line = max(0, min(last, model.browser.line + step))
  return askFacts(model)
}

private func lookAtRuns(_ model: inout Model) -> [Effect] {
  guard let visit = model.browser.selected else { return [] }
  guard visit.runs.count > 1 else {
    return refuse(&model, visit.runs.isEmpty ? "there is no BOLD run" : "there is one BOLD run")
  }
  model.browser.run = model.browser.run == nil ? 0 : nil
  return []
}

/// Minutes, motion and records of the lines that are seen, and of those around them.
///
/// - Parameter all: where the order or a filter needs those of every line.
func askFacts(_ model: Model, all: Bool = false) -> [Effect] {
  guard let visits = model.browser.listing?.visits else { return [] }
  let near = max(0, model.browser.line - 60)..<(model.browser.line + 60)
  let wanted =
    all || model.browser.filter != .all
    ? Array(visits.indices)
    : model.browser.shown.indices.filter(near.contains).map { model.browser.shown[$0] }
  let number = model.browser.listing?.number ?? 0
  let asked = Set(
    model.requests.pending.values.flatMap { effect -> [Int] in
      guard case .learnVisits(let those, let list) = effect, list == number else { return [] }
      return those
    })
  let open = wanted.filter { !visits[$0].summary.isRead && !asked.contains($0) }
  return open.isEmpty ? [] : [.learnVisits(open, listing: model.browser.listing?.number ?? 0)]
}

/// What is typed after `/` narrows the list at once.
///
/// - Parameter key: that was typed; Esc takes the search back.
func followSearch(_ model: inout Model, _ before: Prompt?, _ key: Key) {
  if before?.purpose == .people, key == .escape || key == .control("c") {
    model.browser.search = ""
    model.browser.refresh()
    return
  }
  guard let prompt = model.shell.prompt, prompt.purpose == .people else { return }
  guard prompt.text != model.browser.search else { return }
  model.browser.search = prompt.text
  model.browser.line = 0
  model.browser.refresh()
}

// MARK: - Opening

/// The run that the arrows are on, else the visit's most useful one.
private func openSelected(_ model: inout Model) -> [Effect] {
  if model.browser.isOnDICOM, let root = model.browser.listing?.root {
    return [.browseSeries(root)]
  }
  guard let visit = model.browser.selectedVisit else {
    return refuse(&model, "nobody is in the list")
  }
  return open(&model, visit: visit, run: model.browser.run, carries: false)
}

func open(
  _ model: inout Model, visit: Int, run: Int?, carries: Bool, changed: [String: String] = [:]
) -> [Effect] {
  guard let found = model.browser.listing?.visits[visit] else { return [] }
  let wanted = run ?? found.runs.firstIndex { !$0.isAbsent && !$0.isStrangers }
  if let wanted, found.runs[wanted].isAbsent {
    return refuse(&model, "its content is absent: the link leads nowhere (datalad get brings it)")
  }
  let images = (found.spects + found.anatomies).filter { !$0.isAbsent }
  guard wanted != nil || changed[askedFile] != nil || images.contains(where: { !$0.isStrangers })
  else {
    if let strangers = images.first?.name ?? found.runs.first(where: { !$0.isAbsent })?.name {
      return refuse(
        &model,
        "\(visibleText(strangers, limit: 60)) is named as another person's: `boldspect` with its path, or :open and its path, opens it"
      )
    }
    return refuse(&model, "there is nothing of \(visibleText(found.title)) that can be opened")
  }
  let place = BrowserPlace(visit: visit, run: wanted)
  // Keys that were typed meanwhile are of whom is opened, and of nobody else.
  model.browser.opened = place
  model.browser.isOpen = false
  return [
    .openVisit(
      place,
      BrowserChoice(
        listing: model.browser.listing?.number ?? 0,
        row: wanted.map { found.runs[$0].row } ?? -1 - visit, carries: carries, changed: changed))
  ]
}

/// By which a choice names the file that was asked for by its own name.
package let askedFile = "asked"

/// The next person's visit of the same session, and of it the run that is most like the one on screen.
private func stepPerson(_ model: inout Model, _ step: Int) -> [Effect] {
  guard let listing = model.browser.listing else { return refuse(&model, noFolderWords) }
  let from = model.showsPeople ? model.browser.selectedVisit : model.browser.opened?.visit
  guard let from else { return refuse(&model, "nobody is open") }
  let subject = listing.visits[from].subject
  // As the list is shown; where the one on screen is not in it, as the folder has it.
  let order =
    model.browser.shown.contains(from) ? model.browser.shown : Array(listing.visits.indices)
  guard let at = order.firstIndex(of: from) else { return [] }
  var n = at
  repeat {
    n += step
  } while order.indices.contains(n) && listing.visits[order[n]].subject == subject
  guard order.indices.contains(n) else {
    let isAll = order.count == listing.visits.count
    return refuse(
      &model,
      "this is the \(step > 0 ? "last" : "first") person"
        + (isAll
          ? ""
          : " of those that the list is narrowed to, \(order.count) of \(listing.visits.count) visits; F and Esc show all")
    )
  }
  let person = listing.visits[order[n]].subject
  let theirs = order.filter { listing.visits[$0].subject == person }
  let session = listing.visits[from].session
  let visit = theirs.first { listing.visits[$0].session == session } ?? theirs[0]
  if model.showsPeople {
    model.browser.line = model.browser.shown.firstIndex(of: visit) ?? model.browser.line
    model.browser.run = nil
    return askFacts(model)
  }
  return open(&model, visit: visit, run: like(model, in: listing.visits[visit]), carries: true)
}

private func stepVisit(_ model: inout Model, _ step: Int) -> [Effect] {
  guard let listing = model.browser.listing else { return refuse(&model, noFolderWords) }
  let from = model.showsPeople ? model.browser.selectedVisit : model.browser.opened?.visit
  guard let from else { return refuse(&model, "nobody is open") }
  let n = from + step
  guard listing.visits.indices.contains(n),
    listing.visits[n].subject == listing.visits[from].subject
  else {
    return refuse(
      &model,
      "this is the \(step > 0 ? "last" : "first") visit of \(visibleText(listing.visits[from].subject))"
    )
  }
  if model.showsPeople {
    model.browser.line = model.browser.shown.firstIndex(of: n) ?? model.browser.line
    model.browser.run = nil
    return askFacts(model)
  }
  return open(&model, visit: n, run: like(model, in: listing.visits[n]), carries: true)
}

/// The next run of the same visit that a rule allows.
private func stepRun(
  _ model: inout Model, _ allows: (BrowserRun, BrowserRun) -> Bool
) -> [Effect] {
  guard let place = model.browser.opened, let visit = model.browser.openedVisit else {
    return refuse(&model, model.browser.listing == nil ? noFolderWords : "nobody is open")
  }
  guard let at = place.run, visit.runs.indices.contains(at) else {
    return refuse(&model, "there is no BOLD run on screen")
  }
  let count = visit.runs.count
  let others = (1..<max(1, count)).map { (at + $0) % count }
  guard
    let n = others.first(where: {
      allows(visit.runs[at], visit.runs[$0]) && !visit.runs[$0].isAbsent
    })
  else { return refuse(&model, "there is no other one of this visit") }
  return open(&model, visit: place.visit, run: n, carries: true)
}

/// The run of another visit that has the space and the series of the one on screen, as far as there is one.
private func like(_ model: Model, in visit: BrowserVisit) -> Int? {
  guard let place = model.browser.opened, let now = model.browser.openedVisit,
    let at = place.run, now.runs.indices.contains(at)
  else { return nil }
  let wanted = now.runs[at]
  return visit.runs.firstIndex {
    $0.space == wanted.space && $0.series == wanted.series && $0.isOpenedByItself
  }
    ?? visit.runs.firstIndex {
      $0.space == wanted.space && $0.task == wanted.task && $0.isOpenedByItself
    }
    ?? visit.runs.firstIndex { $0.space == wanted.space && $0.isOpenedByItself }
}

extension BrowserRun {
  fileprivate var series: [String?] { [task, run] }
  fileprivate var isOpenedByItself: Bool { !isAbsent && !isStrangers }
}

// MARK: - What is said of a visit

/// Of which scan something is said: settled when the key is pressed, whatever the list does until it is typed.
struct ReviewSubject: Equatable, Sendable {
  let row: Int
  let listing: Int
}

extension Model {
  /// The scan that is looked at now; else why there is none.
  fileprivate var reviewSubject: (subject: ReviewSubject?, refusal: String) {
    guard let listing = browser.listing else { return (nil, noFolderWords) }
    guard let visit = showsPeople ? browser.selectedVisit : browser.opened?.visit else {
      return (nil, "nobody is open")
    }
    let run = showsPeople ? browser.run : browser.opened?.run
    if showsPeople, run == nil, listing.visits[visit].hasSeveralSeries {
      let key = ways.keys.shown(.right)?.split(separator: " ").first ?? ":right"
      return (
        nil, "this visit has several runs: \(key) goes to them, and each is rated by itself"
      )
    }
    let runs = listing.visits[visit].runs
    let row = run.flatMap { runs.indices.contains($0) ? runs[$0].row : nil } ?? runs.first?.row
    return (ReviewSubject(row: row ?? -1 - visit, listing: listing.number), "")
  }
}

/// A good run needs no words; why another is doubtful or bad is asked, and so is a note.
///
/// - Parameters:
///   - rating: nil for a note.
///   - text: what was typed already; nil asks for it.
func review(_ model: inout Model, rating: String?, text: String? = nil) -> [Effect] {
  let (subject, refusal) = model.reviewSubject
  guard let subject else { return refuse(&model, refusal) }
  if let text { return keepReview(subject, rating: rating, text) }
  if rating == "good" { return keepReview(subject, rating: rating, "") }
  var prompt = Prompt(
    purpose: rating == nil ? .visitNote : rating == "bad" ? .ratingBad : .ratingDoubtful, text: "")
  prompt.subject = subject
  model.shell.prompt = prompt
  return []
}

func keepReview(_ subject: ReviewSubject?, rating: String?, _ text: String) -> [Effect] {
  guard let subject, rating != nil || !text.isEmpty else { return [] }
  return [.review(row: subject.row, listing: subject.listing, rating: rating, text: text)]
}
