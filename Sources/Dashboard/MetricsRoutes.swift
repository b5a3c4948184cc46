import HTTPTypes
package import Hummingbird
import NIOCore
package import Observability

/// What a Prometheus asks for:
///
///     /metrics                        Martlet's own, all names or those of ?names=martlet,knative,istio,authorino,kubernetes
///     /metrics/<namespace>/<service>  what the servers of a model tell of themselves
///     /federate?match[]=              both, as far as selectors choose
///     /sd/targets                     service discovery by HTTP: every model with a server that is ready
package struct MetricsRoutes: Sendable {
    private let registry: MetricRegistry
    private let runtimes: any RuntimeMetricsSource

    package init(registry: MetricRegistry, runtimes: any RuntimeMetricsSource) {
        self.registry = registry
        self.runtimes = runtimes
    }

    package func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/metrics") { request, _ in own(request) }
        router.get("/metrics/:namespace/:service") { request, context in
            let namespace = context.parameters.get("namespace") ?? ""
            let service = context.parameters.get("service") ?? ""
            return await model(namespace, service, request)
        }
        router.get("/federate") { request, _ in await federate(request) }
        router.get("/sd/targets") { request, _ in targets(request) }
    }

    private func own(_ request: Request) -> Response {
        do throws(UnknownMetricNames) {
            let names = try MetricNames.parse(request.uri.queryParameters.get("names"))
            return page(registry.collect().filter { names.contains(MetricNames(of: $0.name)) }, request)
        } catch {
            return refusal(.badRequest, error.description)
        }
    }

    private func model(_ namespace: String, _ service: String, _ request: Request) async -> Response {
        let targets = runtimes.targets().filter { $0.namespace == namespace && $0.service == service }
        guard !targets.isEmpty else {
            return refusal(
                .notFound, "\(namespace)/\(service) has no server that is ready now; /sd/targets lists those that have")
        }
        return page(await runtimes.families(targets), request)
    }

    private func federate(_ request: Request) async -> Response {
        var selectors: [MetricSelector] = []
        do throws(MetricSelectorProblem) {
            // Most clients escape the brackets, and the names of parameters are not decoded.
            for name in ["match[]", "match%5B%5D", "match%5b%5d"] {
                for text in request.uri.queryParameters.getAll(name) {
                    selectors.append(try MetricSelector(parsing: text))
                }
            }
        } catch {
            return refusal(.badRequest, error.description)
        }
        let all = registry.collect() + (await runtimes.families(runtimes.targets()))
        guard !selectors.isEmpty else { return page(all, request) }
        return page(all.compactMap { family in selectors.lazy.compactMap { $0.selected(family) }.first }, request)
    }

    /// One target for each model; its servers are told apart by labels.
    private func targets(_ request: Request) -> Response {
        let address = request.head.authority ?? "localhost"
        var seen: Set<String> = []
        let groups = runtimes.targets().sorted { ($0.namespace, $0.service) < ($1.namespace, $1.service) }.compactMap {
            target -> String? in
            guard seen.insert("\(target.namespace)/\(target.service)").inserted else { return nil }
            let path = "/metrics/\(target.namespace)/\(target.service)"
            return "{\"targets\":[\(quoted(address))],\"labels\":{\"__metrics_path__\":\(quoted(path)),"
                + "\"namespace\":\(quoted(target.namespace)),\"service\":\(quoted(target.service))}}"
        }
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: "[" + groups.joined(separator: ",") + "]\n")))
    }

    /// Addresses and names of objects have nothing else that JSON escapes.
    private func quoted(_ text: String) -> String {
        "\"" + text.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline } + "\""
    }

    private func page(_ families: [MetricFamily], _ request: Request) -> Response {
        let format = PrometheusText.Format(accept: request.headers[.accept])
        return Response(
            status: .ok, headers: [.contentType: format.contentType],
            body: .init(byteBuffer: ByteBuffer(bytes: PrometheusText.bytes(families, format))))
    }

    private func refusal(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}
