import KubeModel

extension Status {
    static let noSuchResource = Status(
        code: 404, reason: "NotFound", message: "the server could not find the requested resource")

    static func forbidden(_ resource: Resource, _ name: String, _ why: String, causes: [Cause] = []) -> Status {
        Status(
            code: 403, reason: "Forbidden", message: "\(resource) \"\(name)\" is forbidden: \(why)", causes: causes,
            group: resource.group, kind: resource.plural, name: name)
    }

    static func modified(_ resource: Resource, _ name: String) -> Status {
        .conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    /// Deletions name the kind where other calls name the resource.
    func aboutKind(_ resource: Resource) -> Status {
        var copy = self
        copy.kind = resource.kind
        return copy
    }

    static func failedPrecondition(_ resource: Resource, _ name: String, _ what: String, _ wished: String, _ is: String)
        -> Status
    {
        .conflict(
            resource, name, "Precondition failed: \(what) in precondition: \(wished), \(what) in object meta: \(`is`)")
    }
}
