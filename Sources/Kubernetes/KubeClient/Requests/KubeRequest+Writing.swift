package import JSONModel
package import KubeModel

extension KubeRequest {
    package static func create(_ resource: Resource, _ object: Object, _ options: WriteOptions) -> KubeRequest {
        KubeRequest(.post, path: path(resource, namespace: object.namespace), Query(options))
            .with(object.json, as: MediaType.json)
    }

    package static func replace(
        _ resource: Resource, _ object: Object, subresource: String?, _ options: WriteOptions
    ) -> KubeRequest {
        KubeRequest(.put, path: path(resource, object.key, subresource: subresource), Query(options))
            .with(object.json, as: MediaType.json)
    }

    package static func patch(
        _ resource: Resource, _ key: ObjectKey, _ patch: Patch, subresource: String?, _ options: WriteOptions
    ) -> KubeRequest {
        var query = Query(options)
        if case .apply(_, let force) = patch { query.add("force", force) }
        return KubeRequest(.patch, path: path(resource, key, subresource: subresource), query)
            .with(patch.document, as: patch.mediaType)
    }

    package static func delete(_ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions) -> KubeRequest {
        KubeRequest(.delete, path: path(resource, key)).with(options.json, as: MediaType.json)
    }

    private func with(_ json: JSONValue, as mediaType: String) -> KubeRequest {
        var request = self
        request.contentType = mediaType
        request.body = json.serialized()
        return request
    }
}

extension Query {
    fileprivate init(_ options: WriteOptions) {
        self.init()
        add("fieldManager", options.fieldManager)
        add("dryRun", options.isDryRun ? "All" : nil)
        add("fieldValidation", options.fieldValidation)
    }
}

extension Patch {
    /// What the body of the PATCH says.
    package var document: JSONValue {
        switch self {
        case .json(let json), .merge(let json), .strategicMerge(let json), .apply(let json, _): json
        }
    }

    package var mediaType: String {
        switch self {
        case .json: MediaType.jsonPatch
        case .merge: MediaType.mergePatch
        case .strategicMerge: MediaType.strategicMergePatch
        case .apply: MediaType.applyPatch
        }
    }
}

extension DeleteOptions {
    /// `DeleteOptions` of meta/v1.
    package var json: JSONValue {
        var json: JSONValue = ["apiVersion": "v1", "kind": "DeleteOptions"]
        if let propagationPolicy { json["propagationPolicy"] = .string(propagationPolicy) }
        if let gracePeriodSeconds { json["gracePeriodSeconds"] = .number(JSONNumber(gracePeriodSeconds)) }
        if let preconditionUID { json[path: "preconditions", "uid"] = .string(preconditionUID) }
        if let preconditionResourceVersion {
            json[path: "preconditions", "resourceVersion"] = .string(preconditionResourceVersion)
        }
        if isDryRun { json["dryRun"] = ["All"] }
        return json
    }
}
