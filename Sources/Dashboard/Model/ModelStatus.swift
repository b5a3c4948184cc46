import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The first tab of a model: how far it is, why, how it is called, and what its last start took.
enum ModelStatus {
    static func blocks(_ model: ModelSummary, _ context: PageContext) async -> [Page.Block] {
        let explanation = Explanation(await ServiceParts.read(model.service.object, context.api), limit: 6)
        return [
            .live(
                id: "steps", "<section class=\"card\">\(StartSteps(model, now: context.now).html(context))</section>"),
            .live(id: "why", why(model, explanation, context)),
            .live(id: "endpoints", endpoints(model, context)),
            .live(id: "start", start(model, context)),
        ]
    }

    private static func why(_ model: ModelSummary, _ explanation: Explanation, _ context: PageContext) -> HTML {
        // At zero, some conditions are false and all is well.
        let isWell = model.state == .ready || model.state == .standby
        let worst = isWell ? nil : Remedies.cause(explanation)
        let others = isWell ? [] : explanation.causes.filter { $0 != worst }
        let remedy: HTML =
            Remedies.text(explanation, context).map { text -> HTML in
                "<p class=\"remedy\">\(context.t("overview.remedy")) \(text)</p>"
            } ?? ""
        let chain: HTML = """
            <details><summary>\(context.t("why.chain", "\(others.count)"))</summary><ul>\(others.map(cause))</ul></details>
            """
        let causes: HTML =
            worst.map { worst -> HTML in
                """
                <section class="card attention"><h2>\(context.t("why.title"))</h2><ul>\(cause(worst))</ul>\(remedy)\
                \(if: !others.isEmpty, chain)</section>
                """
            } ?? ""
        let decisions = explanation.decisions.map { ModelEvents.item($0, context) }
        return """
            \(causes)\
            \(if: !decisions.isEmpty, "<section class=\"card\"><h2>\(context.t("why.decided"))</h2><ul class=\"trail\">\(decisions)</ul></section>")
            """
    }

    private static func cause(_ cause: Explanation.Cause) -> HTML {
        let why = [cause.condition.reason, cause.condition.message].compactMap(\.self).filter { !$0.isEmpty }
        return """
            <li><span class="dot \(cause.condition.isFalse ? "bad" : "warn")"></span><div><b>\(cause.kind) \(cause.name)</b> \
            \(cause.condition.type): \(why.joined(separator: ": "))</div></li>
            """
    }

    private static func start(_ model: ModelSummary, _ context: PageContext) -> HTML {
        let newest = model.pods.filter { $0.annotations[ServingKeys.startStages] != nil }
            .max { ($0.object.creationTimestamp ?? "") < ($1.object.creationTimestamp ?? "") }
        let stages = newest.map { StartStages($0.object).ordered } ?? []
        guard !stages.isEmpty else { return "" }
        let named = stages.map { (name: context.t("stage.\($0.name)"), milliseconds: $0.milliseconds) }
        return """
            <section class="card">\(Waterfall(stages: named, label: context.t("start.title")).html)</section>
            """
    }

    private static func endpoints(_ model: ModelSummary, _ context: PageContext) -> HTML {
        guard let url = model.url else {
            return
                "<section class=\"card\"><h2>\(context.t("endpoints"))</h2><p>\(context.t("endpoints.none"))</p></section>"
        }
        let inside = model.service.object["status", "address", "url"]?.stringValue
        let examples = CallExamples(model, url: url)
        let code = examples.all.map { example -> HTML in
            """
            <details\(if: example.name == "curl", " open")><summary>\(example.name)</summary>\
            <div class="code"><pre tabindex="0"><code>\(example.text)</code></pre>\
            <button type="button" class="small" data-copy="\(example.text)">\(Icon.copy) \(context.t("copy"))</button></div></details>
            """
        }
        return """
            <section class="card"><h2>\(context.t("endpoints"))</h2><dl class="lines">\
            <div><dt>\(context.t("endpoints.outside"))</dt><dd>\(context.copyable(url))</dd></div>\
            \(inside.map { text -> HTML in "<div><dt>\(context.t("endpoints.inside"))</dt><dd>\(context.copyable(text))</dd></div>" })\
            </dl>\(if: model.service.object.asksForTokens, "<p class=\"hint\">\(context.t("endpoints.token")) <a href=\"/users?model=\(model.key.description.percentEncoded)\">\(context.t("endpoints.tokens"))</a></p>")\
            \(code)</section>
            """
    }
}
