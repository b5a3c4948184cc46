/// One HTTP request to a Kubernetes API server, built without any I/O: what a verb means on the wire can be read and
/// tested as text.
package struct KubeRequest: Sendable, Hashable {
    package enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    /// Path and query, percent-encoded: `/api/v1/namespaces/default/pods?limit=500`.
    package var target: String
    package var accept = MediaType.json
    /// The body's media type; `nil` where there is no body.
    package var contentType: String?
    package var body: [UInt8]?

    package init(_ method: Method, path: String, _ query: Query = Query()) {
        self.method = method
        target = query.isEmpty ? path : "\(path)?\(query.text)"
    }
}

/// The media types of the Kubernetes API.
package enum MediaType {
    package static let json = "application/json"
    /// A list or an object as the rows that `kubectl get` prints.
    package static let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
    package static let yaml = "application/yaml"
    package static let plainText = "text/plain"
    package static let jsonPatch = "application/json-patch+json"
    package static let mergePatch = "application/merge-patch+json"
    package static let strategicMergePatch = "application/strategic-merge-patch+json"
    package static let applyPatch = "application/apply-patch+yaml"
}
