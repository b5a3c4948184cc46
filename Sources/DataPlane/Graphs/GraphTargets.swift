import KubeModel
import ServingAPI

/// Where a step goes: a host of the gateway's, and what it is asked for there.
struct GraphTargets: Sendable {
    let namespace: String?
    /// What the graph itself was asked for, with the query.
    let requested: String
    /// The InferenceServices there are.
    let service: @Sendable (ObjectKey) -> Object?
    let hosts: HostNames

    func place(of step: InferenceGraph.Step) throws(GraphFailure) -> (host: String, target: String) {
        if let name = step.serviceName {
            guard let object = service(ObjectKey(namespace: namespace, name: name)) else {
                throw GraphFailure("there is no InferenceService \(name) in namespace \(namespace ?? "")")
            }
            return (hosts.clusterHost(name, of: object), target(at: InferenceService(object)))
        }
        guard let url = step.serviceURL.flatMap(GraphURL.init) else {
            throw GraphFailure("step \(step.title) has no address of the gateway's")
        }
        return (url.host, url.target)
    }

    /// What was asked in OpenAI's terms is asked on in them; else the model's own prediction is.
    private func target(at service: InferenceService) -> String {
        if isOpenAI { return requested }
        let isSecond = service.predictor.model?.protocolVersion?.contains("v2") ?? false
        return isSecond ? "/v2/models/\(service.name)/infer" : "/v1/models/\(service.name):predict"
    }

    private static let endpoints = [
        "/chat/completions", "/completions", "/embeddings", "/responses", "/rerank", "/score", "/messages",
    ]

    private var isOpenAI: Bool {
        let path = requested.prefix { $0 != "?" }
        return Self.endpoints.contains { path.hasSuffix("/v1" + $0) || path.hasSuffix("/v3" + $0) }
    }
}
