import JSONModel
package import KubeModel
import ServingAPI

/// Why a Secret is no key: its key lets nobody in.
package struct ModelKeyProblem: Error, Sendable, CustomStringConvertible {
    package let description: String
}

extension ModelKey {
    /// Reads a key's Secret. What cannot be read makes it no key, for a limit that is not understood must not be none.
    ///
    /// - Parameter earlier: the same key as it was before a change.
    package convenience init(secret: Object, after earlier: ModelKey? = nil) throws(ModelKeyProblem) {
        let annotations = secret.annotations
        guard let data = secret.json[path: "data", ModelKeySecret.digest]?.stringValue,
            let digest = TokenDigest(base64Hexadecimal: data)
        else { throw ModelKeyProblem(description: "data.\(ModelKeySecret.digest) is no SHA-256 in hexadecimal") }
        var end: Double?
        if let text = annotations[ModelKeySecret.expires] {
            guard let seconds = Timestamp.seconds(text) else {
                throw ModelKeyProblem(description: "\(ModelKeySecret.expires): \(text) is no RFC 3339 time")
            }
            end = Double(seconds)
        }
        self.init(
            name: secret.key, uid: secret.uid, digest: digest, scope: try Scope(secret), end: end,
            owner: annotations[ModelKeySecret.owner], cutsStreams: annotations[ModelKeySecret.cutsStreams] == "true",
            limits: try KeyLimits(annotations), after: earlier)
    }
}

extension ModelKey.Scope {
    fileprivate init(_ secret: Object) throws(ModelKeyProblem) {
        let annotations = secret.annotations
        let own = secret.namespace ?? ""
        self.init(namespaces: [own], services: annotations[ModelKeySecret.services].map(Self.names))
        if let text = annotations[ModelKeySecret.verbs] {
            let names = Self.names(text)
            verbs = Set(names.compactMap(KeyVerb.init))
            guard verbs.count == names.count, !verbs.isEmpty else {
                throw ModelKeyProblem(description: "\(ModelKeySecret.verbs): \(text) is not some of infer, list, admin")
            }
        }
        models = annotations[ModelKeySecret.models].map { Self.names($0).sorted().map(ModelName.init) }
        guard own == ModelKeySecret.systemNamespace, let text = annotations[ModelKeySecret.namespaces] else { return }
        let names = Self.names(text)
        namespaces = names.contains("*") ? nil : names
    }

    private static func names(_ text: String) -> Set<String> {
        Set(text.split(separator: ",").map { $0.filter { $0 != " " } })
    }
}

extension KeyLimits {
    fileprivate init(_ annotations: [String: String]) throws(ModelKeyProblem) {
        self.init()
        requestsPerMinute = try Self.number(ModelKeySecret.requestsPerMinute, annotations)
        tokensPerMinute = try Self.number(ModelKeySecret.tokensPerMinute, annotations)
        tokensPerDay = try Self.number(ModelKeySecret.tokensPerDay, annotations)
        concurrentRequests = try Self.number(ModelKeySecret.concurrentRequests, annotations)
    }

    private static func number(_ key: String, _ annotations: [String: String]) throws(ModelKeyProblem) -> Int? {
        guard let text = annotations[key] else { return nil }
        guard let number = Int(text), 1...1_000_000_000_000 ~= number else {
            throw ModelKeyProblem(description: "\(key): \(text) is no number above 0")
        }
        return number
    }
}
