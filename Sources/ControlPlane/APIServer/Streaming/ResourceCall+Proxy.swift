import JSONModel
import KubeClient
import KubeModel
import ServingAPI

extension ResourceCall {
    /// `pods/proxy`: the request goes to a port of the pod.
    func proxyPod(_ name: String) async throws -> APIResponse {
        let wanted = try ProxyTarget(name)
        let pod = try await server.get(resource, key(wanted.name))
        return try await forward(to: pod, port: try pod.podPort(wanted.port))
    }

    /// `services/proxy`: the request goes to one of the service's ready pods.
    func proxyService(_ name: String) async throws -> APIResponse {
        let wanted = try ProxyTarget(name)
        let service = try await server.get(resource, key(wanted.name))
        let port = try service.servicePort(wanted.port)
        let labels = service.spec["selector"]?.objectValue ?? [:]
        let selector = try LabelSelector(
            parsing: labels.map { "\($0.key)=\($0.value.stringValue ?? "")" }.joined(separator: ","))
        let pods = try await server.list(.pods, namespace: target.namespace, ListOptions(labelSelector: selector))
        let ready = pods.items.filter { $0.condition("Ready")?.isTrue == true && !$0.isBeingDeleted }
        guard !labels.isEmpty, let pod = ready.randomElement() else {
            throw Status(
                code: 503, reason: "ServiceUnavailable",
                message: "no endpoints available for service \"\(name)\"")
        }
        let number = port["targetPort"].map { $0.stringValue ?? $0.intValue.map(String.init) ?? "" }
        return try await forward(to: pod, port: try pod.podPort(number ?? port["port"]?.intValue.map(String.init)))
    }

    private func forward(to pod: Object, port: Int) async throws -> APIResponse {
        guard let address = pod.status["podIP"]?.stringValue else {
            throw Status(
                code: 503, reason: "ServiceUnavailable", message: "pod \(pod.name) has no address: it does not run")
        }
        guard let proxied = request.proxied, let proxy else { throw Status.methodNotAllowed }
        let (prefix, path) = target.split(request.rawPath)
        let exchange = ProxyExchange(request: proxied, path: path, prefix: prefix, host: "\(address):\(port)")
        if proxied.isUpgrade {
            let connection = try await reached { try await streams.connect(to: port, of: pod) }
            return exchange.spliced(with: connection)
        }
        return try await reached { try await exchange.response(by: proxy) }
    }

    private func reached<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let status as Status { throw status } catch {
            throw Status(
                code: 503, reason: "ServiceUnavailable", message: "error trying to reach service: \(error)")
        }
    }
}
