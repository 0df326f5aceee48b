import Foundation

/// Debian's slurm-wlm on this machine alone, with files, keys and ports of its own, for the length of a test.
package final class OneMachineSlurm {
  package static let isInstalled = ["munged", "slurmctld", "slurmd"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: "/usr/sbin/" + $0)
  }

  private let folder: String
  private var daemons: [Process] = []
  package var environment: [String: String] { ["SLURM_CONF": folder + "/slurm.conf"] }

  /// Nil where it does not come up, which is no fault of what is tested.
  package init?(_ folder: String) throws {
    self.folder = folder
    for name in ["state", "spool"] {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    let key = folder + "/key"
    try Data((0..<128).map { _ in UInt8.random(in: 0...255) }).write(to: URL(filePath: key))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    let socket = folder + "/munge.sock"
    try start(
      "munged",
      ["--foreground", "--force", "--key-file=\(key)", "--socket=\(socket)"]
        + ["pid", "log", "seed"].map { "--\($0)-file=\(folder)/munge.\($0)" })
    try configuration(socket).write(
      toFile: folder + "/slurm.conf", atomically: true, encoding: .utf8)
    for name in ["slurmctld", "slurmd"] {
      try start(name, ["-D", "-f", folder + "/slurm.conf"])
      usleep(500_000)
    }
    for _ in 0..<60 {
      if try run("sinfo -h -o %T").output.contains("idle") { return }
      usleep(500_000)
    }
    stop()
    return nil
  }

  deinit { stop() }

  private func stop() {
    for daemon in daemons.reversed() where daemon.isRunning {
      daemon.terminate()
      daemon.waitUntilExit()
    }
    daemons = []
  }

  private func start(_ name: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/sbin/" + name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    daemons.append(process)
  }

  /// A line of the shell that talks to it.
  package func run(
    _ line: String, path: String = "", in place: String? = nil
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    if let place { process.currentDirectoryURL = URL(filePath: place) }
    var variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if !path.isEmpty { variables["PATH"] = path + ":" + (variables["PATH"] ?? "/usr/bin:/bin") }
    process.environment = variables
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private func configuration(_ socket: String) throws -> String {
    let name = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init)
    let (host, user) = (name ?? "localhost", NSUserName())
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let port = Int.random(in: 20_000...40_000)
    let files = [
      ("StateSaveLocation", "state"), ("SlurmdSpoolDir", "spool"),
      ("SlurmctldPidFile", "ctld.pid"), ("SlurmdPidFile", "slurmd.pid"),
      ("SlurmctldLogFile", "ctld.log"), ("SlurmdLogFile", "slurmd.log"),
    ].map { "\($0)=\(folder)/\($1)" }
    let plain = [
      "ClusterName=one", "SlurmctldHost=\(host)(127.0.0.1)", "AuthType=auth/munge",
      "AuthInfo=socket=\(socket)", "CredType=cred/munge", "SlurmUser=\(user)",
      "SlurmdUser=\(user)", "SlurmctldPort=\(port)", "SlurmdPort=\(port + 1)",
      "ProctrackType=proctrack/linuxproc", "TaskPlugin=task/none", "MpiDefault=none",
      "ReturnToService=2", "SchedulerType=sched/builtin", "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_CPU", "JobAcctGatherType=jobacct_gather/none",
      "AccountingStorageType=accounting_storage/none",
      "NodeName=\(host) NodeAddr=127.0.0.1 CPUs=\(cores) RealMemory=4096 State=UNKNOWN",
      "PartitionName=all Nodes=\(host) Default=YES MaxTime=INFINITE State=UP",
    ]
    return (plain + files).joined(separator: "\n") + "\n"
  }
}
