import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The variables of one start of a container: `envFrom`, then `env`, in order, over what the image and the node give.
struct ContainerEnvironment {
    private let client: any ResourceClient
    private let field: DownwardField
    private var variables: [String: String]
    /// ConfigMaps and Secrets that were read, by their path.
    private var sources: [String: Object] = [:]

    /// - Parameters:
    ///   - fixed: what the image and the node give.
    init(client: any ResourceClient, field: DownwardField, fixed: [String: String]) {
        self.client = client
        self.field = field
        variables = fixed
    }

    /// - Throws: `LaunchProblem` where a ConfigMap, Secret or key is missing.
    mutating func resolve() async throws(LaunchProblem) -> [String: String] {
        for source in field.container["envFrom"]?.arrayValue ?? [] { try await add(from: source) }
        for variable in field.container["env"]?.arrayValue ?? [] {
            guard let name = variable["name"]?.stringValue, !name.isEmpty, !name.contains("=") else { continue }
            if let reference = variable["valueFrom"] {
                if let value = try await value(reference) { variables[name] = value }
            } else {
                let known = variables
                variables[name] = VariableExpansion.expand(variable["value"]?.stringValue ?? "") { known[$0] }
            }
        }
        // No C string can hold a zero byte.
        return variables.mapValues { $0.filter { $0 != "\0" } }
    }

    private mutating func add(from source: JSONValue) async throws(LaunchProblem) {
        let prefix = source["prefix"]?.stringValue ?? ""
        for (field, resource) in [("configMapRef", Resource.configMaps), ("secretRef", .secrets)] {
            guard let reference = source[field] else { continue }
            guard let object = try await object(resource, reference) else { continue }
            for key in Self.keys(object) { variables[prefix + key] = Self.value(key, object) }
        }
    }

    /// `nil` where what is referred to is optional and missing.
    private mutating func value(_ reference: JSONValue) async throws(LaunchProblem) -> String? {
        if let reference = reference["fieldRef"] {
            return try field.value(fieldPath: reference["fieldPath"]?.stringValue ?? "")
        }
        if let reference = reference["resourceFieldRef"] {
            let resource = reference["resource"]?.stringValue ?? ""
            return try field.value(resource: resource, divisor: reference["divisor"])
        }
        for (field, resource) in [("configMapKeyRef", Resource.configMaps), ("secretKeyRef", .secrets)] {
            if let reference = reference[field] { return try await value(resource, reference) }
        }
        throw .configuration("env.valueFrom has none of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef")
    }

    private mutating func value(_ resource: Resource, _ reference: JSONValue) async throws(LaunchProblem) -> String? {
        guard let object = try await object(resource, reference) else { return nil }
        let key = reference["key"]?.stringValue ?? ""
        if let value = Self.value(key, object) { return value }
        guard reference["optional"]?.boolValue == true else {
            throw .configuration("couldn't find key \(key) in \(resource.kind) \(object.key)")
        }
        return nil
    }

    private mutating func object(_ resource: Resource, _ reference: JSONValue) async throws(LaunchProblem) -> Object? {
        let name = reference["name"]?.stringValue ?? ""
        let key = ObjectKey(namespace: field.pod.namespace, name: name)
        let path = "\(resource)/\(name)"
        if let known = sources[path] { return known }
        do {
            let object = try await client.get(resource, key)
            sources[path] = object
            return object
        } catch {
            let isMissing = (error as? Status)?.isNotFound == true
            if isMissing, reference["optional"]?.boolValue == true { return nil }
            throw .configuration("\(resource.kind) \(key): \(error)")
        }
    }

    private static func keys(_ object: Object) -> [String] {
        ["data", "binaryData"].flatMap { object[$0]?.objectValue?.keys ?? [] }
    }

    /// Secrets hold base64; ConfigMaps hold text. Bytes that are no UTF-8 cannot be a variable.
    private static func value(_ key: String, _ object: Object) -> String? {
        guard let text = object["data", key]?.stringValue else { return nil }
        guard object.kind == Resource.secrets.kind else { return text }
        return Base64.decode(text).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
