import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The replicas of a model: pods, their containers, and what they have.
enum ModelReplicas {
    static func html(_ model: ModelSummary, _ context: PageContext) -> HTML {
        guard !model.pods.isEmpty else { return context.empty("replicas.none") }
        let columns = ["pod", "state", "revision", "restarts", "age", "logs"].map { context.t("replicas.\($0)") }
        let rows = model.pods.sorted { $0.name < $1.name }.map { row($0, model, context) }
        return TableView(label: context.t("tab.replicas"), columns: columns, rows: rows).html
    }

    private static func row(_ pod: Pod, _ model: ModelSummary, _ context: PageContext) -> [HTML] {
        let statuses = pod.object["status", "containerStatuses"]?.arrayValue ?? []
        let restarts = statuses.reduce(0) { $0 + ($1["restartCount"]?.intValue ?? 0) }
        let waiting = statuses.lazy.compactMap { $0[path: "state", "waiting"] }.first
        let state: HTML =
            pod.isTerminating
            ? Badge.idle.html(context.t("state.stopping"))
            : pod.isServing
                ? Badge.good.html(context.t("state.ready"))
                : Badge.busy.html(waiting?["reason"]?.stringValue ?? context.t("state.starting"))
        let message: HTML = waiting?["message"]?.stringValue.map { "<small>\($0)</small>" } ?? ""
        return [
            "<code>\(pod.name)</code>", "\(state)\(message)", "\(pod.revisionName ?? "–")", "\(restarts)",
            context.age(pod.object.creationTimestamp),
            "<a href=\"\(model.path)?tab=logs&amp;pod=\(pod.name.percentEncoded)\">\(context.t("tab.logs"))</a>",
        ]
    }
}
