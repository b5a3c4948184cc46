import JSONModel
import KubeClient
import KubeModel
import Observability
import ServingAPI

/// The requests of a model: those in flight, which can be ended, and those that ended.
enum ModelRequests {
    static func blocks(_ model: ModelSummary, _ context: PageContext) async -> [Page.Block] {
        guard let source = context.site.requests else { return [.fixed(context.empty("requests.none-kept"))] }
        let text = Field(
            label: context.t("filter.search"), name: "q", value: context.query["q"] ?? "", type: "search")
        let search: HTML = """
            <form method="get" class="filters" role="search"><input type="hidden" name="tab" value="requests">\
            \(text.input)<button>\(context.t("filter.do"))</button></form>
            """
        return [
            .live(id: "flying", await flying(model, source, context)), .fixed(search),
            .live(id: "records", await ended(model, source, context)),
        ]
    }

    private static func isOf(_ request: InFlightRequest, _ model: ModelSummary) -> Bool {
        request.namespace == model.service.namespace
            && request.service == model.service.name
    }

    private static func flying(
        _ model: ModelSummary, _ source: any RequestSource, _ context: PageContext
    ) async -> HTML {
        let requests = await source.inFlight().filter { isOf($0, model) }
        guard !requests.isEmpty else { return context.empty("requests.none") }
        let columns = ["state", "caller", "path", "since", "bytes", "tokens", "do"].map { context.t("requests.\($0)") }
        let rows = requests.map { request -> [HTML] in
            let elapsed = Double(context.now * 1_000 - request.since)
            return [
                Badge.busy.html(context.t("request.\(request.state.rawValue)")), "\(request.caller)",
                "<code>\(request.path)</code>", "\(Scale.text(max(0, elapsed), .milliseconds))",
                "\(Scale.bytes(Double(request.bytes)))", "\(request.tokens)",
                context.post(
                    "\(model.path)/requests/\(request.id.percentEncoded)/cancel",
                    "<button class=\"small danger\">\(context.t("requests.cancel"))</button>"),
            ]
        }
        return """
            <section><h2>\(context.t("requests.flying"))</h2>\
            \(TableView(label: context.t("requests.flying"), columns: columns, rows: rows).html)</section>
            """
    }

    private static func ended(
        _ model: ModelSummary, _ source: any RequestSource, _ context: PageContext
    ) async -> HTML {
        var filter = RecordFilter()
        filter.namespace = model.service.namespace
        filter.service = model.service.name
        filter.text = context.query["q"]
        filter.limit = 100
        let records = await source.records(filter)
        guard !records.isEmpty else { return context.empty("requests.none-ended") }
        let columns = ["time", "status", "caller", "path", "duration", "first", "tokens", "revision"].map {
            context.t("requests.\($0)")
        }
        let rows = records.map { record -> [HTML] in
            let tokens = [record.promptTokens, record.completionTokens].map { $0.map(String.init) ?? "–" }
            return [
                context.age(Timestamp.string(seconds: record.began / 1_000)),
                (record.status < 400 ? Badge.good : record.status < 500 ? .warn : .bad).html("\(record.status)"),
                "\(record.caller)", "<code>\(record.path)</code>", "\(Scale.text(record.duration, .milliseconds))",
                "\(record.firstToken.map { Scale.text($0, .milliseconds) } ?? "–")",
                "\(tokens.joined(separator: " → "))", "<small>\(record.revision)</small>",
            ]
        }
        return """
            <section><h2>\(context.t("requests.ended"))</h2>\
            \(TableView(label: context.t("requests.ended"), columns: columns, rows: rows).html)</section>
            """
    }

    /// Whoever may change a service may end its requests.
    static func cancel(_ context: PageContext, _ key: ObjectKey, _ id: String) async throws -> WebResponse {
        guard await context.api.may("update", .inferenceServices, namespace: key.namespace, name: key.name) else {
            throw Status(
                code: 403, reason: "Forbidden", message: context.t("requests.may-not", key.name))
        }
        let model = try await ModelSummary.one(key, context)
        let source = context.site.requests
        guard let source, await source.inFlight().contains(where: { $0.id == id && isOf($0, model) }),
            await source.cancel(id)
        else { return .redirect("\(ModelsPage.path(key))?tab=requests&notice=request-over") }
        return .redirect("\(ModelsPage.path(key))?tab=requests&notice=request-cancelled")
    }
}

/// The service as YAML, as it is and as it was asked for.
enum ModelYAML {
    static func html(_ model: ModelSummary, _ context: PageContext) -> HTML {
        """
        <div class="code"><pre tabindex="0"><code>\(ObjectText.yaml(model.service.object))</code></pre>\
        <a class="button small" href="\(model.path)/edit?mode=yaml">\(context.t("do.edit"))</a></div>
        """
    }
}
