package import JSONModel
package import KubeModel

/// `serving.knative.dev/v1` Revision, for reading.
package struct Revision: View {
    package let object: Object

    package init(_ object: Object) { self.object = object }

    package var configurationName: String? { labels[ServingKeys.configuration] }
    package var serviceName: String? { labels[ServingKeys.service] }
    package var inferenceServiceName: String? { labels[ServingKeys.inferenceService] }
    /// Most requests at once in one replica; 0 is no limit.
    package var containerConcurrency: Int { object.spec["containerConcurrency"]?.intValue ?? 0 }
    /// Seconds for the whole request; `nil` where there is no limit.
    package var timeoutSeconds: Int? { limit("timeoutSeconds") }
    /// Seconds until the first byte of the response; `nil` where there is no limit.
    package var responseStartTimeoutSeconds: Int? { limit("responseStartTimeoutSeconds") }
    /// Seconds without a byte of the response; `nil` where there is no limit.
    package var idleTimeoutSeconds: Int? { limit("idleTimeoutSeconds") }
    package var isReady: Bool { object.condition("Ready")?.isTrue ?? false }

    private func limit(_ field: String) -> Int? { object.spec[field]?.intValue.flatMap { $0 > 0 ? $0 : nil } }

    /// The container that takes the requests: the one with a port, or else the first.
    package var servingContainer: JSONValue? {
        let containers = object.spec["containers"]?.arrayValue ?? []
        return containers.first { !($0["ports"]?.arrayValue?.isEmpty ?? true) } ?? containers.first
    }

    /// Where that container listens: 8080 unless said.
    package var port: ContainerPort {
        servingContainer?["ports"]?.arrayValue?.first.flatMap(ContainerPort.init) ?? ContainerPort(number: 8080)
    }
}

/// An entry of a container's `ports`, for reading.
package struct ContainerPort: Sendable, Hashable {
    package var name: String?
    package var number: Int

    package init(name: String? = nil, number: Int) {
        self.name = name
        self.number = number
    }

    package init?(_ json: JSONValue) {
        guard let number = json["containerPort"]?.intValue else { return nil }
        self.init(name: json["name"]?.nonEmptyString, number: number)
    }

    /// Whether requests go there by HTTP/2 without TLS, as the port's name says.
    package var isHTTP2: Bool { name.map { $0 == "h2c" || $0.hasPrefix("grpc") } ?? false }
}
