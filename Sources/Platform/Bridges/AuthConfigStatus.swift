import Authorization
import Glibc
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI

/// Writes into AuthConfigs what became of them: `Available` and `Ready` as Authorino has them, and its summary.
struct AuthConfigStatus: Sendable {
    private let client: any ResourceClient
    private let store: Store
    private let logger: Logger
    private let reports: AsyncStream<[AuthConfigReport]>
    private let continuation: AsyncStream<[AuthConfigReport]>.Continuation

    init(client: any ResourceClient, store: Store, logger: Logger) {
        self.client = client
        self.store = store
        self.logger = logger
        (reports, continuation) = AsyncStream.makeStream(
            of: [AuthConfigReport].self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Only the newest reports matter.
    func report(_ reports: [AuthConfigReport]) { if !reports.isEmpty { continuation.yield(reports) } }

    /// Runs until cancelled.
    func run() async {
        for await reports in reports {
            for report in reports { await write(report) }
        }
    }

    private func write(_ report: AuthConfigReport) async {
        guard let stored = store[report.config] else { return }
        var object = stored
        object.setConditions(report.conditions, now: Timestamp.string(seconds: Int64(time(nil))))
        object["status", "observedGeneration"] = .number(JSONNumber(report.generation))
        object["status", "summary"] = report.summary
        guard object != stored else { return }
        let patch: JSONValue = ["status": object.status]
        do { _ = try await client.patch(.authConfigs, report.config, .merge(patch), subresource: "status") } catch let
            status as Status where status.isNotFound
        {} catch {
            logger.warning(
                "An AuthConfig's status could not be written",
                metadata: ["authconfig": "\(report.config)", "error": "\(error)"])
        }
    }
}

extension AuthConfigReport {
    private var unlinked: [String] { hosts.filter { !linkedHosts.contains($0) } }

    fileprivate var conditions: [Condition] {
        let available = Condition("Available", "True", reason: "HostsLinked")
        if let problem { return [available, Condition("Ready", "False", reason: "Invalid", message: problem)] }
        guard unlinked.isEmpty else {
            let names = unlinked.joined(separator: ", ")
            return [
                available,
                Condition(
                    "Ready", "False", reason: "HostsNotLinked",
                    message: "Nothing in its namespace is served at \(names), or an older AuthConfig has it"),
            ]
        }
        return [available, Condition("Ready", "True", reason: "Reconciled")]
    }

    fileprivate var summary: JSONValue {
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        return [
            "ready": .bool(problem == nil && unlinked.isEmpty), "hostsReady": .array(linkedHosts.map { .string($0) }),
            "numHostsReady": .string("\(linkedHosts.count)/\(hosts.count)"), "numIdentitySources": number(identities),
            "numMetadataSources": number(metadata), "numAuthorizationPolicies": number(authorizations),
            "numResponseItems": number(responses), "festivalWristbandEnabled": false,
        ]
    }
}
