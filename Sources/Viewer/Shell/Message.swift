package import Basics
package import CellUI
package import Connectivity
package import Imaging
package import Perfusion
package import Targeting

/// What happens to the viewer: a key, or the answer to something it asked for.
package indirect enum Message: Sendable {
  case event(Event)
  /// What came of a request, and what that was made of; all that follow come inside one.
  case answer(RequestID, madeOf: MadeOf?, Message)
  /// The first frames of a run: there is something to show.
  case firstLook(Scene)
  case loaded(Scene)
  case cleaned(ReducedSeries)
  /// How the run is cleaned from now on.
  case prepared(CleaningChoice, Denoising, RunQuality, broadband: Projection?)
  /// z, p and q of the map that came before under the same name.
  case inference(MapInference)
  case activity(ActivityMap, Volume)
  case motion(RunQuality, Carpet)
  case matrix(ConnectivityMatrix)
  case networks(NetworkReport)
  case movie(WindowMovie)
  /// Coupling of the movie's seed with one voxel, with its null band.
  case windowBand(place: Int, WindowedPair)
  /// The second session's map and the change by its error.
  case change(
    SessionChange, second: Volume, ratio: Volume, networks: [NetworkChange] = [])
  /// A moment passed while a movie plays.
  case tick
  case seedMap(SeedMap, Volume, blurred: Volume?)
  /// The same map as a camera keeps it, where that took longer than the map.
  case blurredMap(Seed, Volume)
  case simulated(SimulatedSPECT, difference: Volume?)
  /// The seen slice alone of what is being simulated: the rest follows.
  case simulatedSlice(SimulatedSPECT)
  /// What the camera keeps of local contrast in the simulation that came before.
  case contrast(ContrastKept)
  /// SERIES BLURRED of a seed.
  case blurredSeries(Seed, Volume, Averaging)
  /// A picture that was asked for.
  case made(MadeKind, MadePicture)
  /// Numbers of a SPECT.
  case perfusion(PerfusionSheet)
  /// How far a seed map's peaks move under a camera.
  case peaks(Seed, Camera, [String])
  /// A part of the lesson, and what is known of a synthetic person.
  case lesson(LessonMaterial)
  case lessonTruth(LessonTruth)
  /// Candidates; while they are preliminary their confidence is still to come.
  case targets(TargetReport)
  /// The peak or the clusters of a map.
  case foundPeaks(PeakSearch, PeaksFound)
  /// A coil over a place, or why there is none.
  case coil(WorldPoint, CoilOutlook)
  /// A SPECT as it lies now, and how alike it and the anatomy are: as stored and now.
  case aligned(Int, NamedSPECT)
  /// What is known of the sides of the images, and how to say it.
  case sides(SideNews)
  /// Marks of a session that ended without a goodbye.
  case recovered([TargetRecord])
  /// Marks as they are on disk, with who decided about them.
  case keptMarks([TargetRecord])
  case saved(String)
  case spects([NamedSPECT])
  case loadedTargets([TargetRecord])
  /// Names of files that begin so, for the typed line.
  case files(prefix: String, [String])
  /// Bookmarks of an earlier session on the same image.
  case bookmarks([Bookmark])
  /// The people of a folder.
  case people(BrowserListing)
  /// The series of a DICOM folder.
  case series(SeriesListing)
  /// What was found out about rows of the list, and about visits without a run.
  case facts([Int: BrowserKnown], visits: [Int: BrowserKnown], listing: Int)
  /// How this image was looked at last.
  case lastView(JSON)
  /// Commands of earlier sessions, oldest first.
  case typed([String])
  /// Something was done that the screen alone does not show.
  case told(String)
  case progress(String, Double)
  case failed(Problem)
  /// No more comes of this request.
  case finished
}

