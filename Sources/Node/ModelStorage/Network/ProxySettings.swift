import AsyncHTTPClient
import FoundationEssentials

/// The proxies that the environment names: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in capitals or not.
struct ProxySettings: Sendable {
    private var byScheme: [String: HTTPClient.Configuration.Proxy] = [:]
    private var exceptions: [String] = []

    init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            let text = environment[name.lowercased()] ?? environment[name]
            return text?.isEmpty == false ? text : nil
        }
        for scheme in ["http", "https"] {
            byScheme[scheme] = (value("\(scheme.uppercased())_PROXY") ?? value("ALL_PROXY")).flatMap(Self.parse)
        }
        exceptions = (value("NO_PROXY") ?? "").lowercased().split(separator: ",").map {
            $0.trimming(while: { $0 == " " })
        }
    }

    /// The proxy for a URL; `nil` for a direct connection.
    func proxy(for url: String) -> HTTPClient.Configuration.Proxy? {
        guard let parts = URL(string: url), let host = parts.host?.lowercased(), let scheme = parts.scheme?.lowercased()
        else { return nil }
        let isLocal = host == "localhost" || host.hasPrefix("127.") || host == "::1"
        return isLocal || isExcepted(host) ? nil : byScheme[scheme]
    }

    private func isExcepted(_ host: String) -> Bool {
        exceptions.contains { exception in
            if exception == "*" { return true }
            let domain = exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
            return !domain.isEmpty && (host == domain || host.hasSuffix("." + domain))
        }
    }

    private static func parse(_ text: String) -> HTTPClient.Configuration.Proxy? {
        guard let url = URL(string: text.contains("://") ? text : "http://" + text), let host = url.host else {
            return nil
        }
        let port = url.port ?? (url.scheme == "https" ? 443 : 80)
        guard let user = url.user(percentEncoded: false) else { return .server(host: host, port: port) }
        let password = url.password(percentEncoded: false) ?? ""
        return .server(host: host, port: port, authorization: .basic(username: user, password: password))
    }
}

extension StringProtocol {
    /// Without the characters at both ends for which `isUnwanted` holds.
    func trimming(while isUnwanted: (Character) -> Bool) -> String {
        let front = drop(while: isUnwanted)
        let end = front.lastIndex { !isUnwanted($0) }.map { front.index(after: $0) } ?? front.startIndex
        return String(front[..<end])
    }
}
