// swift-tools-version: 6.2
import PackageDescription

// Who may import whom is the table in Sources/boldspect/Documentation.docc/Architecture.md;
// the layering test reads both.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// One of our own modules, with the settings that all of them share.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one module.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)Tests",
    exclude: name == "Viewer" ? ["Golden"] : [], swiftSettings: settings)
}

let package = Package(
  name: "boldspect",
  products: [
    .executable(name: "boldspect", targets: ["boldspect"]),
    // Loaded when the first DICOM file is met; see CDICOM.
    .library(name: "boldspect-dicom", type: .dynamic, targets: ["CDCMTK"]),
    // Loaded when the first .h5 file is met; see CHDF5.
    .library(name: "boldspect-hdf5", type: .dynamic, targets: ["CHDF5Reader"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(
      name: "CLAPACK", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .target(
      name: "CNIfTI",
      linkerSettings: ["nifti2", "znz", "z", "m"].map { .linkedLibrary($0) }),
    .target(name: "CISAL", linkerSettings: [.linkedLibrary("isal")]),
    .target(name: "CBeside"),
    // Gives every thread of the program a stack for crash handlers.
    .target(name: "CThreads"),
    .target(name: "CHDF5", dependencies: ["CBeside"]),
    .target(
      name: "CHDF5Reader", publicHeadersPath: ".",
      cSettings: [.headerSearchPath("../CHDF5/include")],
      linkerSettings: [.linkedLibrary("hdf5_serial")]),
    .target(name: "CPNG", linkerSettings: ["png16", "z"].map { .linkedLibrary($0) }),
    .target(name: "CDICOM", dependencies: ["CBeside"]),
    .target(
      name: "CDCMTK", publicHeadersPath: ".",
      cxxSettings: [.headerSearchPath("../CDICOM/include")],
      linkerSettings: [
        "dcmdata", "ofstd", "oflog", "dcmimgle", "dcmjpeg", "dcmjpls", "z",
      ].map { .linkedLibrary($0) }),
    .systemLibrary(
      name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    module("Basics"),
    module("Imaging", ["Basics"]),
    module(
      "ImageFiles",
      ["Basics", "Imaging", "CNIfTI", "CISAL", "CHDF5", "CNettle", "CExpat", "CDICOM"]),
    module("Connectivity", ["Basics", "Imaging", "CFFTW", "CLAPACK"]),
    module("Perfusion", ["Basics", "Imaging"]),
    module("Targeting", ["Basics", "Imaging", "Connectivity"]),
    module(
      "Study", ["Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting"]),
    module("Registration", ["Basics", "Imaging", "ImageFiles"]),
    module(
      "Workflows",
      [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Registration",
      ]),
    module(
      "Records",
      [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Workflows", "Phantoms",
      ]),
    module(
      "Reports",
      [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Workflows", "Records", "CellUI", "PixelFiles",
      ]),
    module("Phantoms", ["Basics", "Imaging"]),
    module("CellUI"),
    module("PixelFiles", ["Basics", "Imaging", "CellUI", "CPNG", "CFreeType"]),
    module("CursesTerminal", ["Basics", "CellUI", "PixelFiles", "CNcurses", "CThreads"]),
    module("Viewer", ["Basics", "Imaging", "Connectivity", "Perfusion", "Targeting", "CellUI"]),
    module(
      "ViewerRuntime",
      [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Workflows", "Registration", "Records", "Reports", "CellUI", "CursesTerminal", "Viewer",
      ]),
    .executableTarget(
      name: "boldspect",
      dependencies: [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Workflows", "Registration", "Records", "Reports", "Phantoms", "CellUI", "PixelFiles",
        "CursesTerminal", "Viewer", "ViewerRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "boldspect-bench",
      dependencies: [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Workflows", "Phantoms", "Registration",
        "CellUI", "Viewer",
      ], path: "Tests/Benchmarks", exclude: ["Peers", "Terminal"], swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Basics", "Imaging", "ImageFiles", "Phantoms"],
      path: "Tests/TestSupport",
      swiftSettings: settings),
    tests("Imaging", ["Basics", "Imaging"]),
    .target(
      name: "DICOMCodecs", path: "Tests/DICOMCodecs",
      linkerSettings: [
        "dcmdata", "ofstd", "oflog", "dcmimgle", "dcmjpeg", "dcmjpls",
      ].map { .linkedLibrary($0) }),
    tests("ImageFiles", ["Basics", "Imaging", "ImageFiles", "DICOMCodecs"]),
    tests("Connectivity", ["Basics", "Imaging", "ImageFiles", "Connectivity"]),
    tests("Perfusion", ["Basics", "Imaging", "Perfusion"]),
    tests("Targeting", ["Basics", "Imaging", "Connectivity", "Targeting", "Phantoms"]),
    tests(
      "Workflows",
      [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Phantoms", "Workflows",
      ]),
    tests(
      "Records",
      [
        "Basics", "Imaging", "ImageFiles", "Targeting", "Study", "Phantoms", "Records", "CellUI",
        "Viewer", "ViewerRuntime",
      ]),
    tests("Study", ["Basics", "Imaging", "ImageFiles", "Study"]),
    tests("Phantoms", ["Basics", "Imaging", "ImageFiles", "Phantoms"]),
    tests("Registration", ["Basics", "Imaging", "ImageFiles", "Registration"]),
    tests("CellUI", ["Basics", "CellUI"]),
    tests("PixelFiles", ["CellUI", "PixelFiles"]),
    tests(
      "Viewer",
      [
        "Basics", "Imaging", "Connectivity", "Perfusion", "Targeting", "CellUI", "PixelFiles",
        "Viewer",
      ]),
    tests(
      "ViewerRuntime",
      [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Records", "Reports", "CellUI", "PixelFiles", "Viewer", "ViewerRuntime",
      ]),
    tests("CursesTerminal", ["Basics", "CellUI", "CursesTerminal", "boldspect"]),
    tests("CommandLine", ["Basics", "Imaging", "ImageFiles", "Viewer", "boldspect"]),
    tests("Layering", []),
  ],
  cxxLanguageStandard: .cxx17)

// Only when asked for by Scripts/fuzz: it is linked with libFuzzer, which brings its own `main`.
if Context.environment["BOLDSPECT_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "boldspect-fuzz",
      dependencies: [
        "Basics", "Imaging", "ImageFiles", "Connectivity", "Perfusion", "Targeting", "Study",
        "Workflows", "Registration", "Records", "Reports", "Phantoms", "CellUI", "PixelFiles",
        "CursesTerminal", "Viewer", "ViewerRuntime", "TestSupport",
      ], path: "Tests/Fuzz", exclude: ["Found", "thread-sanitizer.supp"], swiftSettings: settings))
}
