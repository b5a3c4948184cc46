import KubeModel

extension ResourceRegistry {
    /// What is served at a path.
    ///
    /// - Throws: 404 that names what there is.
    func definition(_ target: ResourceTarget) throws(Status) -> ResourceDefinition {
        guard
            let definition = definition(group: target.group, version: target.version, plural: target.plural)
        else { throw unknown(target) }
        let resource = definition.resource
        let isPlaced = target.namespace != nil || target.name == nil
        guard resource.isNamespaced ? isPlaced : target.namespace == nil else {
            let scope = resource.isNamespaced ? "namespaced" : "cluster-scoped"
            throw Status.noSuchPath("\(resource) are \(scope): \(resource.pathExample)")
        }
        return definition
    }

    private func unknown(_ target: ResourceTarget) -> Status {
        let near = definitions(group: target.group, version: target.version)
        guard !near.isEmpty else { return Status.noSuchPath("/apis tells which groups and versions there are") }
        let list = near.map { "\($0.resource) (\($0.resource.apiVersion))" }
        return Status.noSuchPath("there are: \(list.joined(separator: ", "))")
    }
}

extension Resource {
    fileprivate var pathExample: String {
        path(namespace: isNamespaced ? "<namespace>" : nil, name: "<name>")
    }
}

extension Status {
    static func noSuchPath(_ remedy: String) -> Status {
        Status(
            code: 404, reason: "NotFound", message: "the server could not find the requested resource; \(remedy)")
    }

    static let methodNotAllowed = Status(
        code: 405, reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource")

    static let unauthorized = Status(
        code: 401, reason: "Unauthorized",
        message: "Unauthorized: call with a client certificate of this server's authority (the kubeconfig in Martlet's"
            + " data directory has one) or with the token of a ServiceAccount")
}
