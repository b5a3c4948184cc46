import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// What keeps callers from services, as far as objects tell.
struct ServiceProtection: Sendable {
    private let configs: [Object]
    private let policies: [(target: PolicyTarget, name: String)]

    private let domain: String

    /// - Parameter domain: of the hosts that services get.
    init(_ client: any ResourceClient, domain: String) async throws {
        self.domain = domain
        configs = try await client.list(.authConfigs).items
        let rules = try await client.list(.authorizationPolicies).items
        policies = rules.compactMap { object in
            let (rules, target, _) = AuthorizationRules.read(object)
            guard !rules.isDryRun else { return nil }
            switch rules.action {
            case .allow, .custom: return (target, "AuthorizationPolicy \(object.key)")
            // It lets in whom it does not name.
            case .deny, .audit: return nil
            }
        }
    }

    /// What stands before an InferenceService; empty: everyone may call it.
    func guards(of service: Object) -> [String] {
        var guards = service.asksForTokens ? ["tokens and keys"] : []
        let hosts =
            ["url", "address"].compactMap { service["status", $0] }
            .compactMap { ($0["url"] ?? $0).stringValue }.map(Self.host)
            + ["\(service.name)-\(service.namespace ?? "default").\(domain)"]
        for config in configs
        where config.namespace == service.namespace ?? "default" || config.namespace == ModelKeySecret.systemNamespace {
            let named = config.spec["hosts"]?.arrayValue?.compactMap(\.stringValue) ?? []
            if named.contains(where: { Self.matches($0, hosts) }) { guards.append("AuthConfig \(config.key)") }
        }
        var labels = service.labels
        labels["serving.kserve.io/inferenceservice"] = service.name
        labels["component"] = "predictor"
        let workload = Workload(
            namespace: service.namespace ?? "default", labels: labels,
            names: [service.name, "\(service.name)-predictor"])
        return guards + policies.filter { $0.target.covers(workload) }.map(\.name)
    }

    private static func host(_ url: String) -> String {
        let rest = url.split(separator: "/").dropFirst().first ?? ""
        return String(rest.prefix { $0 != ":" })
    }

    private static func matches(_ pattern: String, _ hosts: [String]) -> Bool {
        let pattern = pattern.prefix { $0 != ":" }.lowercased()
        return hosts.contains { pattern.hasPrefix("*.") ? $0.hasSuffix(pattern.dropFirst()) : $0 == pattern }
    }
}
