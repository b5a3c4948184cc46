import JSONModel
import ServingAPI

extension AccessRequest {
    package var host: String { header("host") ?? "" }
    /// With the query.
    package var target: String { query.isEmpty ? path : "\(path)?\(query)" }
    package var scheme: String { header("x-forwarded-proto") ?? "http" }
    /// Who calls: what the gateway says is the last that is forwarded.
    package var source: String {
        peer?.address ?? (header("x-forwarded-for") ?? "").split(separator: ",").last.map { String($0.trimmingSpaces) }
            ?? ""
    }

    /// The authorization JSON before anything is known of the caller.
    var json: JSONValue {
        let fields = Set(headers.map(\.name)).sorted().map { ($0, JSONValue.string(header($0) ?? "")) }
        let request: JSONValue = [
            "method": .string(method), "path": .string(target), "url_path": .string(path), "query": .string(query),
            "host": .string(host), "headers": .object(JSONObject(fields)), "scheme": .string(scheme),
        ]
        var source: JSONValue = ["address": .string(source)]
        if let principal = peer?.certificate?.principal { source["principal"] = .string(principal.name) }
        var destination: JSONValue = [:]
        if let peer, peer.localPort > 0 {
            destination = ["address": .string(peer.localAddress), "port": .number(JSONNumber(peer.localPort))]
        }
        return [
            "request": request, "source": source, "destination": destination, "metadata": [:],
            "context": ["request": ["http": request], "source": source, "destination": destination],
            "auth": ["identity": .null],
        ]
    }

    /// What Istio's policies look at.
    func attributes(claims: JSONValue?) -> CallAttributes {
        var call = CallAttributes { header($0) }
        call.method = method
        call.path = path
        call.host = host.hasPrefix("[") ? host : String(host.prefix { $0 != ":" })
        call.peerAddress = source
        call.remoteAddress = source
        call.destinationAddress = peer?.localAddress ?? ""
        call.destinationPort = peer?.localPort ?? 0
        if peer?.certificate?.isTrusted == true { call.principal = peer?.certificate?.principal }
        call.claims = claims
        return call
    }
}
