package import JSONModel

/// What a `martlet top` or `martlet requests` asks of the running platform, which no object tells. It is served below
/// `/monitoring/`, for those who may use that path (`nonResourceURLs` of a ClusterRole), and audited as all requests are.
package protocol MonitoringSource: Sendable {
    /// - Returns: `nil` where there is nothing by that name.
    /// - Throws: `Status`.
    func answer(_ question: MonitoringQuestion) async throws -> JSONValue?
}

package struct MonitoringQuestion: Sendable {
    /// `GET` or `DELETE`.
    package var method: String
    /// Below `/monitoring/`.
    package var path: [String]
    private let parameters: QueryParameters

    init(_ request: APIRequest) {
        method = request.method
        path = Array(request.path.dropFirst())
        parameters = request.query
    }

    /// `nil` where the parameter is missing or empty.
    package subscript(name: String) -> String? { parameters[name] }

    /// Every value of a parameter that may be repeated.
    package func all(_ name: String) -> [String] { parameters.all(name) }
}
