import Basics
import Glibc

/// Begins the program again with one thread of linear algebra where the address space is limited.
///
/// OpenBLAS starts a thread for each processor when it is loaded, before anything of ours runs, and each asks for a
/// buffer of 128 MB. Where there is none it asks for ever, and the end of the program waits for it.
enum OneThread {
  private static let variable = "OPENBLAS_NUM_THREADS"
  /// Does not return where the program begins again; where that fails it goes on as it is.
  static func underALimit() {
    // Two threads need some 320 MB, and each further one 128.
    guard MemoryBudget.hasAddressLimit, getenv(variable).map({ String(cString: $0) }) != "1"
    else { return }
    setenv(variable, "1", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}
