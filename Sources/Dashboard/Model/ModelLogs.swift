import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The logs of a model's replicas, as they are written.
enum ModelLogs {
    static func html(_ model: ModelSummary, _ context: PageContext) -> HTML {
        let pods = model.pods.sorted { $0.name < $1.name }
        guard let pod = pods.first(where: { $0.name == context.query["pod"] }) ?? pods.first else {
            return context.empty("logs.none")
        }
        let sources = pods.flatMap { pod in
            pod.containers.compactMap { container -> (value: String, label: String)? in
                guard let name = container["name"]?.stringValue else { return nil }
                return ("\(pod.name.percentEncoded)/\(name.percentEncoded)", "\(pod.name) · \(name)")
            }
        }
        let container = pod.containers.first?["name"]?.stringValue ?? ""
        let chosen = "\(pod.name.percentEncoded)/\(container.percentEncoded)"
        let select = Field(
            label: context.t("logs.source"), name: "source", value: chosen, attributes: " data-log-source")
        let search = Field(
            label: context.t("logs.search"), name: "search", type: "search", attributes: " data-log-search")
        let follow = Field(label: context.t("logs.follow"), name: "follow", attributes: " data-log-follow")
        return """
            <div class="filters logbar">\(select.select(sources))\(search.input)\(follow.box(true))\
            <a class="button" data-log-download href="\(model.path)/logs/\(chosen)?download=1">\(context.t("logs.download"))</a></div>
            <pre class="log" tabindex="0" role="log" aria-label="\(context.t("tab.logs"))" data-log="\(model.path)/logs/"></pre>
            """
    }

    /// The log as text, from its last thousand lines on; with `download` all of it, and no more than there is.
    static func stream(_ context: PageContext, _ pod: ObjectKey, container: String) -> WebResponse {
        let isDownload = context.query.isOn("download")
        let isPrevious = context.query.isOn("previous")
        let options = PodLogOptions(
            container: container, follows: !isDownload, isPrevious: isPrevious, tailLines: isDownload ? nil : 1_000)
        let request = KubeRequest.logs(pod, options)
        var response = WebResponse(
            headers: [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
            body: .stream { [api = context.api] write in
                // Each part waits for the one before: a slow browser keeps nothing here.
                do { try await api.door.stream(request, as: api.identity, write: write) } catch let status as Status {
                    try await write(Array("\(status.message)\n".utf8))
                }
            })
        if isDownload {
            response = response.with(
                "Content-Disposition",
                "attachment; filename=\"\(pod.name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }).log\""
            )
        }
        return response
    }
}
