import Imaging
import Perfusion

extension CommandTopic {
  static let perfusion = CommandTopic(
    title: "Perfusion",
    lines: [
      .line(
        "proxy", "mean, alff, template, asl or gm", "what stands for perfusion before the camera",
        .of(ProxyChoice.self), field: .proxy
      ) {
        guard let proxy = ProxyChoice(rawValue: $1.text.lowercased()) else { return nil }
        return chooseProxy(&$0, proxy)
      },
      .line("losses", "what the camera loses, in numbers") { toggleLosses(&$0) },
      .line("contrast", "map of the local contrast that the camera loses") { model in
        guard model.scene.run != nil else {
          return refuse(&model, "lost contrast is that of a BOLD run (--bold)")
        }
        model.panes.right = .made(.lostContrast)
        return refreshRight(&model)
      },
      .line(
        "scan", "fbp, osem or osem-recovery", "the same under a rotating camera and back",
        .of(ScanMethod.self), run: scan),
      .line(
        "perfusion", "[X]", "numbers of the SPECT by region; clusters beyond ± X",
        .other(example: "2"), run: sheet),
      .line(
        "asymmetry", "lower or higher",
        "the SPECT's asymmetry, on the side that is lower (or higher)",
        .of(AsymmetrySide.self), run: compareSides),
      .line(
        "siscom", "aligned",
        "ICTAL (first SPECT) minus INTERICTAL (second), by SD; aligned: you state that they lie on each other",
        .words(["aligned"]), run: subtract),
    ])

  static let reference = CommandTopic(
    title: "Scale of perfusion",
    lines: [
      .line(
        "reference", "brain, REGION or FILE", "what the SPECT is in per cent of", .region,
        isSetting: true, isPersonal: true
      ) { model, typed in
        if typed.isEmpty { return nil }
        guard !model.scene.spects.isEmpty else {
          return refuse(&model, "there is no SPECT (--spect)")
        }
        noteSetting(&model, "reference " + typed.text)
        return [.reference(typed.text)]
      },
      .line(
        "palette", "NAME",
        "colours of perfusion: hot-iron, hot-metal-blue, pet, pet-20-step, grey, even",
        .of(Palette.self), field: .palette
      ) { model, typed in
        guard let palette = Palette(typed: typed.text) else {
          return refuse(
            &model, "palettes are " + Palette.allCases.map(\.rawValue).joined(separator: ", "))
        }
        // The palette is perfusion's: a marked right pane without it says so.
        if model.panes.rightHasFocus, !model.rightIsHot {
          return refuse(
            &model,
            "the marked pane shows no perfusion, which alone has a palette; "
              + "\(model.key(.cycleRight)) goes on")
        }
        model.shell.palette = palette
        return []
      },
    ])
}

@Sendable private func scan(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  guard let method = typed.isEmpty ? .fbp : ScanMethod(rawValue: typed.text.lowercased()) else {
    return nil
  }
  guard model.scene.run != nil else { return refuse(&model, "a scan is of a BOLD run (--bold)") }
  guard model.hasWorld else {
    return refuse(&model, "the sides are unknown: a camera around it has no meaning")
  }
  model.panes.right = .made(.scan)
  model.perfusion.made[.scan] = nil
  model.shell.progress = ("scanning", 0)
  return [.scan(model.averaging.camera, method)]
}

@Sendable private func compareSides(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  guard let side = typed.isEmpty ? .lower : AsymmetrySide(rawValue: typed.text.lowercased()) else {
    return nil
  }
  guard let n = shownSPECT(model) else { return refuse(&model, "there is no SPECT (--spect)") }
  guard model.hasWorld else {
    return refuse(&model, "the sides are unknown: asymmetry has no meaning")
  }
  return showMade(&model, .asymmetry(n, side))
}

@Sendable private func subtract(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  guard typed.isEmpty || typed.text.lowercased() == "aligned" else { return nil }
  if model.shell.isLoading { return refuse(&model, "the files are still being read") }
  if let reason = model.scene.subtractionRefusal { return refuse(&model, reason) }
  guard model.hasWorld else {
    return refuse(&model, "the sides are unknown: a subtraction has no places")
  }
  return showMade(&model, .subtraction(isStated: !typed.isEmpty))
}

@Sendable private func sheet(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  if typed.isEmpty, model.shell.panel == .perfusion {
    model.shell.panel = nil
    return []
  }
  guard let n = shownSPECT(model) else { return refuse(&model, "there is no SPECT (--spect)") }
  guard model.hasWorld else {
    return refuse(&model, "the sides are unknown: left and right cannot be compared")
  }
  var beyond: Double?
  if !typed.isEmpty {
    guard let x = typed.number, typed.numbers?.count == 1, x > 0, x < 1000 else { return nil }
    beyond = x
  }
  model.shell.panel = .perfusion
  model.perfusion.sheet = nil
  model.shell.progress = ("computing", 0)
  return [.perfusion(spect: n, clustersBeyond: beyond)]
}
