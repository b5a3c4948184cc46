import AutoscalingReplay

// Prints what each autoscaling policy makes of each trace: requests over their objective, and idle replica-seconds.

func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

let engine = SimulatedEngine()
let comparison = Comparison(engine)
print(
    "An engine of \(engine.slots) slots that takes \(Int(engine.start)) s to start; a first token may take "
        + "\(Int(engine.objective)) s.\nScore: requests over that + idle replica-seconds; less is better.\n")
let width = 34
print(String(repeating: " ", count: width) + comparison.traces.map { padded($0, 24) }.joined())
for row in comparison.rows {
    let cells = row.scores.map { padded("\(Int($0.total)) (\($0.late) + \(Int($0.idle)))", 24) }
    print(row.policy + String(repeating: " ", count: max(1, width - row.policy.count)) + cells.joined())
}