/// What the viewer asks for; carried out elsewhere, never here.
package enum Effect: Equatable, Sendable {
  case load
  /// What earlier sessions left: marks, bookmarks, typed lines.
  case recall
  /// A map of the seed, and its blurred form when that is on screen.
  case seedMap(Seed, Camera, wantsBlurred: Bool, wantsInference: Bool)
  /// The same for a seed in words.
  case seedText(String, Camera, wantsBlurred: Bool)
  /// Cleaning by another choice.
  case prepare(CleaningChoice)
  case activity(ActivityMeasure)
  case motion
  case matrix
  case networks
  case movie(Seed, seconds: Double)
  case windowBand(Seed, WorldPoint, seconds: Double)
  case change(Seed)
  case simulate(Camera, spect: Int?)
  /// The slice that is seen, at once, while a resolution is being moved.
  case simulateSlice(Camera, VoxelBox)
  /// Every frame through the camera, then correlated with the seed.
  case blurSeries(Seed, Camera)
  /// What stands for perfusion, under the rotating camera and back.
  case scan(Camera, ScanMethod)
  /// A map of a measured SPECT.
  case makePicture(MadeKind)
  /// Regions, and clusters beyond a threshold, of a SPECT.
  case perfusion(spect: Int, clustersBeyond: Double?)
  case peaks(Seed, Camera)
  /// Looks through a map for its peak or its clusters.
  case findPeaks(PeakSearch)
  case findTargets(TargetProtocol)
  /// A part of the lesson.
  case lesson(LessonPart, LessonWish)
  case save([TargetRecord], name: String)
  /// Registers a SPECT to the anatomy, from where its header puts it.
  case register(spect: Int)
  /// Compares left and right of the anatomy with those of the run and of every SPECT.
  case checkSides
  /// Keeps that a person decided that the sides are right, and why.
  case decideSides(String)
  /// Moves a SPECT to where a hand put it.
  case align(spect: Int, Affine, by: String, isAccepted: Bool)
  /// Writes where a SPECT was accepted to lie.
  case keepTransform(
    spect: Int, Affine, by: String, name: String, AnsweredDoubts = AnsweredDoubts())
  /// Keeps a person's marks where a dropped line cannot take them.
  case keepBook([TargetRecord])
  /// The same for bookmarks.
  case keepBookmarks([Bookmark])
  /// A coil over a place, from the anatomy that is shown.
  case planCoil(TargetRecord)
  /// The SPECT volumes in per cent of another region.
  case reference(String)
  /// Saved targets, to be shown in the list.
  case loadTargets(String)
  /// Files whose names begin so and end as one of the endings, and folders.
  case listFiles(String, endings: [String])
  /// All that is looked at, under a file name.
  case saveWorkspace(JSON, name: String)
  /// A page for the person's record, with the map of a seed and the places that were marked.
  case writeReport(Seed?, TargetProtocol, [TargetRecord], name: String)
  /// A figure of the screen, under a file name.
  case savePicture(ScreenFigure, name: String)
  /// Curves of the screen, under a file name without its ending.
  case saveChart(SavedChart, name: String)
  /// Lists a folder of people, or that of a file.
  case browse(String)
  /// Lists the DICOM series of a folder.
  case browseSeries(String)
  /// Series take the place of all that is on screen.
  case openSeries([Int], listing: Int)
  /// Minutes, motion and records of these visits.
  case learnVisits([Int], listing: Int)
  /// Another visit takes the place of all that is on screen.
  case openVisit(BrowserPlace, BrowserChoice)
  /// Keeps a rating with its reason, or a note; a row below 0 is a visit without a run.
  case review(row: Int, listing: Int, rating: String?, text: String)
  case cancel
  /// Nobody waits for the answers to these any more.
  case forget([RequestID])
  case suspend
  case redraw
  case quit
}

/// What is known about a coil over a place.
package enum CoilOutlook: Sendable, Equatable {
  case plan(CoilPlan, [String])
  /// Why none is shown.
  case none(String)
}

/// Work of which only the newest is worth doing.
package enum OvertakenWork: Hashable, Sendable {
  case map, simulation, slice, series, windowBand, change, targets, coil, alignment, scan, peaks
  case mapPeaks, visit
}

extension Effect {
  /// Which older work this makes worthless; nil for work that must all be done.
  package var overtakes: OvertakenWork? {
    switch self {
    case .seedMap, .seedText: .map
    case .simulate: .simulation
    case .simulateSlice: .slice
    case .blurSeries: .series
    case .windowBand: .windowBand
    case .change: .change
    case .findTargets: .targets
    case .planCoil: .coil
    case .align: .alignment
    case .scan: .scan
    case .peaks: .peaks
    case .findPeaks: .mapPeaks
    case .openVisit, .openSeries: .visit
    default: nil
    }
  }
}
