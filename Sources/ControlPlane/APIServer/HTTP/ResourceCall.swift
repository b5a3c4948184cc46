import AsyncHTTPClient
import JSONModel
import KubeClient
import KubeModel

/// One call on a resource: a verb, chosen by method and path.
struct ResourceCall: Sendable {
    let server: ObjectServer
    let logs: any PodLogSource
    let streams: any PodStreamSource
    let proxy: HTTPClient?
    let definition: ResourceDefinition
    let target: ResourceTarget
    let request: APIRequest
    /// What else must hold for a write, given the object as it will be and as it was.
    let review: WriteReview?
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    var resource: Resource { definition.resource }
    var query: QueryParameters { request.query }

    /// - Throws: `Status`, 405 where the method means nothing here.
    func answer() async throws -> APIResponse {
        if request.method != "GET", isNowhere { throw methodNotAllowed }
        return switch (request.method, target.name, target.subresource) {
        case (_, let name?, "proxy") where resource.isPods: try await proxyPod(name)
        case (_, let name?, "proxy") where resource.isServices: try await proxyService(name)
        case ("GET", nil, _) where query.bool("watch"): try await watch()
        case ("GET", nil, _): try await list()
        case ("POST", nil, _): try await create()
        case ("DELETE", nil, _): try await deleteCollection()
        case ("GET", let name?, "log") where resource.isPods: try await log(name)
        case ("GET", let name?, "exec") where resource.isPods, ("POST", let name?, "exec") where resource.isPods:
            try await exec(name)
        case ("GET", let name?, "attach") where resource.isPods, ("POST", let name?, "attach") where resource.isPods:
            try await attach(name)
        case ("GET", let name?, "portforward") where resource.isPods,
            ("POST", let name?, "portforward") where resource.isPods:
            try await portForward(name)
        case ("GET", let name?, let subresource): try await get(name, subresource)
        case ("PUT", let name?, let subresource): try await replace(name, subresource)
        case ("PATCH", let name?, let subresource): try await patch(name, subresource)
        case ("DELETE", let name?, nil): try await delete(name)
        default: throw methodNotAllowed
        }
    }

    /// Whether the path is that of all namespaces, or of all there are, where nothing is created or deleted.
    private var isNowhere: Bool {
        guard target.name == nil else { return false }
        return resource.isNamespaced ? target.namespace == nil : resource.isNamespaces && request.method == "DELETE"
    }

    private var methodNotAllowed: Status {
        var status = Status.methodNotAllowed
        status.group = resource.group
        status.kind = resource.plural
        return status
    }

    func key(_ name: String) -> ObjectKey { ObjectKey(namespace: target.namespace, name: name) }

    func rendering() throws -> Rendering {
        let form = try Representation(accept: request.accept)
        let inclusion = query["includeObject"].flatMap(TableBuilder.Inclusion.init(rawValue:)) ?? .metadata
        let table = TableBuilder(definition, inclusion: inclusion, isUsed: form == .table, now: now)
        return Rendering(form: form, table: table)
    }

    /// The scale is another kind of object than its owner: it has no table here.
    func render(_ object: Object, _ subresource: String?) throws -> JSONValue {
        subresource == "scale" ? object.json : try rendering().object(object)
    }
}
