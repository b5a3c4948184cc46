import JSONModel
import KubeModel
import ServingAPI

/// How far the start of a model is, step by step.
struct StartSteps: Sendable {
    enum Progress: String, Sendable { case done, now, waiting, failed }

    struct Step: Sendable {
        var name: String
        var progress: Progress
        /// What it says of itself: bytes and rate, a time, a mistake.
        var detail = ""
        /// From 0 to 1, where that is known.
        var share: Double?
    }

    private static let names = ["requested", "room", "fetch", "start", "load", "ready"]

    let steps: [Step]

    init(_ model: ModelSummary, now: Int64) {
        let pod = model.pods.filter { !$0.isTerminating }.max {
            ($0.object.creationTimestamp ?? "") < ($1.object.creationTimestamp ?? "")
        }
        let reached = Self.reached(model, pod)
        let timings = pod.map { StartStages($0.object).milliseconds } ?? [:]
        let message = pod.flatMap(Self.waitingMessage) ?? model.reason ?? ""
        steps = Self.names.enumerated().map { index, name in
            var step = Step(name: name, progress: index < reached ? .done : index == reached ? .now : .waiting)
            if index == reached, reached < Self.names.count {
                step.progress = model.state == .failed ? .failed : model.state == .starting ? .now : .waiting
                step.detail = message
                step.share = Self.share(message)
            } else if index < reached, let time = Self.time(name, timings) {
                step.detail = Scale.text(time, .milliseconds)
            }
            return step
        }
    }

    /// How many steps are behind it.
    private static func reached(_ model: ModelSummary, _ pod: Pod?) -> Int {
        if model.state == .ready || (model.state == .standby && pod == nil) { return names.count }
        guard let pod else { return 1 }
        if pod.isServing { return names.count }
        guard pod.object.condition("PodScheduled")?.isTrue ?? true else { return 1 }
        let statuses = pod.object["status", "containerStatuses"]?.arrayValue ?? []
        if statuses.contains(where: { $0[path: "state", "running"] != nil }) { return 4 }
        let reasons = statuses.compactMap { $0[path: "state", "waiting", "reason"]?.stringValue }
        return reasons.contains("ContainerCreating") || reasons.contains("CrashLoopBackOff") ? 3 : 2
    }

    private static func waitingMessage(_ pod: Pod) -> String? {
        if let condition = pod.object.condition("PodScheduled"), condition.isFalse { return condition.message }
        let statuses = ["initContainerStatuses", "containerStatuses"].flatMap {
            pod.object["status", $0]?.arrayValue ?? []
        }
        return statuses.lazy.compactMap { $0[path: "state", "waiting", "message"]?.stringValue }.first { !$0.isEmpty }
    }

    /// Of `… 12.1 MB of 95.3 MB …` or `… 34 % …`.
    static func share(_ message: String) -> Double? {
        let words = message.split(separator: " ").map(String.init)
        for (index, word) in words.enumerated() where word == "%" || word.hasSuffix("%") {
            let number = word == "%" && index > 0 ? words[index - 1] : String(word.dropLast())
            if let value = Double(number) { return min(1, max(0, value / 100)) }
        }
        return nil
    }

    private static func time(_ name: String, _ timings: [String: Double]) -> Double? {
        switch name {
        case "fetch":
            timings.filter { ["image", "model", "fetch", "prepare"].contains($0.key) }.values.reduce(nil) {
                ($0 ?? 0) + $1
            }
        case "start": timings["spawn"]
        case "load": timings["load"]
        case "ready": timings["probe"]
        default: nil
        }
    }

    func html(_ context: PageContext) -> HTML {
        let items = steps.map { step -> HTML in
            let bar: HTML =
                step.share.map { share -> HTML in
                    "<progress max=\"100\" value=\"\(Int(share * 100))\" aria-label=\"\(context.t("step.\(step.name)"))\"></progress>"
                } ?? ""
            return """
                <li class="\(step.progress.rawValue)"\(if: step.progress == .now, " aria-current=\"step\"")>\
                <b>\(context.t("step.\(step.name)"))</b><span class="hidden">\(context.t("progress.\(step.progress.rawValue)"))</span>\
                \(if: !step.detail.isEmpty, "<small>\(step.detail)</small>")\(bar)</li>
                """
        }
        return "<ol class=\"steps\" aria-label=\"\(context.t("steps"))\">\(items)</ol>"
    }
}

/// How long each stage of a replica's start took, as the node wrote it.
struct StartStages: Sendable {
    let milliseconds: [String: Double]

    private static let order = ["room", "image", "model", "fetch", "prepare", "spawn", "load", "probe"]

    init(_ pod: Object) {
        let json = pod.annotations[ServingKeys.startStages].flatMap { try? JSONValue(parsing: $0) }
        var times: [String: Double] = [:]
        for entry in json?.objectValue ?? [:] { times[entry.key] = entry.value.doubleValue }
        milliseconds = times
    }

    /// In the order in which they happen.
    var ordered: [(name: String, milliseconds: Double)] {
        milliseconds.sorted {
            let (left, right) = (Self.order.firstIndex(of: $0.key) ?? 9, Self.order.firstIndex(of: $1.key) ?? 9)
            return (left, $0.key) < (right, $1.key)
        }.map { ($0.key, $0.value) }
    }
}
