package import Basics
import Foundation
import ImageFiles
package import Imaging
package import Perfusion
import Study
package import Workflows

/// Views as `camera project` writes them: columns × rows × views, and a sidecar with what a
/// reconstruction needs.
package struct ProjectionsFile {
  package static let command = "camera project"
  /// As many as any image that is read.
  private static let mostVoxels = 1 << 31
  /// The member of the sidecar that nothing else has.
  package static let kind = "SPECT projections"

  package let scan: CameraScan
  package let space: Space
  package let formCode: Int
  /// Nil without noise.
  package let counts: Double?
  package let inputs: [Provenance]
  /// The parameters of the projections, for the next sidecar.
  package let parameters: JSON

  /// `x_mu.nii.gz` for `x.nii.gz`.
  package static func mapPath(_ image: String) -> String {
    let stem = sidecarPath(image).dropLast(5)
    return stem + "_mu" + image.dropFirst(stem.count)
  }

  package static func mapOutput(_ output: ImageOutput) -> ImageOutput {
    ImageOutput(output: mapPath(output.output), force: output.force)
  }

  /// The counts in the file's order; no voxel of it has a place in the world.
  package static func volume(_ p: Projections) -> Volume {
    let a = p.acquisition
    let affine = Affine(spacing: (a.pixel, a.pixel, 1), origin: WorldPoint(0, 0, 0))
    guard let grid = Grid(dimensions: (a.matrix, a.slices, a.views), worldFromVoxel: affine) else {
      preconditionFailure("a checked acquisition has a grid")
    }
    var values = [Float](repeating: 0, count: grid.count)
    for view in 0..<a.views {
      for column in 0..<a.matrix {
        for row in 0..<a.slices {
          values[column + a.matrix * (row + a.slices * view)] =
            p.values[(view * a.matrix + column) * a.slices + row]
        }
      }
    }
    return Volume(grid: grid, values: values)
  }

  package static func json(
    _ scan: CameraScan, formCode: Int, space: Space, mapHash: String?
  ) -> [(String, JSON)] {
    let a = scan.acquisition
    func geometry(_ grid: Grid) -> JSON {
      .object([
        ("shape", .array([.int(grid.nx), .int(grid.ny), .int(grid.nz)])),
        ("affine", .array(grid.worldFromVoxel.rows.map { .numbers($0) })),
      ])
    }
    return [
      ("kind", .string(kind)), ("axes", .string("columns, rows, views")),
      (
        "view_0",
        .string(
          "anterior; the camera turns towards the patient's right, columns run to its own left")
      ),
      (
        "collimator_sigma_mm",
        .object([
          ("slope", .number(a.collimator.slope)), ("at_face", .number(a.collimator.atFace)),
          ("intrinsic", .number(a.collimator.intrinsic)),
        ])
      ),
      ("counts_per_unit", .number(scan.countsPerUnit)),
      ("counts_recorded", .number(scan.projections.total)),
      ("camera_grid", geometry(scan.cameraGrid)), ("image_grid", geometry(scan.imageGrid)),
      ("image_form_code", .int(formCode)), ("image_space", .string(space.rawValue)),
      ("attenuation_map_sha256", .optional(mapHash)),
    ]
  }

  /// Reads views, their sidecar and their map.
  ///
  /// - Throws: anything that is not a whole set of these three as `camera project` wrote it.
  package init(_ path: String) throws(Problem) {
    let (d, volume) = try readSingleVolume(path)
    func refuse(_ what: String) -> Problem {
      Problem(
        .data, d.name, what, expected: "views that boldspect camera project wrote",
        remedy: "Make them with boldspect camera project")
    }
    guard d.isSimulated, d.affine == nil, let record = Record(sidecarOf: path) else {
      throw refuse("it is no file of projections with its sidecar beside it")
    }
    let p = record.parameters
    guard let cameraGrid = p.cameraGrid.grid, let imageGrid = p.imageGrid.grid,
      p.describes(volume, cameraGrid)
    else { throw refuse("its sidecar does not describe it") }
    let acquisition = try Acquisition(
      collimator: Collimator(
        name: p.collimator, slope: p.collimatorSigmaMm.slope,
        atFace: p.collimatorSigmaMm.atFace, intrinsic: p.collimatorSigmaMm.intrinsic),
      views: p.views, matrix: p.matrix, slices: p.slices, pixel: p.pixelMm, radius: p.radiusMm)
    // The image in the making, its spline and what is written.
    try MemoryBudget.require(
      MemoryBudget.product(16, imageGrid.nx, imageGrid.ny, imageGrid.nz), of: d.name,
      for: "an image of the size that its sidecar states", most: 16 * Self.mostVoxels)
    let projections = Self.projections(volume, acquisition)
    guard abs(projections.total - p.countsRecorded) <= 1e-5 * p.countsRecorded else {
      throw refuse("its counts are not those that its sidecar tells")
    }
    var inputs = [Provenance("projections", d)]
    var attenuation: [Float]?
    if let hash = p.attenuationMapSha256 {
      attenuation = try Self.attenuationMap(beside: path, sha256: hash, acquisition, of: d.name)
      inputs.append(
        Provenance("attenuation map", path: Self.mapPath(path), sha256: hash))
    }
    scan = CameraScan(
      projections: projections, cameraGrid: cameraGrid, imageGrid: imageGrid,
      attenuation: attenuation, countsPerUnit: p.countsPerUnit, scatter: p.scatterFraction)
    space = Space(named: p.imageSpace) ?? .native
    formCode = p.imageFormCode
    counts = p.noiseSeed == nil ? nil : p.counts
    self.inputs = inputs
    parameters = p.json
  }

  /// The counts of a file's volume; the way back from `volume`.
  private static func projections(_ volume: Volume, _ a: Acquisition) -> Projections {
    var values = [Float](repeating: 0, count: volume.values.count)
    for view in 0..<a.views {
      for row in 0..<a.slices {
        for column in 0..<a.matrix {
          values[(view * a.matrix + column) * a.slices + row] =
            volume.values[column + a.matrix * (row + a.slices * view)]
        }
      }
    }
    return Projections(a, values: values)
  }

  private static func attenuationMap(
    beside path: String, sha256: String, _ acquisition: Acquisition, of projections: String
  ) throws(Problem) -> [Float] {
    let (d, map) = try readSingleVolume(mapPath(path))
    guard d.sha256 == sha256, map.grid.count == acquisition.imageCount else {
      throw Problem(
        .data, d.name, "it is not the attenuation map that was made with \(projections)",
        expected: "the file that camera project wrote beside it")
    }
    return map.values
  }

  /// The sidecar as JSON tells it; its names are those of the file without their underscores.
  private struct Record: Decodable {
    struct Geometry: Decodable {
      var shape: [Int]
      var affine: [[Double]]

      var grid: Grid? {
        guard shape.count == 3, shape.allSatisfy({ (1...32767).contains($0) }), affine.count == 3,
          affine.allSatisfy({ $0.count == 4 })
        else { return nil }
        return Grid(
          dimensions: (shape[0], shape[1], shape[2]), worldFromVoxel: Affine(rows: affine))
      }
    }
    struct Widths: Decodable {
      var slope: Double
      var atFace: Double
      var intrinsic: Double
    }
    struct Parameters: Decodable {
      var kind: String
      var collimator: String
      var collimatorSigmaMm: Widths
      var intrinsicFwhmMm: Double
      var views: Int
      var matrix: Int
      var slices: Int
      var pixelMm: Double
      var radiusMm: Double
      var counts: Double
      var noiseSeed: String?
      var scatterFraction: Double
      var attenuation: String
      var muPerCm: Double?
      var countsPerUnit: Double
      var countsRecorded: Double
      var cameraGrid: Geometry
      var imageGrid: Geometry
      var imageFormCode: Int
      var imageSpace: String
      var attenuationMapSha256: String?

      /// Whether a file of counts and the camera's image have these sizes, and every number is one that
      /// `camera project` writes.
      func describes(_ volume: Volume, _ camera: Grid) -> Bool {
        let counts = volume.grid
        let sigma = collimatorSigmaMm
        return counts.nx == matrix && counts.ny == slices && counts.nz == views
          && camera.nx == matrix && camera.ny == matrix && camera.nz == slices
          // A code that a header can hold; 0 would be a place that nobody knows.
          && (1...Int(Int16.max)).contains(imageFormCode)
          && countsPerUnit > 0 && countsPerUnit.isFinite && (0...2).contains(scatterFraction)
          && (0...0.2).contains(sigma.slope) && (0...20).contains(sigma.atFace)
          && (0...20).contains(sigma.intrinsic) && sigma.atFace + sigma.intrinsic > 0
          && volume.values.allSatisfy { $0.isFinite && $0 >= 0 }
      }

      /// What the next sidecar says of the projections.
      var json: JSON {
        .object([
          ("collimator", .string(collimator)),
          ("intrinsic_fwhm_mm", .number(intrinsicFwhmMm)),
          ("views", .int(views)), ("matrix", .int(matrix)), ("slices", .int(slices)),
          ("pixel_mm", .number(pixelMm)), ("radius_mm", .number(radiusMm)),
          ("counts", .number(counts)), ("noise_seed", .optional(noiseSeed)),
          ("scatter_fraction", .number(scatterFraction)), ("attenuation", .string(attenuation)),
          ("mu_per_cm", .optional(muPerCm)),
        ])
      }
    }
    var command: String
    var parameters: Parameters

    init?(sidecarOf path: String) {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      guard let text = try? readTextFile(sidecarPath(path)),
        let found = try? decoder.decode(Record.self, from: Data(text.utf8)),
        found.command == ProjectionsFile.command, found.parameters.kind == ProjectionsFile.kind
      else { return nil }
      self = found
    }
  }
}
