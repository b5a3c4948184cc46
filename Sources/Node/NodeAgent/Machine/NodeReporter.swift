import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI

/// Keeps the Node object and the Lease of this machine up to date, until cancelled.
struct NodeReporter: Sendable {
    /// As the kubelet: looked at every ten seconds, written when a condition changes, and every five minutes.
    private static let interval: Duration = .seconds(10)
    private static let longestSilence: Duration = .seconds(300)
    /// A third of what the Lease is good for.
    private static let renewal: Duration = .seconds(30)
    private static let leaseSeconds = 90
    private static let leaseNamespace = "kube-node-lease"

    let name: String
    let version: String
    let directory: String
    let memoryLimit: Int?
    let client: any ResourceClient
    let time: any TimeSource
    let logger: Logger

    func run() async {
        let identity = MachineIdentity.read()
        var written: (conditions: [String], at: Duration)?
        var renewedAt: Duration?
        while !Task.isCancelled {
            let node = NodeObject(
                name: name, version: version, identity: identity, readings: MachineReadings(directory: directory),
                memoryLimit: memoryLimit)
            do {
                if try await write(node, written) {
                    written = (Self.states(node.applied(to: node.object, now: 0)), time.now)
                }
                if renewedAt.map({ time.now - $0 >= Self.renewal }) ?? true {
                    try await renew()
                    renewedAt = time.now
                }
            } catch {
                logger.warning("Could not write this machine's node", metadata: ["error": "\(error)"])
            }
            try? await time.sleep(for: Self.interval)
        }
    }

    /// - Returns: whether it had to be written.
    private func write(_ node: NodeObject, _ written: (conditions: [String], at: Duration)?) async throws -> Bool {
        let wanted = node.applied(to: node.object, now: time.microsecondsSince1970)
        if let written, written.conditions == Self.states(wanted), time.now - written.at < Self.longestSilence {
            return false
        }
        let key = ObjectKey(namespace: nil, name: name)
        let stored: Object
        do { stored = try await client.get(.nodes, key) } catch let status as Status where status.isNotFound {
            stored = try await client.create(.nodes, node.object)
        }
        let missing = node.labels.filter { stored.labels[$0.key] == nil }
        if !missing.isEmpty {
            let labels = missing.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) }
            _ = try await client.patch(.nodes, key, .merge(["metadata": ["labels": .object(labels)]]))
        }
        let status = node.applied(to: stored, now: time.microsecondsSince1970).status
        _ = try await client.patch(.nodes, key, .merge(["status": status]), subresource: "status")
        return true
    }

    private static func states(_ node: Object) -> [String] { node.conditions.map { "\($0.type)=\($0.status)" } }

    private func renew() async throws {
        let now = LogRecord.time(nanoseconds: time.microsecondsSince1970 * 1_000).dropLast(4) + "Z"
        let key = ObjectKey(namespace: Self.leaseNamespace, name: name)
        let spec: JSONValue = [
            "holderIdentity": .string(name), "leaseDurationSeconds": .number(JSONNumber(Self.leaseSeconds)),
            "renewTime": .string(String(now)),
        ]
        do {
            _ = try await client.patch(.leases, key, .merge(["spec": spec]))
        } catch let status as Status where status.isNotFound {
            try await makeNamespace()
            _ = try await client.create(
                .leases, Object(.leases, namespace: Self.leaseNamespace, name: name, ["spec": spec]))
        }
    }

    private func makeNamespace() async throws {
        do {
            _ = try await client.create(.namespaces, Object(.namespaces, name: Self.leaseNamespace))
        } catch let status as Status where status.isAlreadyExists {
            // It is there.
        }
    }
}
