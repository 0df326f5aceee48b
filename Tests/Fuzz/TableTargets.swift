import Basics
import Connectivity
import ImageFiles
import Records
import Study

private let confounds =
  "trans_x\ttrans_y\ttrans_z\trot_x\trot_y\trot_z\tframewise_displacement\tcsf\ta_comp_cor_00\tmotion_outlier00\n"
  + "0.1\t0.2\t0\t0\t0\t0\tn/a\t12\t0.5\t0\n0.2\t0.1\t0\t0\t0.01\t0\t0.2\t13\t-0.5\t1\n"

let tableTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "tsv", words: ["\t", "n/a", "\r\n", "\u{FEFF}"],
    seeds: FuzzTarget.texts(confounds, "a\tb\n1\t2\n")
  ) { (bytes) throws(Problem) in
    let path = Scratch.file("t.tsv", bytes)
    let table = try TextTable(readTextFile(path), file: "t.tsv")
    for row in table.rows.indices {
      require(table.rows[row].count == table.names.count, "a row of another length")
      for column in table.names.indices {
        attempt { () throws(Problem) in _ = try table.number(row, column, file: "t.tsv") }
      }
    }
  },
  FuzzTarget(
    name: "confounds",
    words: [
      "framewise_displacement", "cosine00", "trans_x_derivative1", "std_dvars", "global_signal",
    ],
    seeds: FuzzTarget.texts(confounds)
  ) { (bytes) throws(Problem) in
    let table = try Confounds(tsv: text(bytes), file: "c.tsv")
    _ = HeadMotion(table)
  },
  FuzzTarget(
    name: "component-origins", words: ["\"Mask\"", "\"Retained\"", "\"WM\"", "\"a_comp_cor_00\""],
    seeds: FuzzTarget.texts(#"{"a_comp_cor_00": {"Mask": "WM", "Retained": true}}"#)
  ) { (bytes) throws(Problem) in _ = try ComponentOrigins(json: text(bytes), file: "c.json") },
  FuzzTarget(
    name: "motion",
    seeds: FuzzTarget.texts("0.1 0.2 0.3 0 0 0\n0.1 0.2 0.3 0 0 0.01\n", "# 1\n0 0 0 0 0 0\n")
  ) { (bytes) throws(Problem) in
    for file in ["m.par", "m.1D", "Movement_Regressors.txt", "rp_m.txt"] {
      attempt { () throws(Problem) in
        _ = HeadMotion(try Confounds(text: text(bytes), file: file))
      }
    }
  },
  FuzzTarget(
    name: "labels", words: ["index\tname", "\"", "Label"],
    seeds: FuzzTarget.texts(
      "1 Precentral_L 2001\n2 Precentral_R 2002\n", "index\tname\n1\tA\n", "46\tBA 46\n",
      "17 Left-Hippocampus 220 216 20 0\n", "    1  255    0    0        1  1  1    \"Label 1\"\n")
  ) { (bytes) throws(Problem) in
    for (_, name) in try AtlasFiles.labelNames(text(bytes)) { requirePlain(name, "a label's name") }
  },
  FuzzTarget(
    name: "reference-table", words: ["mean", "sd", "n", "slope_age", "mean_age", "within_sd"],
    seeds: FuzzTarget.texts(
      "network\tmeasure\tmean\tsd\tn\ndefault mode\tmalff\t1.0688\t0.0575\t20\n")
  ) { (bytes) throws(Problem) in _ = try ReferenceTable(text(bytes), file: "r.tsv") },
  FuzzTarget(
    name: "outcomes",
    words: ["done", "failed", "n/a", "participant\tsession\tstatus\treason\tseconds"],
    seeds: FuzzTarget.texts(
      "participant\tsession\tstatus\treason\tseconds\nsub-1\tses-1\tdone\tn/a\t12.5\n")
  ) { (bytes) throws(Problem) in
    var table = try OutcomeTable(text(bytes), file: "outcomes.tsv")
    for row in table.rows { table.put(row) }
    // Written once, it says the same ever after.
    let once = try OutcomeTable(table.text, file: "outcomes.tsv")
    let twice = try OutcomeTable(once.text, file: "outcomes.tsv")
    require(once.text == twice.text, "a table that changes by being read")
    requirePlain(table.text, "a table", except: ["\t", "\n"])
  },
]
