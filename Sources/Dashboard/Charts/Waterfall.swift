/// Stages one after the other, as bars: what a cold start took its time with.
struct Waterfall: Sendable {
    /// Milliseconds each, in their order.
    var stages: [(name: String, milliseconds: Double)]
    var label: String

    var html: HTML {
        let total = max(stages.reduce(0) { $0 + $1.milliseconds }, 0.001)
        var (start, rows) = (0.0, [HTML]())
        for (index, stage) in stages.enumerated() {
            let y = index * 26
            let x = 110 + start / total * 380
            let width = max(2, stage.milliseconds / total * 380)
            rows.append(
                """
                <text class="stage" x="0" y="\(y + 16)">\(stage.name)</text>\
                <rect class="bar k\(index % 6)" x="\(LineChart.number(x))" y="\(y + 4)" width="\(LineChart.number(width))" height="16" rx="3"/>\
                <text class="tick" x="\(LineChart.number(min(x + width + 6, 500)))" y="\(y + 16)">\(Scale.text(stage.milliseconds, .milliseconds))</text>
                """)
            start += stage.milliseconds
        }
        return """
            <figure class="chart"><figcaption><span>\(label)</span> <b>\(Scale.text(total, .milliseconds))</b></figcaption>\
            <svg class="waterfall" viewBox="0 0 560 \(stages.count * 26 + 4)" role="img" aria-label="\(label)">\(rows)</svg></figure>
            """
    }
}
