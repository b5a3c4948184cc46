package import KubeModel

/// A ready pod, and where it listens.
package struct Endpoint: Sendable, Hashable {
    package var podUID: String
    package var podName: String
    /// An IP address.
    package var address: String
    package var port: Int
    package var portProtocol: PortProtocol
    /// Where gRPC goes, by HTTP/2, if the pod has a port of its own for it.
    package var grpcPort: Int?

    package init(
        podUID: String, podName: String, address: String, port: Int, portProtocol: PortProtocol = .http1,
        grpcPort: Int? = nil
    ) {
        self.podUID = podUID
        self.podName = podName
        self.address = address
        self.port = port
        self.portProtocol = portProtocol
        self.grpcPort = grpcPort
    }
}

/// What is spoken on a pod's port.
package enum PortProtocol: Sendable, Hashable {
    case http1
    /// HTTP/2 without TLS, by prior knowledge.
    case h2c
    /// HTTP/1.1 through TLS.
    case https
}

/// A revision as the gateway sees it.
package struct RoutedRevision: Sendable, Hashable {
    package var key: ObjectKey
    package var uid: String
    /// For the labels of metrics; empty where there is none.
    package var service: String
    package var configuration: String
    /// The InferenceService that it serves; `nil` for none.
    package var inferenceService: ObjectKey?
    /// Requests that one endpoint takes at once; 0: any number.
    package var containerConcurrency: Int
    /// From the time that the request is sent; `nil`: the gateway's default.
    package var firstByteTimeout: Duration?
    /// Between two pieces of the response; `nil`: the gateway's default.
    package var idleTimeout: Duration?
    /// From the time that the request is sent to the last byte of the response; `nil`: for as long as it takes.
    package var totalTimeout: Duration?
    /// How long a request waits for an endpoint with a free place; `nil`: the gateway's default.
    package var maxWait: Duration?
    /// Whether streams are kept alive by comments while they wait.
    package var sendsComments = true
    /// Whether what is asked and answered is recorded.
    package var recordsBodies = false
    /// Requests that may be there at once, those that wait included; `nil`: any number.
    package var maxRequests: Int?
    /// Who stays with which replica; `nil`: nobody.
    package var session: SessionRule?
    /// Whether prompts go where their beginning is cached.
    package var followsPrefixes = true
    /// Whether callers may say that their requests are critical.
    package var trustsPriority = false
    /// From a pod's start to its being ready, as far as that was learned.
    package var loadTime: Duration?
    /// How far the pods are that are no endpoints yet.
    package var start = StartState()
    /// Sorted by pod.
    package var endpoints: [Endpoint]

    package init(
        key: ObjectKey, uid: String = "", service: String = "", configuration: String = "",
        containerConcurrency: Int = 0, firstByteTimeout: Duration? = nil, idleTimeout: Duration? = nil,
        endpoints: [Endpoint] = []
    ) {
        self.key = key
        self.uid = uid
        self.service = service
        self.configuration = configuration
        self.containerConcurrency = containerConcurrency
        self.firstByteTimeout = firstByteTimeout
        self.idleTimeout = idleTimeout
        self.endpoints = endpoints
    }
}
