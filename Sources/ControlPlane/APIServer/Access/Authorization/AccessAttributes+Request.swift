import KubeAccess
import KubeModel

extension AccessAttributes {
    /// What `request` asks to do. The path is read as the API itself reads it, so that nothing can be asked for by one
    /// name and allowed by another.
    init(_ request: APIRequest) {
        guard let target = ResourceTarget(request.path) else {
            self.init(verb: request.method.lowercased(), .path("/" + request.path.joined(separator: "/")))
            return
        }
        let isNamespace = target.group.isEmpty && target.plural == "namespaces"
        let verb = Self.verb(request, hasName: target.name != nil)
        self.init(
            verb: verb, group: target.group, version: target.version, resource: target.plural,
            subresource: target.subresource ?? "",
            namespace: target.namespace ?? (isNamespace ? target.name : nil) ?? "",
            name: target.name ?? Self.selectedName(request, verb) ?? "")
    }

    private static func verb(_ request: APIRequest, hasName: Bool) -> String {
        switch request.method {
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": hasName ? "delete" : "deletecollection"
        case "GET", "HEAD": hasName ? "get" : request.query.bool("watch") ? "watch" : "list"
        default: request.method.lowercased()
        }
    }

    /// `kubectl get pod a --watch` asks for a list of those whose name is `a`: that may be allowed where all is not. The
    /// selector is read as the list itself reads it; all of its requirements must hold of what is listed.
    private static func selectedName(_ request: APIRequest, _ verb: String) -> String? {
        guard ["list", "watch", "deletecollection"].contains(verb) else { return nil }
        let selector = try? FieldSelector(parsing: request.query["fieldSelector"] ?? "")
        return selector?.requirements.first { $0.path == ["metadata", "name"] && $0.isEqual }?.value
    }

    /// What must be allowed beside it. To run something in a pod is more than to read it, whatever the method by which
    /// a client opens the connection (a WebSocket begins with GET).
    var alsoRequired: AccessAttributes? {
        guard verb == "get", case .resource(var resource) = target, resource.group.isEmpty,
            resource.resource == "pods", ["exec", "attach", "portforward"].contains(resource.subresource)
        else { return nil }
        resource.version = "v1"
        return AccessAttributes(verb: "create", .resource(resource))
    }
}
