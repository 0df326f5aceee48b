import Basics
package import CellUI
import Imaging
package import Viewer

/// The loop between a terminal and the model: messages in, one picture out.
///
/// One thread runs it and owns both. All that waits is taken in before anything is drawn, so that a
/// held key never builds a backlog.
package struct ViewerLoop {
  /// Who carries out what the viewer asks for: another one for each person that is opened.
  package let sessions: ViewerSessions
  package let mailbox: Mailbox
  /// A script waits for the answers to each key before it presses the next.
  package let isScripted: Bool
  package let start: ViewerStart
  /// Takes the place of the picture where words are wanted.
  package var speak: ((Model) -> Void)?
  /// Whether a signal asks for the end: looked at between any two steps.
  package var mustEnd: () -> Bool = { false }

  package init(
    sessions: ViewerSessions, mailbox: Mailbox, isScripted: Bool, start: ViewerStart,
    speak: ((Model) -> Void)? = nil
  ) {
    self.sessions = sessions
    self.mailbox = mailbox
    self.isScripted = isScripted
    self.start = start
    self.speak = speak
  }

  /// Runs until the person leaves; returns the last state.
  package func run(_ terminal: inout some Terminal) -> Model {
    var model = Model(size: terminal.size, capabilities: terminal.capabilities)
    start.prepare(&model)
    var isDirty = true
    var clock = TickClock()
    let first = start.folder.map { model.browse($0) } ?? firstRequests(&model)
    for request in first { sessions.perform(request) }
    while !model.shell.hasEnded, !mustEnd() {
      if takeAnswers(&model, &terminal) { isDirty = true }
      if isScripted, sessions.isBusy {
        mailbox.wait(milliseconds: 1000)
        continue
      }
      if isScripted, !mailbox.isEmpty { continue }
      // A movie goes on while nobody types; a script steps it with keys.
      if !isScripted, clock.takesStep(every: model.tickMilliseconds, at: .now) {
        carryOut(update(&model, by: .tick), &model, &terminal)
        isDirty = true
      }
      if isDirty {
        if let speak { speak(model) } else { terminal.show(view(model)) }
        // Seen with the next picture: a line about itself would never be true.
        model.shell.cost = terminal.cost
        isDirty = false
      }
      let patience =
        isScripted ? nil : clock.millisecondsLeft(every: model.tickMilliseconds, at: .now)
      guard
        let event = terminal.nextEvent(
          withinMilliseconds: mailbox.isEmpty ? min(patience ?? 500, 500) : 0)
      else { continue }
      // A window moved to another screen may have other cells.
      if model.shell.capabilities != terminal.capabilities {
        model.shell.capabilities = terminal.capabilities
      }
      var requests = update(&model, by: .event(event))
      if !isScripted {
        // What was typed meanwhile; a script is answered key by key instead.
        var taken = 0
        let end = ContinuousClock.now + .milliseconds(200)
        // What comes after somebody was opened is of whom is opened.
        while taken < 5000, !model.shell.hasEnded, !mustEnd(), ContinuousClock.now < end,
          !requests.contains(where: \.opensVisit),
          let next = terminal.nextEvent(withinMilliseconds: 0)
        {
          requests += update(&model, by: .event(next))
          taken += 1
        }
      }
      requests = newest(requests)
      carryOut(requests, &model, &terminal)
      isDirty = true
      if !isScripted, !model.shell.hasEnded {
        // A seed map takes milliseconds: one picture with it is better than two.
        mailbox.waitForResults(of: requests.filter(\.isQuick).map(\.id), milliseconds: 25)
      }
    }
    sessions.stop()
    return model
  }

  /// Takes in what background work answered; whether there was anything.
  private func takeAnswers(_ model: inout Model, _ terminal: inout some Terminal) -> Bool {
    var hasAny = false
    // Answers of whole volumes take their time; keys and pictures do not wait for all of them.
    let end = ContinuousClock.now + .milliseconds(100)
    while let message = mailbox.take() {
      let requests = update(&model, by: message)
      sessions.hasTaken(message)
      carryOut(requests, &model, &terminal)
      hasAny = true
      if mustEnd() || !isScripted && ContinuousClock.now > end { break }
    }
    return hasAny
  }

  private func carryOut(
    _ requests: [Request], _ model: inout Model, _ terminal: inout some Terminal
  ) {
    for request in requests {
      switch request.effect {
      case .suspend: terminal.suspend()
      case .redraw: terminal.repaint()
      case .quit: break
      case .openVisit(let place, let choice): open(place, choice, &model)
      case .openSeries(let places, let listing): open(places, listing, &model)
      default: sessions.perform(request)
      }
    }
  }

  /// Another visit takes the place of all that is on screen.
  private func open(_ place: BrowserPlace, _ choice: BrowserChoice, _ model: inout Model) {
    guard sessions.open(choice, leaving: model) else { return model.nobodyWasOpened() }
    for request in model.begin(place, choice) { sessions.perform(request) }
    model.tellOpening(sessions.openingNotes)
  }

  /// DICOM series take the place of all that is on screen.
  private func open(_ places: [Int], _ listing: Int, _ model: inout Model) {
    do throws(Problem) {
      guard try sessions.openSeries(places, listing, leaving: model) else {
        return model.nobodyWasOpened()
      }
    } catch {
      return model.refuseOpening(error)
    }
    for request in model.begin(nil, BrowserChoice(row: 0, carries: false)) {
      sessions.perform(request)
    }
    model.tellOpening(sessions.openingNotes)
  }

  /// Of several maps or simulations asked for in one go only the last is made.
  private func newest(_ requests: [Request]) -> [Request] {
    var seen: Set<OvertakenWork> = []
    var out: [Request] = []
    for request in requests.reversed() {
      if let kind = request.effect.overtakes, !seen.insert(kind).inserted { continue }
      out.insert(request, at: 0)
    }
    return out
  }
}

extension Request {
  fileprivate var opensVisit: Bool {
    switch effect {
    case .openVisit, .openSeries: true
    default: false
    }
  }

  /// Whether its picture mostly comes within the time of one drawing.
  fileprivate var isQuick: Bool {
    switch effect.overtakes {
    case .map, .simulation, .slice: true
    default: false
    }
  }
}
