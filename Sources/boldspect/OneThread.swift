import Glibc

/// Begins the program again with one thread of linear algebra where the address space is limited.
///
/// OpenBLAS starts a thread for each processor when it is loaded, before anything of ours runs, and each asks for a
/// buffer of 128 MB. Where there is none it asks for ever, and the end of the program waits for it.
enum OneThread {
  private static let variable = "OPENBLAS_NUM_THREADS"
  /// Of address space, below which it is so; two threads need some 320 MB, and each further one 128.
  private static let enough: rlim_t = 8 << 30

  /// Does not return where the program begins again; where that fails it goes on as it is.
  static func underALimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_AS.rawValue)), &limit) == 0,
      limit.rlim_cur < enough, getenv(variable) == nil
    else { return }
    setenv(variable, "1", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}
