import Foundation
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

/// Where a client's promises must be kept, all the same: in process, over HTTPS, and, where `MARTLET_TEST_KUBECONFIG`
/// names the kubeconfig of another API server, there.
enum Ground: String, Sendable, CustomTestStringConvertible {
    case inProcess = "in process"
    case https = "over HTTPS"
    case elsewhere = "another server"

    static let all: [Ground] = [.inProcess, .https] + (otherKubeconfig == nil ? [] : [.elsewhere])

    private static let otherKubeconfig = ProcessInfo.processInfo.environment["MARTLET_TEST_KUBECONFIG"]

    var testDescription: String { rawValue }

    /// Runs `body` with a client and a namespace that is empty.
    func with(_ body: @Sendable (any ResourceClient, _ namespace: String) async throws -> Void) async throws {
        guard self == .elsewhere, let path = Self.otherKubeconfig else {
            return try await HTTPFixture.with { fixture in
                try await body(self == .inProcess ? fixture.server : fixture.client, "default")
            }
        }
        let client = try HTTPSResourceClient(kubeconfig: Kubeconfig(path: path))
        let namespace = "martlet-\(UInt32.random(in: 0...UInt32.max))"
        _ = try await client.create(.namespaces, Object(.namespaces, name: namespace))
        do { try await body(client, namespace) } catch {
            try await Self.clean(client, namespace)
            throw error
        }
        try await Self.clean(client, namespace)
    }

    private static func clean(_ client: HTTPSResourceClient, _ namespace: String) async throws {
        try await client.delete(.namespaces, ObjectKey(namespace: nil, name: namespace))
        try await client.shutdown()
    }
}
