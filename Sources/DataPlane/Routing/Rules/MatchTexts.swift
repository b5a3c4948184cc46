import HTTPFraming
import JSONModel
import KubeModel
import ServingAPI

// From a route's matches, as their schema has them, to what the gateway compares.
extension RequestMatch {
    /// Of an HTTPRoute.
    ///
    /// - Returns: `nil`: it can take nothing, because it is not what admission lets pass.
    init?(http json: JSONValue) {
        if let path = json["path"] {
            guard let parsed = Path(path) else { return nil }
            self.path = parsed
        }
        method = json["method"]?.stringValue.map { Array($0.utf8) }
        guard let fields = Self.named(json["headers"], foldsCase: true),
            let parameters = Self.named(json["queryParams"], foldsCase: false)
        else { return nil }
        self.fields = fields
        self.parameters = parameters
    }

    /// Of a GRPCRoute: the path of a call is `/<service>/<method>`.
    init?(grpc json: JSONValue) {
        if let method = json["method"] {
            guard let path = Path(grpc: method) else { return nil }
            self.path = path
        }
        guard let fields = Self.named(json["headers"], foldsCase: true) else { return nil }
        self.fields = fields
    }

    private static func named(_ list: JSONValue?, foldsCase: Bool) -> [Named]? {
        var result: [Named] = []
        for json in list?.arrayValue ?? [] {
            let name = json.text("name")
            let utf8 = Array((foldsCase ? name.lowercased() : name).utf8)
            // Of several with one name, the first one counts.
            if result.contains(where: { $0.name == utf8 }) { continue }
            guard let value = Text(json) else { return nil }
            result.append(Named(name: utf8, value: value))
        }
        return result
    }
}

extension RequestMatch.Text {
    fileprivate init?(_ json: JSONValue) {
        let value = json.text("value")
        guard json["type"]?.stringValue == "RegularExpression" else {
            self = .exact(Array(value.utf8))
            return
        }
        guard let pattern = try? RegularExpression(value) else { return nil }
        self = .pattern(pattern)
    }
}

extension RequestMatch.Path {
    /// Paths are compared in their one form, so that is what they are compared with.
    fileprivate init?(_ json: JSONValue) {
        let value = json["value"]?.stringValue ?? "/"
        switch json["type"]?.stringValue ?? "PathPrefix" {
        case "Exact":
            guard let path = Self.normalised(value) else { return nil }
            self = .exact(path)
        case "PathPrefix":
            guard var path = Self.normalised(value) else { return nil }
            if path.last == UInt8(ascii: "/") { path.removeLast() }
            self = path.isEmpty ? .any : .prefix(path)
        case "RegularExpression":
            guard let pattern = try? RegularExpression(value) else { return nil }
            self = .pattern(pattern)
        default: return nil
        }
    }

    fileprivate init?(grpc json: JSONValue) {
        let (service, method) = (json["service"]?.stringValue, json["method"]?.stringValue)
        if json["type"]?.stringValue == "RegularExpression" {
            guard let pattern = try? RegularExpression("/(\(service ?? "[^/]+"))/(\(method ?? "[^/]+"))") else {
                return nil
            }
            self = .pattern(pattern)
            return
        }
        switch (service, method) {
        case (let service?, let method?): self = .exact(Array("/\(service)/\(method)".utf8))
        case (let service?, nil): self = .prefix(Array("/\(service)".utf8))
        case (nil, let method?):
            guard let pattern = try? RegularExpression("/[^/]+/\(method)") else { return nil }
            self = .pattern(pattern)
        case (nil, nil): self = .any
        }
    }

    private static func normalised(_ path: String) -> [UInt8]? {
        let bytes = Array(path.utf8)
        do {
            return try RequestPath.normalise(bytes.span) ?? bytes
        } catch {
            return nil
        }
    }
}
