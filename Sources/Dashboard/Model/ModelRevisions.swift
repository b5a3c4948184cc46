import JSONModel
import KubeModel
import ServingAPI

/// The revisions of a model, what share of the requests each has, and how that is changed.
enum ModelRevisions {
    static func html(_ model: ModelSummary, _ context: PageContext) async -> HTML {
        let labels = [ServingKeys.inferenceService: model.service.name]
        let revisions = await context.api.listed(.revisions, namespace: model.service.namespace, labels: labels)
            .map(Revision.init).sorted {
                ($0.object.creationTimestamp ?? "", $0.name) > ($1.object.creationTimestamp ?? "", $1.name)
            }
        guard !revisions.isEmpty else { return context.empty("revisions.none") }
        let traffic = (model.service.componentStatus.json["traffic"]?.arrayValue ?? []).map(TrafficTarget.init)
        let columns = ["name", "state", "traffic", "replicas", "image", "age"].map { context.t("revisions.\($0)") }
        let rows = revisions.map { row($0, traffic, model, context) }
        return """
            \(rollout(model, traffic, context))\
            \(TableView(label: context.t("tab.revisions"), columns: columns, rows: rows).html)
            """
    }

    private static func row(
        _ revision: Revision, _ traffic: [TrafficTarget], _ model: ModelSummary, _ context: PageContext
    ) -> [HTML] {
        let share = traffic.filter { $0.revisionName == revision.name }.reduce(0) { $0 + $1.percent }
        let tags = traffic.filter { $0.revisionName == revision.name }.compactMap(\.tag)
        let ready = revision.object.condition("Ready")
        let state: HTML =
            ready?.isTrue == true
            ? Badge.good.html(context.t("state.ready"))
            : Badge.warn.html(ready?.reason ?? context.t("state.starting"), title: ready?.message)
        return [
            "<code>\(revision.name)</code>\(if: !tags.isEmpty, "<small>\(tags.joined(separator: ", "))</small>")",
            state,
            "<span class=\"weight\"><progress max=\"100\" value=\"\(share)\" aria-label=\"\(context.t("revisions.traffic"))\"></progress> \(share) %</span>",
            "\(model.pods.count { $0.revisionName == revision.name && $0.isServing })",
            "<small>\(revision.servingContainer?["image"]?.stringValue ?? "–")</small>",
            context.age(revision.object.creationTimestamp),
        ]
    }

    private static func rollout(_ model: ModelSummary, _ traffic: [TrafficTarget], _ context: PageContext) -> HTML {
        let percent = model.service.predictor.canaryTrafficPercent
        let share = Field(
            label: context.t("rollout.percent"), name: "percent", value: percent.map(String.init) ?? "100",
            hint: context.t("rollout.hint"), type: "number", isRequired: true, attributes: " min=\"0\" max=\"100\"")
        let set = context.post(
            "\(model.path)/rollout", class: "inline", "\(share.input)<button>\(context.t("rollout.set"))</button>")
        guard percent != nil || traffic.count > 1 else {
            return "<details class=\"card\"><summary>\(context.t("rollout.title"))</summary>\(set)</details>"
        }
        return """
            <section class="card"><h2>\(context.t("rollout.title"))</h2>\(set)<div class="row">\
            \(context.post("\(model.path)/rollout", fields: ["percent": "100"], "<button class=\"primary\">\(context.t("rollout.promote"))</button>"))\
            \(context.post("\(model.path)/rollout", fields: ["percent": "0"], "<button class=\"danger\">\(context.t("rollout.back"))</button>"))\
            </div></section>
            """
    }
}

/// Changes of the shares.
enum RevisionActions {
    static func register(_ table: inout RouteTable) {
        table.action("/models/:namespace/:name/rollout") { context, arguments in
            let key = ModelsPage.key(arguments)
            guard let percent = context.form.number("percent"), (0...100).contains(percent) else {
                throw Status.badRequest(context.t("rollout.wrong"))
            }
            // The whole of it is what a service has that says nothing.
            let value: JSONValue = percent == 100 ? .null : .number(JSONNumber(percent))
            try await context.api.merge(
                .inferenceServices, key, ["spec": ["predictor": ["canaryTrafficPercent": value]]])
            return .redirect("\(ModelsPage.path(key))?tab=revisions&notice=rollout")
        }
    }
}
