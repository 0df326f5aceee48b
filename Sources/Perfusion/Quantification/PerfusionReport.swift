package import Imaging

/// What a perfusion image is given in per cent of.
package enum PerfusionReference: Sendable, Equatable {
  /// The brain mask, or all regions of the atlas.
  case brain, atlas
  case cerebellum, pons, thalamus
  /// The mirrored place of each voxel.
  case contralateral
  /// Tissue that a comparison with normals finds unaffected.
  case cluster
  /// Every region of the atlas whose name begins so.
  case region(String)

  /// As a person writes it; anything that is no keyword is a region's name.
  package init(_ text: String) {
    switch text.lowercased() {
    case "brain", "whole-brain": self = .brain
    case "atlas": self = .atlas
    case "cerebellum": self = .cerebellum
    case "pons": self = .pons
    case "thalamus": self = .thalamus
    case "contralateral": self = .contralateral
    case "cluster": self = .cluster
    default: self = .region(text)
    }
  }

  /// Whether it falls itself when a large part of the brain does.
  package var isGlobal: Bool { self == .brain || self == .atlas }
}

/// A measured perfusion image, quantified.
package struct PerfusionReport: Sendable {
  /// Per cent of the reference on the image's own grid.
  package var percent: Volume
  /// The reference in words, its voxels and its mean in the stored unit; nil where each voxel has its
  /// own.
  package var reference: String
  package var referenceVoxels: Int
  package var referenceMean: Double?
  /// Where left and right are held against each other; nil when nothing needed it.
  package var mirror: MirrorPlane?
  /// Asymmetry index at every voxel; nil when not asked for.
  package var asymmetry: Volume?
  /// Where the index was looked at: the brain without its rim of so many mm.
  package var asymmetryRim = 0.0
  /// Its clusters lie on this one of two unequal sides.
  package var asymmetrySide = AsymmetrySide.lower
  package var normals: Normals?
  /// z against the normals within the brain; nil without them.
  package var z: Volume?
  /// The tissue that the normals show unaffected; nil without them.
  package var unaffected: ReferenceCluster?
  /// The reference's own mean by that of unaffected tissue, both against normals; 1 is intact.
  package var referenceShare: Double?
  package var table: [RegionRow] = []
  /// Why there is no table; nil where there is one or none was asked for.
  package var tableRefusal: String?
  /// What the clusters are clusters of, in words.
  package var clusteredMap: String?
  package var clusters: [PerfusionCluster] = []
  /// The largest clusters of healthy people; nil without single normals.
  package var healthyClusters: HealthyClusters?
  /// What a person must know before believing a number.
  /// What of the brain has no counts like the rest, in words; nil for little.
  package var lacking: String?
  package var warnings: [String] = []

  package init(
    percent: Volume, reference: String, referenceVoxels: Int, referenceMean: Double?
  ) {
    self.percent = percent
    self.reference = reference
    self.referenceVoxels = referenceVoxels
    self.referenceMean = referenceMean
  }
}

/// The sentence that goes with every asymmetry, wherever it is told.
///
/// ±10 % is what is customarily taken as normal. Region values of 89 healthy people have an SD of 4.8 %
/// between people (Van Laere 2001, Eur J Nucl Med, doi 10.1007/s002590100549): two independent sides would
/// give an index with an SD of 4.8 √2 = 6.8 %, and the sides of one brain are less independent than that. Of
/// SPM's mean of 90 normal scans, by the AAL regions, the posterior cingulum has +13 %.
package let asymmetryCaution =
  "differences of about ±10 % between the sides are found in healthy people: an asymmetry is no finding by itself"

extension PerfusionReport {
  /// How far a reference may fall below unaffected tissue before it is said: about the SD between
  /// normal people.
  package static let tolerance = 0.04
}
