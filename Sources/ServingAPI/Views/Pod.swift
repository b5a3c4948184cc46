package import JSONModel
package import KubeModel

/// `v1` Pod, for reading.
package struct Pod: View {
    package let object: Object

    package init(_ object: Object) { self.object = object }

    package var revisionName: String? { labels[ServingKeys.revision] }
    package var inferenceServiceName: String? { labels[ServingKeys.inferenceService] }
    /// The address that it listens on; `nil` until it has one.
    package var podIP: String? { object.status["podIP"]?.nonEmptyString }
    package var phase: String { object.status["phase"]?.stringValue ?? "Pending" }
    /// Whether it passes its readiness probes.
    package var isReady: Bool { object.condition("Ready")?.isTrue ?? false }
    package var isTerminating: Bool { object.isBeingDeleted }
    package var containers: [JSONValue] { object.spec["containers"]?.arrayValue ?? [] }

    /// Whether it may be sent new requests.
    package var isServing: Bool { isReady && !isTerminating && podIP != nil }

    /// The ports of all containers, in the order they stand.
    package var ports: [ContainerPort] {
        containers.flatMap { ($0["ports"]?.arrayValue ?? []).compactMap(ContainerPort.init) }
    }

    /// The port that takes the requests: the first one, or 8080.
    package var servingPort: ContainerPort { ports.first ?? ContainerPort(number: 8080) }

    /// The port with that name; `nil` if there is none.
    package func port(named name: String) -> ContainerPort? { ports.first { $0.name == name } }
}
