import JSONModel
import KubeClient
import KubeModel

/// One call that can be made on a resource, as the OpenAPI documents tell of it.
struct APIOperation: Sendable {
    enum Body: Sendable { case none, object, patch, deleteOptions }
    enum Answer: Sendable { case object, list, status }

    var path: String
    var method: String
    /// `x-kubernetes-action`.
    var action: String
    /// Unlike any other operation's: clients are generated from it.
    var id: String
    var parameters: [String]
    var body = Body.none
    var answer = Answer.object

    /// The parameters in the address, such as `name`.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}

extension APIOperation {
    /// The name of the schema of what is answered, for an operation on a resource of `definition`.
    func answerSchema(_ definition: ResourceDefinition) -> String {
        switch answer {
        case .object: definition.schemaName
        case .list: definition.listSchemaName
        case .status: OpenAPISchemas.status
        }
    }

    private static let writing = ["dryRun", "fieldManager", "fieldValidation", "pretty"]
    private static let selecting = [
        "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion",
        "resourceVersionMatch", "timeoutSeconds",
    ]
    private static let listing = selecting + ["allowWatchBookmarks", "pretty", "sendInitialEvents", "watch"]
    private static let deleting = ["dryRun", "gracePeriodSeconds", "orphanDependents", "pretty", "propagationPolicy"]

    /// The types of the parameters that are no strings.
    static func type(ofParameter name: String) -> JSONValue {
        switch name {
        case "limit", "timeoutSeconds", "gracePeriodSeconds": "integer"
        case "allowWatchBookmarks", "force", "orphanDependents", "sendInitialEvents", "watch": "boolean"
        default: "string"
        }
    }

    /// All calls on a stored resource and its status.
    static func all(of definition: ResourceDefinition) -> [APIOperation] {
        let resource = definition.resource
        let (collection, object) = resource.pathTemplates
        let prefix = resource.operationPrefix
        let noun = (resource.isNamespaced ? "Namespaced" : "") + resource.kind
        func id(_ verb: String, _ suffix: String = "") -> String { verb + prefix + noun + suffix }
        var operations = [
            APIOperation(
                path: collection, method: "get", action: "list", id: id("list"), parameters: listing, answer: .list),
            APIOperation(
                path: collection, method: "post", action: "post", id: id("create"), parameters: writing, body: .object),
            APIOperation(
                path: collection, method: "delete", action: "deletecollection",
                id: "delete\(prefix)Collection\(noun)", parameters: deleting + selecting, body: .deleteOptions,
                answer: .status),
            APIOperation(path: object, method: "get", action: "get", id: id("read"), parameters: ["pretty"]),
            APIOperation(
                path: object, method: "put", action: "put", id: id("replace"), parameters: writing, body: .object),
            APIOperation(
                path: object, method: "patch", action: "patch", id: id("patch"), parameters: writing + ["force"],
                body: .patch),
            APIOperation(
                path: object, method: "delete", action: "delete", id: id("delete"), parameters: deleting,
                body: .deleteOptions, answer: .status),
        ]
        if resource.isNamespaced {
            operations.append(
                APIOperation(
                    path: resource.path(), method: "get", action: "list",
                    id: "list\(prefix)\(resource.kind)ForAllNamespaces", parameters: listing, answer: .list))
        }
        guard definition.hasStatus else { return operations }
        let status = "\(object)/status"
        return operations + [
            APIOperation(path: status, method: "get", action: "get", id: id("read", "Status"), parameters: ["pretty"]),
            APIOperation(
                path: status, method: "put", action: "put", id: id("replace", "Status"), parameters: writing,
                body: .object),
            APIOperation(
                path: status, method: "patch", action: "patch", id: id("patch", "Status"),
                parameters: writing + ["force"], body: .patch),
        ]
    }
}

extension Resource {
    /// Group and version as the identifiers of operations have them: `CoreV1`, `RbacAuthorizationV1`.
    fileprivate var operationPrefix: String {
        var name = group.isEmpty ? "core" : group
        if name.hasSuffix(".k8s.io") { name.removeLast(7) }
        let words = name.split { ".-".contains($0) } + [version[...]]
        return words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
