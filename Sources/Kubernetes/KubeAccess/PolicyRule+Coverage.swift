// Whether rules give no more than other rules do: what keeps those who may write roles from giving themselves more than
// they have (Kubernetes' "privilege escalation prevention").
extension PolicyRule {
    /// The parts of `wanted` that no rule of `held` covers; empty where whoever has `held` may hand out `wanted`.
    ///
    /// Each wanted rule is taken apart into its smallest parts, so that several held rules can cover it together.
    package static func missing(_ wanted: [PolicyRule], heldBy held: [PolicyRule]) -> [PolicyRule] {
        wanted.flatMap(\.parts).filter { part in !held.contains { $0.covers(part) } }
    }

    /// One verb on one resource of one group (and one name), or on one path.
    var parts: [PolicyRule] {
        let names: [[String]] = resourceNames.isEmpty ? [[]] : resourceNames.map { [$0] }
        return verbs.flatMap { verb in
            nonResourceURLs.map { PolicyRule(verbs: [verb], nonResourceURLs: [$0]) }
                + apiGroups.flatMap { group in
                    resources.flatMap { resource in
                        names.map {
                            PolicyRule(
                                verbs: [verb], apiGroups: [group], resources: [resource], resourceNames: $0)
                        }
                    }
                }
        }
    }

    /// - Parameter part: as `parts` makes them.
    func covers(_ part: PolicyRule) -> Bool {
        guard part.verbs.allSatisfy({ Self.has(verbs, $0) }) else { return false }
        if let path = part.nonResourceURLs.first {
            return nonResourceURLs.contains { Self.path($0, covers: path) }
        }
        return part.apiGroups.allSatisfy { Self.has(apiGroups, $0) }
            && part.resources.allSatisfy(coversResource)
            && (resourceNames.isEmpty
                || !part.resourceNames.isEmpty && part.resourceNames.allSatisfy(resourceNames.contains))
    }

    private func coversResource(_ resource: String) -> Bool {
        if Self.has(resources, resource) { return true }
        guard let slash = resource.firstIndex(of: "/") else { return false }
        return resources.contains("*\(resource[slash...])")
    }
}

extension PolicyRule: CustomStringConvertible {
    /// `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}`: as in messages.
    package var description: String {
        let lists = [
            ("APIGroups", apiGroups), ("Resources", resources), ("ResourceNames", resourceNames),
            ("NonResourceURLs", nonResourceURLs), ("Verbs", verbs),
        ]
        let parts = lists.filter { !$0.1.isEmpty }.map { name, words in
            "\(name):[\(words.map { "\"\($0)\"" }.joined(separator: " "))]"
        }
        return "{\(parts.joined(separator: ", "))}"
    }
}
