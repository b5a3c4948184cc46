import FoundationEssentials
import JSONModel

/// Who one is at a registry, from pull secrets (`.dockerconfigjson`).
struct RegistryLogin: Sendable, Hashable {
    /// The value of an Authorization header.
    var basic: String

    /// `nil` where the secrets have none for the registry.
    ///
    /// - Parameter configurations: Docker's configuration files, as JSON, one a line.
    init?(_ configurations: String?, registry: String) {
        for line in (configurations ?? "").split(separator: "\n") {
            guard let json = try? JSONValue(parsing: Array(line.utf8)), let all = json["auths"]?.objectValue else {
                continue
            }
            for member in all where Self.host(member.key) == registry {
                if let coded = member.value["auth"]?.stringValue, !coded.isEmpty {
                    basic = "Basic \(coded)"
                    return
                }
                guard let user = member.value["username"]?.stringValue,
                    let password = member.value["password"]?.stringValue
                else { continue }
                basic = "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
                return
            }
        }
        return nil
    }

    /// `https://index.docker.io/v1/` means Docker's hub.
    private static func host(_ key: String) -> String {
        var text = key[...]
        if let scheme = text.firstRange(of: "://") { text = text[scheme.upperBound...] }
        let host = String(text.prefix { $0 != "/" })
        return host == "index.docker.io" || host == "docker.io" ? "registry-1.docker.io" : host
    }
}

/// What a registry wants to be shown: `WWW-Authenticate: Bearer realm="...",service="...",scope="..."`.
struct RegistryChallenge: Hashable {
    var scheme: String
    private var values: [String: String] = [:]

    init(_ text: String) {
        scheme = text.prefix { $0 != " " }.lowercased()
        var rest = text.dropFirst(scheme.count)
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].trimming(while: { $0 == " " || $0 == "," }).lowercased()
            rest = rest[rest.index(after: equals)...]
            let isQuoted = rest.first == "\""
            if isQuoted { rest = rest.dropFirst() }
            let value = rest.prefix { isQuoted ? $0 != "\"" : $0 != "," }
            values[name] = String(value)
            rest = rest[value.endIndex...].dropFirst()
        }
    }

    subscript(name: String) -> String? { values[name] }
}
