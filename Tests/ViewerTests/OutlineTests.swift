import CellUI
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// Hyper- and hypoperfusion against normals, outlined on the SPECT.
@Suite struct OutlineTests {
  @Test func whatIsBeyondTwoDeviationsIsOutlinedOnItsSide() throws {
    var scene = Head.scene()
    let grid = try #require(scene.grid)
    let mask = try #require(scene.mask)
    let uptake = Small.volume(grid) { mask.contains($0) ? 100 : 0 }
    let left = WorldPoint(-32, -14, 20)
    let right = WorldPoint(32, -14, 20)
    let z = Small.volume(grid) { v in
      let w = grid.world(v)
      return w.distance(to: left) < 14 ? 3 : w.distance(to: right) < 14 ? -3 : 0
    }
    var spect = NamedSPECT(
      name: "s.nii",
      measured: MeasuredSPECT(
        uptake: try Uptake(uptake, reference: mask, name: "whole brain"), placement: .asStored),
      stored: uptake, isSimulated: false)
    spect.z = z
    scene.spects = [spect]
    scene.overlays = []
    // Without colour an outline above is +, one below is −.
    var model = Head.model(scene, columns: 160, rows: 45, colours: .none)
    model.cursor = WorldPoint(0, -14, 20)
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
      .map(Array.init)
    func columns(of glyph: Character) -> [Int] {
      lines[6..<36].flatMap { line in
        line.indices.filter { $0 > 80 && $0 < 158 && line[$0] == glyph }
      }
    }
    let above = columns(of: "+")
    let below = columns(of: "−")
    // Radiological: the person's left is on the screen's right.
    #expect(above.count > 8 && below.count > 8)
    #expect((above.min() ?? 0) > (below.max() ?? 999))
    _ = try Head.press(&model, "R")
    #expect(view(model).text.contains("outlined: z ≥ 2 white/+, ≤ −2 blue/−, n UNKNOWN"))
    model.scene.spects[0].normalsCount = 20
    #expect(view(model).text.contains("outlined: z ≥ 2 white/+, ≤ −2 blue/−, n 20"))
    model.cursor = left
    #expect(view(model).text.contains("z normals +3.0"))
    model.scene.spects[0].z = nil
    #expect(!view(model).text.contains("outlined"))
  }
}
