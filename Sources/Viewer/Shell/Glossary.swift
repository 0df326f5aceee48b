/// Words and abbreviations of the screens, one meaning each: help finds them.
enum Glossary {
  struct Entry {
    let word: String
    let meaning: String
  }

  static let entries: [Entry] = [
    // Numbers at the cursor.
    Entry("r", "Pearson correlation with the seed's mean series, −1 to 1; a length is told in mm"),
    Entry("Fisher z", "artanh r: what correlations are averaged and compared as"),
    Entry("z", "beside mm: the slice; r's z and z normals: below"),
    Entry("r's z", "the normal quantile of r's p, by N eff here"),
    Entry(
      "z normals",
      "this person's perfusion against normals; where their number is known, as rare as such a z is"
    ),
    Entry(
      "r's p",
      "how often chance alone gives as strong an r at this one voxel; region-wide p: below"),
    Entry("q", "the share of false finds among all voxels as strong (false discovery rate)"),
    Entry(
      "N eff",
      "effective number of observations, frames worth something: here, or the map's median"
    ),
    Entry("DOF", "degrees of freedom that cleaning leaves of the frames"),
    Entry("W", "Kendall's coefficient of concordance, 0 to 1: how alike neighbours run (ReHo)"),
    Entry("SD", "standard deviation"), Entry("Δz/SE", "change of Fisher z by its standard error"),
    Entry("SE", "standard error: how far a number is known"),
    Entry("AI", "asymmetry index 200 (L − R)/(L + R) per cent; negative: LEFT has less"),
    Entry(
      "AI 2 voxels",
      "AI of this one voxel and its mirrored one; AI map: of the map, at the SPECT's own voxel"),
    Entry("mirror", "the SPECT at the mirrored place of the other side"),
    Entry("recovery", "value after the camera by the value before it; above 1 activity spilled in"),
    Entry(
      "contrast kept", "how much of a place's difference from its surroundings the camera leaves"),
    Entry(
      "unscaled", "the SPECT's own number, laid onto the voxel shown, before it is put in per cent"),
    // The run and its cleaning.
    Entry("BOLD", "blood-oxygen signal of functional MRI"),
    Entry("TR", "seconds from frame to frame"),
    Entry(
      "GSR", "global-signal removal: the brain's mean series taken out; it makes more r negative"),
    Entry(
      "ALFF", "amplitude of slow fluctuations (0.01–0.08 Hz); fALFF: by that of all frequencies"),
    Entry("FD", "framewise displacement: how far the head moved from frame to frame, in mm"),
    Entry("DVARS", "how much the whole image changed from frame to frame"),
    Entry("FWHM", "full width at half maximum of a blur, in mm"),
    // Places and sides.
    Entry("RAS+", "millimetres that grow to the right, to the front and upwards"),
    Entry("MNI152", "the standard brain's space; native: the person's own"),
    Entry("LEFT RIGHT", "sides of the person, never of the screen"),
    Entry(
      "L R A P S I", "left, right, front, back, up and down of the person, at the picture's edges"),
    Entry(
      "RADIOLOGICAL", "the person's right is at the picture's left; NEUROLOGICAL: at its right"),
    Entry("MIDLINE", "within 1 mm of the middle in MNI152, 5 mm where it was derived: on no side"),
    Entry(
      "SIDE UNKNOWN", "the file does not say which side is left: no place has a name or millimetres"
    ),
    // What a picture is.
    Entry("SYNTHETIC PERSON", "the sample: a made-up person with known answers"),
    Entry(
      "SIMULATED", "what a camera would have kept; no camera was there and nothing was measured"),
    Entry(
      "MAP BLURRED", "the correlation map through the camera; SERIES: every frame, then correlated"),
    Entry("SPECT", "perfusion by a gamma camera: centimetres, one average over minutes"),
    Entry("FBP OSEM", "ways to reconstruct an image from a camera's views"),
    Entry("both MNI152", "both headers state that space; nobody compared the two images"),
    Entry(
      "NOT REGISTERED", "no transform laid the image over the other: a place may be another there"),
    Entry("REGISTERED", "laid over by a transform; NOT ACCEPTED until a person looked and said so"),
    Entry("mask DERIVED", "no mask was given: the brain was found by brightness"),
    Entry(
      "outlined", "SPECT beyond normals: white where z is 2 or more, blue where it is −2 or less"),
    Entry(
      "segr.", "system segregation: how much more a network is coupled within than with others"),
    Entry("levels", "how many colours of a scale the terminal surely shows apart"),
    // The list of people.
    Entry("kept", "minutes that censoring at 0.5 mm (FD) leaves"),
    Entry("reg", "SPECT over the run: MNI both say so, yes a person accepted it, no nobody did"),
    Entry("tgt", "targets that a person accepted"),
    Entry("good?", "found by the file's size and time; opening it proves that it is the same file"),
    // Targets.
    Entry("95 % radius", "holds the site, if there is one, in 95 of 100 such searches of one scan"),
    Entry(
      "region-wide p",
      "of a candidate's peak: how often another seed of the same brain finds as strong a place in the region"
    ),
    Entry(
      "agreement of halves", "how near the targets of two halves of one scan lie; not of two days"),
    Entry(
      "GOES AWAY WEAKENS MOVES",
      "cleaned otherwise: less than half of the coupling is left or its sign turns; WEAKENS: at this place still; "
        + "MOVES: another place comes first, here at least half is left"),
    Entry(
      "budget", "all errors between the printed place and the tissue that a coil reaches, in mm"),
    Entry("snapping", "moving a place to grey matter; it counts in the radius"),
    Entry(
      "group optimum", "the published place of a group of people, no place of this person's own"),
    Entry("sgACC", "subgenual anterior cingulate, the seed of depression targets"),
    Entry("JAMA", "beside a study: Journal of the American Medical Association"),
    Entry("DLPFC", "dorsolateral prefrontal cortex, where the coil goes"),
    Entry("TMS", "transcranial magnetic stimulation"),
  ]
}

extension Glossary.Entry {
  init(_ word: String, _ meaning: String) {
    self.word = word
    self.meaning = meaning
  }
}
