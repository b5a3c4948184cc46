import JSONModel

/// Lines over time, as SVG; a script shows the numbers under the pointer.
struct LineChart: Sendable {
    struct Line: Sendable {
        var name: String
        var points: [(time: Int64, value: Double?)]
    }

    var title: String
    var unit: ChartUnit
    var lines: [Line]
    /// What is said where nothing was measured.
    var emptyText: String

    private static let (width, height, left, top, bottom) = (560.0, 190.0, 46.0, 10.0, 22.0)

    private var times: ClosedRange<Int64>? {
        let times = lines.flatMap { $0.points.map(\.time) }
        guard let first = times.min(), let last = times.max(), last > first else { return nil }
        return first...last
    }

    private var most: Double { lines.flatMap { $0.points.compactMap(\.value) }.max() ?? 0 }

    var html: HTML {
        """
        <figure class="chart"><figcaption><span>\(title)</span>\(legend)</figcaption>\(picture)</figure>
        """
    }

    private var legend: HTML {
        let names = lines.enumerated().map { index, line -> HTML in
            let last = line.points.last { $0.value != nil }?.value ?? nil
            return """
                <span class="key k\(index)">\(line.name) <b data-value="\(index)">\(last.map { Scale.text($0, unit) } ?? "–")</b></span>
                """
        }
        return "<span class=\"legend\">\(names)</span>"
    }

    private var picture: HTML {
        guard let times, lines.contains(where: { $0.points.contains { $0.value != nil } }) else {
            return "<p class=\"nothing\">\(emptyText)</p>"
        }
        let ceiling = Scale.ceiling(most, unit)
        return """
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(summary)" \
            data-chart="\(data)" data-left="\(Int(Self.left))" data-unit="\(unit.rawValue)">\
            \(grid(ceiling, times))\(lines.indices.map { path($0, ceiling, times) })\
            <line class="cursor" y1="\(Int(Self.top))" y2="\(Int(Self.height - Self.bottom))" x1="-9" x2="-9"/></svg>
            """
    }

    /// For those who cannot see it.
    private var summary: String {
        lines.map { line in
            let values = line.points.compactMap(\.value)
            let parts = [values.last, values.min(), values.max()].compactMap(\.self).map { Scale.text($0, unit) }
            return parts.count == 3 ? "\(line.name): \(parts[0]) (\(parts[1]) – \(parts[2]))" : "\(line.name): –"
        }.joined(separator: "; ")
    }

    private func grid(_ ceiling: Double, _ times: ClosedRange<Int64>) -> [HTML] {
        let rows = [0.0, 0.5, 1].map { share -> HTML in
            let y = Self.number(self.y(share * ceiling, ceiling))
            return """
                <line class="grid" x1="\(Int(Self.left))" x2="\(Int(Self.width))" y1="\(y)" y2="\(y)"/>\
                <text class="tick" x="\(Int(Self.left) - 6)" y="\(y)" dy="4" text-anchor="end">\(Scale.text(share * ceiling, unit))</text>
                """
        }
        let span = times.upperBound - times.lowerBound
        let columns = [0.0, 0.5, 1].map { share -> HTML in
            let time = times.lowerBound + Int64(Double(span) * share)
            let anchor = share == 0 ? "start" : share == 1 ? "end" : "middle"
            return """
                <text class="tick" x="\(Self.number(x(time, times)))" y="\(Int(Self.height) - 6)" \
                text-anchor="\(anchor)" data-time="\("\(time)")">\(Self.clock(time))</text>
                """
        }
        return rows + columns
    }

    private func path(_ index: Int, _ ceiling: Double, _ times: ClosedRange<Int64>) -> HTML {
        var text = ""
        var isDown = false
        for point in lines[index].points {
            guard let value = point.value, value.isFinite else {
                isDown = false
                continue
            }
            // A point that stands alone is a dot.
            let dot = isDown ? "" : "h.01"
            text += "\(isDown ? "L" : "M")\(Self.number(x(point.time, times))) \(Self.number(y(value, ceiling)))\(dot)"
            isDown = true
        }
        return "<path class=\"line k\(index)\" d=\"\(text)\"/>"
    }

    private func x(_ time: Int64, _ times: ClosedRange<Int64>) -> Double {
        let share = Double(time - times.lowerBound) / Double(times.upperBound - times.lowerBound)
        return Self.left + share * (Self.width - Self.left - 4)
    }

    private func y(_ value: Double, _ ceiling: Double) -> Double {
        let room = Self.height - Self.top - Self.bottom
        return Self.top + room * (1 - min(1, max(0, value / ceiling)))
    }

    /// Times and values, for the script.
    private var data: String {
        let times = lines.first?.points.map { JSONValue.number(JSONNumber(Int($0.time))) } ?? []
        let values = lines.map { line in
            JSONValue.array(
                line.points.map { $0.value.map { .string(Scale.text($0, unit)) } ?? .null })
        }
        return JSONValue.object(["t": .array(times), "v": .array(values)]).text
    }

    static func number(_ value: Double) -> String { Scale.fixed(value, 1) }

    /// Hours and minutes in UTC; the script writes the browser's own.
    static func clock(_ milliseconds: Int64) -> String {
        let minutes = (milliseconds / 60_000) % 1_440
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}

/// A small line without axes.
struct Sparkline: Sendable {
    var values: [Double?]
    var label: String

    var html: HTML {
        let known = values.compactMap(\.self)
        guard known.count > 1, let most = known.max() else { return "<span class=\"spark none\">–</span>" }
        let ceiling = max(most, 0.000_001)
        var (text, isDown) = ("", false)
        for (index, value) in values.enumerated() {
            guard let value else {
                isDown = false
                continue
            }
            let x = LineChart.number(Double(index) / Double(max(1, values.count - 1)) * 100)
            let y = LineChart.number(22 - value / ceiling * 20)
            text += "\(isDown ? "L" : "M")\(x) \(y)"
            isDown = true
        }
        return """
            <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label="\(label)">\
            <path d="\(text)"/></svg>
            """
    }
}
