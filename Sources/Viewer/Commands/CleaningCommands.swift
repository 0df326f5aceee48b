import Connectivity

extension CommandTopic {
  static let cleaning = CommandTopic(
    title: "Cleaning",
    lines: [
      .cleaning("band", "LO,HI or none", "frequencies kept, in hertz", .other(example: "0.01,0.1"))
      {
        choice, typed in
        if typed.text == "none" {
          choice.bandHertz = nil
        } else if let n = typed.numbers, n.count == 2, n[0] >= 0, n[1] > n[0] {
          choice.bandHertz = n[0]...n[1]
        } else {
          return false
        }
        choice.bandIsChosen = true
        return true
      },
      .cleaning("polort", "N", "degree of the drift polynomial", .number(0...10, "degree")) {
        guard let v = $1.number, v == v.rounded() else { return false }
        $0.polort = Int(v)
        return true
      },
      .cleaning("gsr", "on or off", "remove the global signal", .onOff) {
        guard let isOn = $1.isOn else { return false }
        $0.removesGlobalSignal = isOn
        return true
      },
      .cleaning("smooth", "MM", "smoothing after cleaning", .number(0...30, "mm")) {
        guard let v = $1.number else { return false }
        $0.smoothingFWHM = v
        return true
      },
      .cleaning(
        "highpass", "SECONDS or none", "cosine high-pass",
        .number(1.01...10_000, "seconds", orNone: true)
      ) {
        $0.highPassHertz = $1.number.map { 1 / $0 }
        return true
      },
      .cleaning(
        "preset", "24P, 36P, acompcor, …", "confounds by a published name",
        .of(NuisancePreset.self)
      ) { choice, typed in
        let wanted = typed.text.lowercased()
        guard
          let preset = NuisancePreset.allCases.first(where: { $0.rawValue.lowercased() == wanted })
        else { return false }
        choice.preset = preset
        choice.columns = []
        return true
      },
      .cleaning(
        "censor", "MM or none", "censor frames by displacement",
        .number(0.001...999, "mm", orNone: true)
      ) {
        $0.censoring.displacementMillimetres = $1.number
        return true
      },
      .cleaning("drop", "N", "first frames to drop", .number(0...999_999, "frames")) {
        guard let v = $1.number, v == v.rounded() else { return false }
        $0.droppedFrames = Int(v)
        return true
      },
    ])
}

extension CommandSpec {
  /// A command that changes what is removed from the run.
  ///
  /// - Parameter change: false where what was typed is not understood.
  fileprivate static func cleaning(
    _ name: String, _ takes: String, _ text: String, _ parameter: Parameter,
    _ change: @escaping @Sendable (inout CleaningChoice, TypedArgument) -> Bool
  ) -> CommandSpec {
    .line(name, takes, text, parameter, isSetting: true) { model, typed in
      // What was asked for and has not come yet counts: else a second command would undo the first.
      var choice = model.ways.wantedChoice ?? model.scene.choice
      guard change(&choice, typed) else { return nil }
      guard model.scene.run != nil else {
        return refuse(&model, "there is no BOLD run to clean (--bold)")
      }
      model.shell.progress = ("cleaning", 0)
      model.ways.wantedChoice = choice
      noteSetting(&model, name + " " + typed.text)
      return [.prepare(choice)]
    }
  }
}
