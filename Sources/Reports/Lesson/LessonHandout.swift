package import Basics
import CellUI
import Foundation
import PixelFiles

/// What a class takes home: pictures, curves, one table and one page that plays the lesson in any browser.
package struct LessonHandout: Sendable {
  package let slides: [LessonSlide]
  /// Whose lesson it is: what is no measurement, the run's name, the space and which way round.
  package let origin: String
  /// How the moving pictures move.
  static let millisecondsEach = 150

  package init(slides: [LessonSlide], origin: String) {
    self.slides = slides
    self.origin = origin
  }

  /// "step-03-two-networks-run-together".
  static func name(_ number: Int, _ title: String) -> String {
    let letters = title.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let words = String(letters).split(separator: "-").joined(separator: "-")
    return "step-\(number < 10 ? "0" : "")\(number)-\(words)"
  }

  /// Every file by its name.
  package func files(
    _ sheet: PictureSheet, report: (String, Double) throws(Problem) -> Void
  ) throws(Problem) -> [(name: String, bytes: [UInt8])] {
    var out: [(String, [UInt8])] = []
    var pictures: [[UInt8]] = []
    for (n, slide) in slides.enumerated() {
      try report("step \(n + 1)", Double(n) / Double(slides.count))
      let name = Self.name(n + 1, slide.title)
      func drawn(_ frame: Frame) throws(Problem) -> [UInt8] {
        try PictureSheet.png(frame, cell: sheet.cell, legend: [origin])
      }
      var picture = try drawn(slide.frame)
      out.append((name + ".png", picture))
      if slide.moving.count > 1 {
        let parts = try slide.moving.map { (frame) throws(Problem) in try drawn(frame) }
        guard
          let joined = AnimatedPNG.joined(parts, millisecondsEach: Self.millisecondsEach)
        else { throw Problem(.inputOutput, name, "the moving picture cannot be made") }
        out.append((name + "-moving.png", joined))
        picture = joined
      }
      if let chart = slide.chart {
        out.append((name + ".csv", Array(chart.csv.utf8)))
        out.append((name + ".svg", Array((chart.svg + "\n").utf8)))
      }
      pictures.append(picture)
    }
    out.append(("lesson.tsv", Array(table.utf8)))
    out.append(("notes.txt", Array(notes.utf8)))
    out.append(("lesson.html", Array(page(pictures).utf8)))
    return out
  }

  /// One row for each step, for slides of one's own.
  package var table: String {
    func cell(_ text: String) -> String {
      visibleText(text, limit: 2000).replacing("\t", with: " ")
    }
    let head = [
      "step", "topic", "title", "sentence", "number", "what it is", "question", "answer",
      "be careful", "of",
    ]
    let rows = slides.enumerated().map { n, s in
      [
        "\(n + 1)", s.topic, s.title, s.sentence, s.number, s.numberWords, s.question, s.answer,
        s.careful.joined(separator: "; "), origin,
      ]
    }
    return ([head] + rows).map { $0.map(cell).joined(separator: "\t") }
      .joined(separator: "\n") + "\n"
  }

  /// The speaker's notes.
  package var notes: String {
    visibleText(origin, limit: 2000) + "\n\n"
      + slides.enumerated().map { n, s in
        var lines = [
          "\(n + 1). \(s.topic): \(s.title)", "", s.sentence,
          s.number.isEmpty ? "" : "\(s.number)  \(s.numberWords)",
        ].filter { !$0.isEmpty }
        lines += s.careful.map { "! \($0)" }
        lines += [s.notes, "? \(s.question)", "  \(s.answer)"] + s.remarks
        lines += s.facts.map { "- \($0.sentence) [\($0.source)]" }
        return lines.map { visibleText($0, limit: 2000) }.joined(separator: "\n")
      }.joined(separator: "\n\n") + "\n\n\(researchUse)\n"
  }

  private func page(_ pictures: [[UInt8]]) -> String {
    let steps = zip(slides, pictures).enumerated().map { n, pair in
      section(n, pair.0, Data(pair.1).base64EncodedString())
    }
    let contents = slides.enumerated().map { n, s in
      "<li><a href=\"#step\(n + 1)\"><b>\(escapedMarkup(s.title))</b> <small>\(escapedMarkup(s.topic))</small></a></li>"
    }
    let notice = "\(origin). \(researchUse)"
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>SPECT and rsfMRI: which, and for what?</title>
      <style>\(Self.style)</style></head><body>
      <header><h1>SPECT and rsfMRI: which, and for what?</h1><p class="notice">\(escapedMarkup(notice))</p></header>
      <nav><ol>\(contents.joined())</ol>
      <p>Arrow keys or n and N go on and back, a shows the answer, s the notes, p plays by itself.</p></nav>
      <main>\(steps.joined(separator: "\n"))</main>
      <footer>boldspect \(boldspectVersion). \(escapedMarkup(notice))</footer>
      <script>\(Self.script)</script></body></html>

      """
  }

  private func section(_ n: Int, _ s: LessonSlide, _ picture: String) -> String {
    let rows = s.rows.map { row in
      "<tr>" + row.map { "<td>\(escapedMarkup($0))</td>" }.joined() + "</tr>"
    }
    let facts = s.facts.map {
      "<li>\(escapedMarkup($0.sentence)) <small>[\(escapedMarkup($0.source))]</small></li>"
    }
    let remarks = s.remarks.map { "<p>\(escapedMarkup($0))</p>" }
    let careful = s.careful.map { "<p class=\"cannot\">\(escapedMarkup($0))</p>" }
    // The picture has the title, the sentence, the number and the question on it: beside it only lists need them.
    return """
      <section id="step\(n + 1)"><h2>\(n + 1). \(escapedMarkup(s.title))</h2>
      <p class="sentence">\(escapedMarkup(s.sentence))</p>
      <img alt="\(escapedMarkup(s.title + ": " + s.sentence))" src="data:image/png;base64,\(picture)">
      <p class="number"><b>\(escapedMarkup(s.number))</b> \(escapedMarkup(s.numberWords))</p>
      \(careful.joined())
      \(rows.isEmpty ? "" : "<table>\(rows.joined())</table>")
      \(s.chart.map { "<figure>\($0.svg)</figure>" } ?? "")
      <p class="question">\(escapedMarkup(s.question))</p>
      <p class="answer">\(escapedMarkup(s.answer))</p>
      <aside><p>\(escapedMarkup(s.notes))</p>\(remarks.joined())<ul>\(facts.joined())</ul></aside></section>
      """
  }

  private static let style = """
    body{background:#111;color:#ddd;font:20px/1.4 sans-serif;margin:0 auto;max-width:1500px;padding:1em}
    h1{font-size:1.6em}h2{font-size:2em;color:#fff;margin:.2em 0}a{color:#5fafff}
    .notice,footer{color:#ffaf00}.sentence{font-size:1.3em;color:#fff}.number b{font-size:2.2em;color:#28af78}
    img{width:100%;height:auto;image-rendering:auto}figure{margin:1em 0;max-width:960px}
    .question{color:#5fafff;font-size:1.2em}.question::before{content:"? "}
    .cannot{color:#ffaf00}.answer,aside{display:none}
    .shows .answer,.speaks aside{display:block}.answer{font-size:1.2em;color:#fff}
    aside{color:#aaa;border-left:4px solid #444;padding-left:1em}
    td{padding:.1em 1em .1em 0}body.one section{display:none}body.one section.now{display:block}
    body.one nav,body.one header,body.one footer,body.one h2,body.one .sentence,body.one .number,body.one .question,
    body.one .cannot,body.one table,body.one figure{display:none}
    body.one{padding:.3em;max-width:none}body.one img{max-height:calc(100vh - 1em);object-fit:contain}
    body.one.shows img{max-height:calc(100vh - 7em)}body.one .answer{margin:.3em 1em}
    """

  private static let script = """
    (function(){var all=[].slice.call(document.querySelectorAll('section')),at=-1,timer=null,b=document.body;
    function show(n){if(n<0||n>=all.length)return;at=n;b.classList.add('one');b.classList.remove('shows');
    all.forEach(function(s,i){s.classList.toggle('now',i===n)});scrollTo(0,0)}
    function play(){if(timer){clearInterval(timer);timer=null;return}
    var half=false;timer=setInterval(function(){half=!half;if(half){b.classList.add('shows')}
    else if(at+1<all.length){show(at+1)}else{clearInterval(timer);timer=null}},10000)}
    document.querySelectorAll('nav a').forEach(function(a,i){a.addEventListener('click',function(e){
    e.preventDefault();show(i)})});
    addEventListener('keydown',function(e){switch(e.key){
    case'ArrowRight':case'PageDown':case'n':case' ':show(at+1);e.preventDefault();break;
    case'ArrowLeft':case'PageUp':case'N':show(at-1);e.preventDefault();break;
    case'a':b.classList.toggle('shows');break;case's':b.classList.toggle('speaks');break;
    case'p':play();break;case'Escape':case'c':b.classList.remove('one');at=-1;break}})})();
    """
}
