import AutoscalingReplay

// Prints what each autoscaling policy makes of each trace: requests over their objective, and idle replica-seconds.

func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

/// - Parameter start: how long the engine takes to start, in seconds.
func printComparison(start: Double) {
    var engine = SimulatedEngine()
    engine.start = start
    let comparison = Comparison(engine)
    let least = comparison.traces.indices.map { trace in comparison.rows.map { $0.scores[trace].total }.min() }
    let width = 42
    print("An engine of \(engine.slots) slots that takes \(Int(start)) s to start:")
    print(String(repeating: " ", count: width) + comparison.traces.map { padded($0, 24) }.joined())
    for row in comparison.rows {
        let cells = row.scores.enumerated().map { trace, score in
            let mark = score.total == least[trace] ? "*" : ""
            return padded("\(mark)\(Int(score.total)) (\(score.late) + \(Int(score.idle)))", 24)
        }
        print(row.policy + String(repeating: " ", count: max(1, width - row.policy.count)) + cells.joined())
    }
    print("")
}

print(
    "Requests whose first token takes more than \(Int(SimulatedEngine().objective)) s + replica-seconds that nobody uses; "
        + "less is better, * is best.\n")
printComparison(start: 30)
printComparison(start: 120)
