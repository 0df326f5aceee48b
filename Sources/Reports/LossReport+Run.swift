package import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Study
package import Workflows

extension LossReport {
  /// What is lost of the seed map, or of what stands for perfusion; nil without either.
  package init?(
    of source: inout AveragedRun, _ proxies: ProxyRequest, networks: String?, progress: WorkProgress
  ) throws(Problem) {
    let mask = source.loaded.run.mask
    guard proxies.isConnectivity else {
      guard let proxy = source.proxy else { return nil }
      self.init(
        try simulateSPECT(of: source.prepared, proxy: proxy, source.settings, progress: progress),
        mask)
      return
    }
    let seed = try source.seed(proxies.seed)
    let reduced = try source.prepared.cleaned(frames: source.window.frames, progress: progress)
    let found = try blurredConnectivity(
      of: reduced, seed, averaging: source.settings.averaging, progress: progress)
    var groups: (labels: [Int32], names: [Int32: String])?
    if let networks {
      source.inputs.append(try Provenance("networks", file: networks))
      groups = try source.study.readNetworkLabels(networks, on: mask)
    }
    let names =
      source.loaded.space == .mni152 && source.loaded.description.laterality == .known
      ? try AtlasFiles.standard() : nil
    self.init(
      source.settings.averaging, source.window, mask, found, groups: groups?.labels,
      name: { place, label in groups?.names[label] ?? names?.name(at: place) ?? "" })
  }
}
