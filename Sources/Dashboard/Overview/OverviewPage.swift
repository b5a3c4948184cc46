import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// At a glance: whether all is well, what needs someone, what serves, and who has the machine.
enum OverviewPage {
    static func make(_ context: PageContext) async throws -> Page {
        let models = try await ModelSummary.all(context)
        let attention = await Attention.all(models, context)
        let machine = await Machine.read(context)
        let sparks = await context.history.sparklines()
        return Page(
            .overview, title: context.t("nav.overview"),
            [
                .live(id: "health", health(models, attention, context)),
                .live(id: "serving", serving(models, sparks, context)),
                .live(id: "machine", machine.html(context)),
            ])
    }

    private static func health(_ models: [ModelSummary], _ attention: [Attention], _ context: PageContext) -> HTML {
        guard attention.isEmpty else {
            return """
                <section class="card attention" aria-label="\(context.t("overview.attention"))">\
                <h2>\(context.t("overview.attention"))</h2><ul>\(attention.map { $0.html(context) })</ul></section>
                """
        }
        let counts = Dictionary(grouping: models, by: \.state).mapValues(\.count)
        let words = ModelState.allCases.compactMap { state in
            counts[state].map { "\($0) \(context.t("state.\(state.rawValue)").lowercased())" }
        }
        let text = models.isEmpty ? context.t("overview.well.empty") : context.t("overview.well")
        return """
            <p class="well"><span class="dot good"></span><b>\(text)</b> \
            <span>\(words.joined(separator: " · "))</span></p>
            """
    }

    private static func serving(
        _ models: [ModelSummary], _ sparks: [ObjectKey: Sparks], _ context: PageContext
    ) -> HTML {
        guard !models.isEmpty else {
            return """
                <section class="card welcome"><h2>\(context.t("overview.first"))</h2><p>\(context.t("overview.first.how"))</p>\
                <a class="button primary" href="/models/new">\(Icon.plus) \(context.t("models.deploy"))</a></section>
                """
        }
        let columns = ["name", "state", "replicas", "load", "waiting", "tokens", "activity"].map {
            context.t("models.\($0)")
        }
        let rows = models.map { model -> [HTML] in
            let spark = sparks[model.key] ?? Sparks()
            return [
                "<a class=\"name\" href=\"\(model.path)\">\(model.title)</a><small>\(model.service.namespace)</small>",
                ModelsPage.state(model, context), "\(ModelsPage.replicas(model))", "\(model.load.inFlight)",
                "\(model.load.waiting)", "\(spark.tokensNow.map { Scale.digits($0) } ?? "–")",
                Sparkline(values: spark.requests, label: context.t("models.activity.label", model.service.name)).html,
            ]
        }
        return """
            <section><h2>\(context.t("overview.models"))</h2>\
            \(TableView(label: context.t("overview.models"), columns: columns, rows: rows).html)</section>
            """
    }
}

/// Something that someone should look at.
struct Attention: Sendable {
    var title: String
    var message: String
    var remedy: String
    var path: String
    var isBad: Bool

    func html(_ context: PageContext) -> HTML {
        """
        <li><span class="dot \(isBad ? "bad" : "warn")"></span><div><a class="name" href="\(path)">\(title)</a> \
        <span>\(message)</span>\(if: !remedy.isEmpty, "<p class=\"remedy\">\(context.t("overview.remedy")) \(remedy)</p>")</div></li>
        """
    }

    /// The worst first.
    static func all(_ models: [ModelSummary], _ context: PageContext) async -> [Attention] {
        var found: [Attention] = []
        for model in models {
            if model.state == .failed || isStuck(model) { found.append(await of(model, context)) }
        }
        for node in await context.api.listed(.nodes) {
            for condition in node.conditions where condition.isTrue && condition.type.hasSuffix("Pressure") {
                found.append(
                    Attention(
                        title: condition.type, message: condition.message ?? "",
                        remedy: context.t("remedy.Pressure"), path: "/", isBad: true))
            }
        }
        return found.sorted { $0.isBad && !$1.isBad }
    }

    /// Not ready, with something to say of a replica that does not come up.
    private static func isStuck(_ model: ModelSummary) -> Bool {
        guard model.state == .starting else { return false }
        return model.pods.contains { pod in
            (pod.object["status", "containerStatuses"]?.arrayValue ?? []).contains {
                ($0["restartCount"]?.intValue ?? 0) > 0
                    || $0[path: "state", "waiting", "reason"]?.stringValue == "CrashLoopBackOff"
            } || pod.object.condition("PodScheduled")?.isFalse == true
        }
    }

    private static func of(_ model: ModelSummary, _ context: PageContext) async -> Attention {
        let explanation = Explanation(await ServiceParts.read(model.service.object, context.api), limit: 0)
        let cause = Remedies.cause(explanation)
        return Attention(
            title: model.service.name, message: cause?.condition.message ?? model.reason ?? explanation.state,
            remedy: Remedies.text(explanation, context) ?? "", path: model.path, isBad: model.state == .failed)
    }
}

/// What is wrong at the bottom, and what to do about it, in the page's language where it is known there.
enum Remedies {
    /// Reasons that only say that something else is waited for.
    private static let waiting: Set<String> = [
        "ContainersNotReady", "ContainersNotInitialized", "PodInitializing", "ContainerCreating", "Deploying",
        "MinimumReplicasUnavailable", "Queued", "Initializing", "RevisionMissing",
    ]

    /// The deepest cause that says more than that something is waited for.
    static func cause(_ explanation: Explanation) -> Explanation.Cause? {
        explanation.causes.last { !waiting.contains($0.condition.reason ?? "") } ?? explanation.causes.last
    }

    static func text(_ explanation: Explanation, _ context: PageContext) -> String? {
        guard let cause = cause(explanation) else { return nil }
        let reason = cause.condition.reason ?? ""
        let key = "remedy.\(reason.hasPrefix("ExitCode") ? "Error" : reason)"
        return Strings.entry(key, context.language) ?? Remedy.text(for: cause, service: explanation.name)
    }
}

extension ServiceParts {
    /// What the caller may see of a service.
    static func read(_ service: Object, _ api: UserAPI) async -> ServiceParts {
        var parts: [Object] = []
        for resource in resources {
            parts += await api.listed(
                resource, namespace: service.namespace, labels: [ServingKeys.inferenceService: service.name])
        }
        return ServiceParts(
            service: service, parts: parts, allEvents: await api.listed(.events, namespace: service.namespace))
    }
}
