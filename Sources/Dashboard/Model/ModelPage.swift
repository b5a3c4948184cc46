import KubeClient
import KubeModel
import ServingAPI

/// One model: what it is, how far it is, how it is called, what it does, and why.
enum ModelPage {
    enum Tab: String, CaseIterable {
        case status, metrics, replicas, revisions, events, logs, requests, yaml
    }

    static func register(_ table: inout RouteTable) {
        table.page("/models/:namespace/:name") { context, arguments in
            try await make(context, ModelsPage.key(arguments))
        }
        table.stream("/models/:namespace/:name/logs/:pod/:container") { context, arguments in
            ModelLogs.stream(context, ObjectKey(namespace: arguments[0], name: arguments[2]), container: arguments[3])
        }
        table.action("/models/:namespace/:name/requests/:id/cancel") { context, arguments in
            try await ModelRequests.cancel(context, ModelsPage.key(arguments), arguments[2])
        }
        RevisionActions.register(&table)
    }

    private static func make(_ context: PageContext, _ key: ObjectKey) async throws -> Page {
        let model = try await ModelSummary.one(key, context)
        let tab = context.query["tab"].flatMap(Tab.init(rawValue:)) ?? .status
        var page = Page(
            .models, title: model.title, actions: buttons(model, context),
            [
                .live(id: "head", head(model, context)), .fixed(tabs(model, tab, context)),
            ])
        page.blocks += try await blocks(tab, model, context)
        return page
    }

    private static func blocks(
        _ tab: Tab, _ model: ModelSummary, _ context: PageContext
    ) async throws -> [Page.Block] {
        switch tab {
        case .status: await ModelStatus.blocks(model, context)
        case .metrics: await ModelCharts.blocks(model, context)
        case .replicas: [.live(id: "replicas", ModelReplicas.html(model, context))]
        case .revisions: [.live(id: "revisions", await ModelRevisions.html(model, context))]
        case .events: [.live(id: "events", await ModelEvents.html(model, context))]
        case .logs: [.fixed(ModelLogs.html(model, context))]
        case .requests: await ModelRequests.blocks(model, context)
        case .yaml: [.fixed(ModelYAML.html(model, context))]
        }
    }

    private static func buttons(_ model: ModelSummary, _ context: PageContext) -> HTML {
        """
        <a class="button" href="/playground?model=\(model.key.description.percentEncoded)">\(Icon.of(.playground)) \(context.t("nav.playground"))</a>\
        \(ModelsPage.actions(model, context))
        """
    }

    private static func head(_ model: ModelSummary, _ context: PageContext) -> HTML {
        let load = model.load
        func fact(_ key: String, _ value: HTML) -> HTML {
            "<div><dt>\(context.t("models.\(key)"))</dt><dd>\(value)</dd></div>"
        }
        return """
            <dl class="facts">\(fact("state", ModelsPage.state(model, context)))\
            \(fact("namespace", "\(model.service.namespace)"))\(fact("runtime", "\(model.runtime.isEmpty ? "–" : model.runtime)"))\
            \(fact("replicas", "\(ModelsPage.replicas(model))"))\(fact("load", "\(load.inFlight)"))\
            \(fact("waiting", "\(load.waiting)"))\(fact("requests", "\(load.requests)"))\
            \(fact("deployed", context.age(model.lastDeployed)))</dl>
            """
    }

    private static func tabs(_ model: ModelSummary, _ tab: Tab, _ context: PageContext) -> HTML {
        let items = Tab.allCases.map { item -> HTML in
            """
            <a href="\(model.path)\(item == .status ? "" : "?tab=\(item.rawValue)")"\
            \(if: item == tab, " aria-current=\"page\"")>\(context.t("tab.\(item.rawValue)"))</a>
            """
        }
        return "<nav class=\"tabs\" aria-label=\"\(context.t("tabs"))\">\(items)</nav>"
    }
}
