import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// Talking to models: chat and other calls, two beside each other, and a small load test. The calls are made by
/// `playground.js`, through `GatewayRelay`.
enum PlaygroundPage {
    private static let tasks = ["chat", "completions", "embeddings", "rerank", "infer", "load"]

    static func make(_ context: PageContext) async throws -> Page {
        let models = try await ModelSummary.all(context).filter { $0.state != .stopped }
        guard !models.isEmpty else {
            let deploy: HTML =
                "<a class=\"button primary\" href=\"/models/new\">\(Icon.plus) \(context.t("models.deploy"))</a>"
            return Page(.playground, title: context.t("nav.playground"), [.fixed(context.empty("models.none", deploy))])
        }
        let task = context.query["task"].flatMap { tasks.contains($0) ? $0 : nil } ?? "chat"
        return Page(
            .playground, title: context.t("nav.playground"), actions: picker(task, context),
            [.fixed(body(task, models, context))], scripts: ["playground.js"])
    }

    private static func picker(_ task: String, _ context: PageContext) -> HTML {
        let model: HTML = context.query["model"].map { "&amp;model=\($0.percentEncoded)" } ?? ""
        let links = tasks.map { name -> HTML in
            """
            <a href="/playground?task=\(name)\(model)"\(if: name == task, " aria-current=\"true\"")>\
            \(context.t("play.\(name)"))</a>
            """
        }
        return "<nav class=\"choices\" aria-label=\"\(context.t("play.task"))\">\(links)</nav>"
    }

    private static func body(_ task: String, _ models: [ModelSummary], _ context: PageContext) -> HTML {
        let texts = [
            "stop", "you", "model", "failed", "stopped", "tokens", "first", "rate", "requests", "errors", "duration",
            "median", "empty",
        ].map { key -> HTML in " data-t-\(key)=\"\(context.t("play.t.\(key)"))\"" }
        return """
            <div class="playground" data-playground="\(task)" data-csrf="\(context.session.csrf)"\(texts)>
            \(controls(task, models, context))
            <div class="lanes" data-lanes></div>
            \(composer(task, context))
            </div>
            """
    }

    private static func controls(_ task: String, _ models: [ModelSummary], _ context: PageContext) -> HTML {
        let choices = models.flatMap { targets($0) }
        let chosen = context.query["model"] ?? ""
        let likely = models.first { $0.state == .ready } ?? models.first { $0.state == .standby }
        let wanted = chosen.isEmpty ? likely?.key.description ?? "" : chosen
        let first = choices.first { $0.value.hasPrefix("\(wanted)|") }?.value ?? choices.first?.value ?? ""
        let left = Field(label: context.t("play.model"), name: "left", value: first, attributes: " data-model")
        let right = Field(label: context.t("play.beside"), name: "right", attributes: " data-model")
        func number(_ name: String, _ value: String, _ rest: HTML) -> HTML {
            Field(
                label: context.t("play.\(name)"), name: name, value: value, type: "number",
                attributes: " data-parameter=\"\(name)\"\(rest)"
            ).input
        }
        let isText = ["chat", "completions"].contains(task)
        let parameters: HTML =
            isText
            ? """
            \(number("max_tokens", "256", " min=\"1\""))\(number("temperature", "0.7", " min=\"0\" max=\"2\" step=\"0.1\""))\
            \(number("top_p", "1", " min=\"0\" max=\"1\" step=\"0.05\""))
            """
            : task == "load"
                ? "\(number("requests", "20", " min=\"1\" max=\"1000\""))\(number("concurrency", "4", " min=\"1\" max=\"64\""))\(number("max_tokens", "32", " min=\"1\""))"
                : ""
        return """
            <div class="filters">\(left.select(choices))\
            \(task == "load" ? "" : right.select([("", context.t("play.alone"))] + choices))\(parameters)</div>
            """
    }

    /// A model, and each of its revisions that has an address of its own.
    private static func targets(_ model: ModelSummary) -> [(value: String, label: String)] {
        let whole = (value: "\(model.key)|", label: model.key.description)
        let tagged = (model.service.componentStatus.json["traffic"]?.arrayValue ?? []).map(TrafficTarget.init)
            .compactMap { target -> (value: String, label: String)? in
                guard let url = target.url, let host = url.split(separator: "/").last else { return nil }
                return ("\(model.key)|\(host)", "\(model.key) · \(target.revisionName ?? target.tag ?? "")")
            }
        return [whole] + tagged
    }

    private static func composer(_ task: String, _ context: PageContext) -> HTML {
        let samples = [
            "chat": "", "completions": "The swift is a bird that", "embeddings": "A bird\nA plane",
            "rerank": "{\n  \"query\": \"What flies?\",\n  \"documents\": [\"A swift flies.\", \"A stone lies.\"]\n}",
            "infer":
                "{\n  \"inputs\": [\n    {\"name\": \"input-0\", \"shape\": [1, 4], \"datatype\": \"FP32\", \"data\": [[5.1, 3.5, 1.4, 0.2]]}\n  ]\n}",
            "load": "Write one sentence about birds.",
        ]
        let text = Field(
            label: context.t("play.input.\(task)"), name: "input", value: samples[task] ?? "",
            attributes: " data-input")
        let clear: HTML = "<button type=\"button\" data-clear>\(context.t("play.clear"))</button>"
        return """
            <form class="composer" data-composer>\(text.area(rows: task == "rerank" || task == "infer" ? 8 : 3))\
            <div class="row end">\(if: task == "chat", clear)<button type="button" data-stop hidden>\(context.t("play.stop"))</button>\
            <button class="primary" data-send>\(context.t(task == "load" ? "play.run" : "play.send"))</button></div></form>
            """
    }
}
