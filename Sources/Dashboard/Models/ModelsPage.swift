import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The models: a table with filters, and what can be done to each.
enum ModelsPage {
    static func register(_ table: inout RouteTable) {
        table.page("/models") { context, _ in try await make(context) }
        table.page("/models/:namespace/:name/delete") { context, arguments in
            try await confirmation("delete", context, arguments)
        }
        table.page("/models/:namespace/:name/stop") { context, arguments in
            try await confirmation("stop", context, arguments)
        }
        table.action("/models/:namespace/:name/stop") { context, arguments in
            try await switchOff(true, context, key(arguments))
        }
        table.action("/models/:namespace/:name/start") { context, arguments in
            try await switchOff(false, context, key(arguments))
        }
        table.action("/models/:namespace/:name/delete") { context, arguments in
            try await delete(context, key(arguments))
        }
    }

    static func key(_ arguments: [String]) -> ObjectKey { ObjectKey(namespace: arguments[0], name: arguments[1]) }

    static func make(_ context: PageContext) async throws -> Page {
        let models = try await ModelSummary.all(context)
        let filter = ModelFilter(context.query)
        let shown = models.filter(filter.admits)
        let deploy: HTML =
            "<a class=\"button primary\" href=\"/models/new\">\(Icon.plus) \(context.t("models.deploy"))</a>"
        return Page(
            .models, title: context.t("models.title"), actions: deploy,
            [
                .fixed(filter.form(models, context)),
                .live(id: "models", models.isEmpty ? context.empty("models.none", deploy) : table(shown, context)),
            ])
    }

    private static func table(_ models: [ModelSummary], _ context: PageContext) -> HTML {
        guard !models.isEmpty else { return context.empty("models.no-match") }
        let t = { (key: String) in context.t("models.\(key)") }
        let columns = [
            t("name"), t("state"), t("runtime"), t("endpoint"), t("protocol"), t("token"), t("replicas"),
            t("deployed"), t("actions"),
        ]
        return TableView(label: t("title"), columns: columns, rows: models.map { row($0, context) }).html
    }

    private static func row(_ model: ModelSummary, _ context: PageContext) -> [HTML] {
        let service = model.service
        let format = service.predictor.model?.formatText ?? ""
        return [
            "<a class=\"name\" href=\"\(model.path)\">\(model.title)</a><small>\(service.namespace)</small>",
            state(model, context),
            "\(model.runtime)<small>\(format)</small>",
            endpoint(model, context),
            "\(protocolName(model))",
            "\(service.object.asksForTokens ? context.t("yes") : context.t("no"))",
            "\(replicas(model))",
            context.age(model.lastDeployed),
            actions(model, context),
        ]
    }

    static func state(_ model: ModelSummary, _ context: PageContext) -> HTML {
        let reason: HTML = model.reason.map { "<small class=\"reason\">\($0)</small>" } ?? ""
        return "\(model.state.badge.html(context.t("state.\(model.state.rawValue)")))\(reason)"
    }

    static func endpoint(_ model: ModelSummary, _ context: PageContext) -> HTML {
        model.url.map { context.copyable($0) } ?? "–"
    }

    static func protocolName(_ model: ModelSummary) -> String {
        let version =
            model.service.predictor.model?.protocolVersion
            ?? model.service.object.annotations["opendatahub.io/apiProtocol"] ?? "REST"
        return version.uppercased().hasPrefix("GRPC") ? "gRPC" : version
    }

    static func replicas(_ model: ModelSummary) -> String {
        let most = model.service.predictor.maxReplicas
        return most > 0 ? "\(model.readyReplicas) / \(most)" : "\(model.readyReplicas)"
    }

    static func actions(_ model: ModelSummary, _ context: PageContext) -> HTML {
        let toggle: HTML =
            model.service.isStopped
            ? context.post("\(model.path)/start", "<button class=\"small\">\(context.t("do.start"))</button>")
            : "<a class=\"button small\" href=\"\(model.path)/stop\">\(context.t("do.stop"))</a>"
        return """
            <div class="row">\(toggle)<a class="button small" href="\(model.path)/edit">\(context.t("do.edit"))</a>\
            <a class="button small danger" href="\(model.path)/delete">\(context.t("do.delete"))</a></div>
            """
    }

    private static func confirmation(
        _ verb: String, _ context: PageContext, _ arguments: [String]
    ) async throws -> Page {
        let model = try await ModelSummary.one(key(arguments), context)
        let name = Field(
            label: context.t("confirm.type", model.service.name), name: "name", isRequired: true,
            attributes: " autocomplete=\"off\"")
        let form = context.post(
            "\(model.path)/\(verb)",
            """
            \(if: verb == "delete", name.input)
            <div class="row"><button class="danger">\(context.t("do.\(verb)"))</button>
            <a class="button" href="\(model.path)">\(context.t("do.cancel"))</a></div>
            """)
        return Page(
            .models, title: context.t("confirm.\(verb)", model.service.name),
            [.fixed("<div class=\"card narrow\"><p>\(context.t("confirm.\(verb).what"))</p>\(form)</div>")])
    }

    private static func switchOff(_ isOff: Bool, _ context: PageContext, _ key: ObjectKey) async throws -> WebResponse {
        let value: JSONValue = isOff ? "true" : .null
        try await context.api.merge(
            .inferenceServices, key, ["metadata": ["annotations": [ServingKeys.stop: value]]])
        return .redirect("\(path(key))?notice=\(isOff ? "stopped" : "started")")
    }

    private static func delete(_ context: PageContext, _ key: ObjectKey) async throws -> WebResponse {
        guard context.form["name"] == key.name else {
            throw Status(code: 400, reason: "BadRequest", message: context.t("confirm.mismatch", key.name))
        }
        try await context.api.delete(.inferenceServices, key)
        return .redirect("/models?notice=deleted")
    }

    static func path(_ key: ObjectKey) -> String {
        "/models/\((key.namespace ?? "").percentEncoded)/\(key.name.percentEncoded)"
    }
}

/// Which models are shown.
struct ModelFilter: Sendable {
    let text: String?
    let namespace: String?
    let state: ModelState?

    init(_ query: Form) {
        text = query["q"]?.lowercased()
        namespace = query["namespace"]
        state = query["state"].flatMap(ModelState.init(rawValue:))
    }

    func admits(_ model: ModelSummary) -> Bool {
        if let namespace, model.service.namespace != namespace { return false }
        if let state, model.state != state { return false }
        guard let text else { return true }
        return [model.service.name, model.title, model.runtime, model.service.predictor.model?.format ?? ""]
            .contains { $0.lowercased().contains(text) }
    }

    func form(_ models: [ModelSummary], _ context: PageContext) -> HTML {
        let namespaces = Set(models.map(\.service.namespace)).union(namespace.map { [$0] } ?? []).sorted()
        let all = [("", context.t("filter.all"))]
        let search = Field(label: context.t("filter.search"), name: "q", value: text ?? "", type: "search")
        let places = Field(label: context.t("models.namespace"), name: "namespace", value: namespace ?? "")
        let states = Field(label: context.t("models.state"), name: "state", value: state?.rawValue ?? "")
        return """
            <form method="get" action="/models" class="filters" role="search" data-submit>
            \(search.input)\(places.select(all + namespaces.map { ($0, $0) }))\
            \(states.select(all + ModelState.allCases.map { ($0.rawValue, context.t("state.\($0.rawValue)")) }))
            <button>\(context.t("filter.do"))</button></form>
            """
    }
}
