import JSONModel
import KubeModel
import ObjectStore
import ServingAPI

/// Where to call a webhook: a URL, and the addresses of hosts that only this machine knows.
struct WebhookAddress: Sendable, Hashable {
    var url: String
    /// IP addresses by host name.
    var hosts: [String: String] = [:]
}

extension Snapshot {
    /// A service is any of its pods that is ready, by the name under which clusters know it.
    ///
    /// - Throws: `WebhookFailure` where there is none.
    func address(of place: Webhook.Place) throws -> WebhookAddress {
        switch place {
        case .url(let url): return WebhookAddress(url: url)
        case .service(let key, let port, let path): return try address(ofService: key, port: port, path: path)
        }
    }

    private func address(ofService key: ObjectKey, port: Int, path: String) throws -> WebhookAddress {
        let title = "service \"\(key)\""
        guard let service = try object(GroupResource(.services), key) else {
            throw WebhookFailure("\(title) not found")
        }
        let ports = service.spec["ports"]?.arrayValue ?? []
        guard let target = ports.first(where: { $0["port"]?.intValue == port }) else {
            throw WebhookFailure("\(title) has no port \(port)")
        }
        let selector = service.spec["selector"]?.objectValue ?? [:]
        for pod in try objects(GroupResource(.pods), namespace: key.namespace)
        where !selector.isEmpty && pod.isServing(selector) {
            guard let address = pod["status", "podIP"]?.stringValue,
                let number = pod.port(target["targetPort"] ?? .number(JSONNumber(port)))
            else { continue }
            let host = "\(key.name).\(key.namespace ?? "").svc"
            return WebhookAddress(url: "https://\(host):\(number)\(path)", hosts: [host: address])
        }
        throw WebhookFailure("\(title) has no pod on this machine that is ready")
    }
}

extension Object {
    fileprivate func isServing(_ selector: JSONObject) -> Bool {
        let labels = labels
        return !isBeingDeleted && condition("Ready")?.isTrue == true
            && selector.allSatisfy { labels[$0.key] == $0.value.stringValue }
    }

    /// The number of a pod's port that is given by number or by name.
    fileprivate func port(_ target: JSONValue) -> Int? {
        if let number = target.intValue { return number }
        let containers = spec["containers"]?.arrayValue ?? []
        return containers.flatMap { $0["ports"]?.arrayValue ?? [] }.first { $0["name"] == target }?["containerPort"]?
            .intValue
    }
}
