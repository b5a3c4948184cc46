import Authorization
import HTTPFraming
import Routing

// Knative's http-protocol: Redirected.
extension ClientConnection {
    /// Whether the route wants TLS, and this came without. Inside, where names end in `svc.cluster.local`, it need not.
    func mustRedirect(_ route: Int, _ host: Span<UInt8>) -> Bool {
        guard !rewriter.isSecure, worker.tlsPort != nil, worker.table.table.routes[route].redirectsToTLS else {
            return false
        }
        let inner = ".svc.cluster.local"
        let start = host.count - inner.utf8.count
        return start < 0 || host.string(start..<host.count).lowercased() != inner
    }

    /// Where the same is with TLS.
    func secureLocation(_ head: RequestHead, _ bytes: Span<UInt8>) -> String {
        let port = worker.tlsPort.flatMap { $0 == 443 ? nil : ":\($0)" } ?? ""
        let path = head.path.isEmpty ? "/" : bytes.string(head.path)
        return "https://\(bytes.string(head.host))\(port)\(path)\(bytes.string(head.query))"
    }
}

// What the gateway answers by itself: the list of models, and that something does not exist.
extension ClientConnection {
    func localResponse(
        to destination: Destination, _ head: RequestHead, _ bytes: Span<UInt8>, path: Span<UInt8>
    ) -> LocalResponse {
        let names = worker.table.openNames
        switch destination {
        case .modelList, .modelDescription:
            return LocalResponse(
                GatewayError(405, code: "method_not_allowed", "Only GET is possible here."), allow: "GET, HEAD")
        case .unknownService(let range):
            let name = path.extracting(range).text
            return LocalResponse(GatewayError(404, code: "service_not_found", names.unknownService(name)))
        case .unknownHost, .route, .rules, .model:
            let host = bytes.extracting(head.host).text
            let message = names.unknownHost(host, path: path.text)
            return LocalResponse(GatewayError(404, code: "not_found", message))
        }
    }

    fileprivate static func describe(_ model: RoutingTable.ModelEntry) -> String {
        "{\"id\":\(GatewayError.quoted(model.name)),\"object\":\"model\",\"created\":\(model.created),"
            + "\"owned_by\":\(GatewayError.quoted(model.namespace))}"
    }
}

extension WorkerTable {
    /// What everyone may be told of.
    var openNames: KnownNames {
        table.names { route in
            if case .open = access[route] { true } else { false }
        }
    }
}

extension LocalResponse {
    static func description(of model: RoutingTable.ModelEntry) -> LocalResponse {
        LocalResponse(json: ClientConnection.describe(model))
    }

    static func list(_ models: [RoutingTable.ModelEntry]) -> LocalResponse {
        let entries = models.map(ClientConnection.describe).joined(separator: ",")
        return LocalResponse(json: "{\"object\":\"list\",\"data\":[\(entries)]}")
    }
}

extension GatewayError {
    static func unknownModel(_ name: [UInt8], among names: KnownNames) -> GatewayError {
        let text = String(decoding: name.prefix(200), as: UTF8.self)
        return GatewayError(404, code: "model_not_found", param: "model", names.unknownModel(text))
    }
}

extension Span<UInt8> {
    /// At most 200 bytes of it, for a message.
    var text: String {
        var bytes: [UInt8] = []
        for index in indices.prefix(200) { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// `default%2Fsmollm2`: a name with its namespace, in one segment of a path.
    var unescapingSlash: String {
        split(separator: "%2F", omittingEmptySubsequences: false).joined(separator: "/")
    }
}
