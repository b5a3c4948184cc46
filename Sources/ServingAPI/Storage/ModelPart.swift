package import JSONModel
package import KubeModel

/// One place that a pod's model comes from, and where it goes.
package struct ModelPart: Sendable, Hashable {
    /// A data connection: an entry of a Secret of the pod's namespace, and a path below what it leads to.
    package struct Connection: Sendable, Hashable {
        /// The entry; `nil` for the default one.
        package var key: String?
        package var path: String
        /// What overrides the entry's settings.
        package var parameters: [String: String]
    }

    /// Where from: exactly one of both.
    package var uri: String?
    package var connection: Connection?
    /// Where to, in the container.
    package var mountPath: String

    package init(uri: String? = nil, connection: Connection? = nil, mountPath: String) {
        self.uri = uri
        self.connection = connection
        self.mountPath = mountPath
    }

    /// The parts of a component's model: `model.storageUri`, `model.storage` or `storageUris`.
    package static func parts(of component: ComponentSpec) -> [ModelPart] {
        if let several = component.json["storageUris"]?.arrayValue {
            return several.compactMap { entry in
                entry["uri"]?.nonEmptyString.map {
                    ModelPart(uri: $0, mountPath: entry["mountPath"]?.nonEmptyString ?? ServingKeys.modelPath)
                }
            }
        }
        guard let model = component.model else { return [] }
        if let uri = model.storageURI { return [ModelPart(uri: uri, mountPath: ServingKeys.modelPath)] }
        guard let storage = model.json["storage"], storage.objectValue != nil else { return [] }
        return [ModelPart(connection: Connection(storage), mountPath: ServingKeys.modelPath)]
    }

    /// What a pod's annotations say of its model.
    package static func parts(ofPod pod: Object) -> [ModelPart] {
        if let text = pod.annotations[ServingKeys.modelParts], let json = try? JSONValue(parsing: Array(text.utf8)) {
            return (json.arrayValue ?? []).compactMap(ModelPart.init)
        }
        return pod.annotations[ServingKeys.storageSourceURI].map {
            [ModelPart(uri: $0, mountPath: ServingKeys.modelPath)]
        }
            ?? []
    }

    /// The directory that all parts are in: where the model is mounted.
    package static func mountPath(of parts: [ModelPart]) -> String {
        let paths = parts.map { $0.mountPath.split(separator: "/") }
        guard var common = paths.first else { return ServingKeys.modelPath }
        for path in paths { common = Array(zip(common, path).prefix { $0 == $1 }.map(\.0)) }
        return common.isEmpty ? ServingKeys.modelPath : "/" + common.joined(separator: "/")
    }

    /// Where the part goes below the directory that all are in; empty for that directory itself.
    package func subpath(below directory: String) -> String {
        let depth = directory.split(separator: "/").count
        return mountPath.split(separator: "/").dropFirst(depth).joined(separator: "/")
    }
}

extension ModelPart {
    init?(_ json: JSONValue) {
        uri = json["uri"]?.nonEmptyString
        connection = json["storage"].map(Connection.init)
        mountPath = json["mountPath"]?.nonEmptyString ?? ServingKeys.modelPath
        if uri == nil, connection == nil { return nil }
    }

    var json: JSONValue {
        var json: JSONValue = ["mountPath": .string(mountPath)]
        json["uri"] = uri.map { .string($0) }
        json["storage"] = connection?.json
        return json
    }

    /// The annotations by which a pod knows its model.
    static func annotations(_ parts: [ModelPart]) -> [String: String] {
        if parts.count == 1, let uri = parts[0].uri, parts[0].mountPath == ServingKeys.modelPath {
            return [ServingKeys.storageSourceURI: uri]
        }
        guard !parts.isEmpty else { return [:] }
        let text = String(decoding: JSONValue.array(parts.map(\.json)).serialized(), as: UTF8.self)
        return [ServingKeys.modelParts: text]
    }
}

extension ModelPart.Connection {
    package init(_ json: JSONValue) {
        key = json["key"]?.nonEmptyString
        path = json["path"]?.stringValue ?? ""
        parameters = json["parameters"]?.strings ?? [:]
    }

    var json: JSONValue {
        var json: JSONValue = ["path": .string(path)]
        json["key"] = key.map { .string($0) }
        if !parameters.isEmpty { json["parameters"] = .object(JSONObject(parameters.map { ($0, .string($1)) })) }
        return json
    }
}
