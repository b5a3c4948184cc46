import JSONModel
package import KubeModel

/// A PeerAuthentication, read: whether clients must show a certificate.
package struct PeerRules: Sendable, Hashable {
    package enum Mode: String, Sendable, Hashable {
        /// As the next wider policy says; without any, a certificate may be shown.
        case unset = "UNSET"
        case disable = "DISABLE"
        case permissive = "PERMISSIVE"
        /// Only by TLS, with a certificate that one of the gateway's authorities signed.
        case strict = "STRICT"
    }

    package var mode = Mode.unset
    /// By ports of the gateway.
    package var ports: [Int: Mode] = [:]

    package init() {}

    package func mode(atPort port: Int) -> Mode { ports[port] ?? mode }

    package static func read(_ object: Object) -> (rules: PeerRules, target: PolicyTarget, problems: [Status.Cause]) {
        var problems: [Status.Cause] = []
        let target = PolicyTarget(object, &problems)
        var rules = PeerRules()
        func mode(_ text: String?, _ path: FieldPath) -> Mode {
            guard let text else { return .unset }
            if let mode = Mode(rawValue: text) { return mode }
            problems.append(.invalid(path, text, "must be UNSET, DISABLE, PERMISSIVE or STRICT"))
            return .strict
        }
        let path = FieldPath("spec")
        rules.mode = mode(object.spec[path: "mtls", "mode"]?.stringValue, path.field("mtls").field("mode"))
        for member in object.spec["portLevelMtls"]?.objectValue ?? [:] {
            let (port, value) = (member.key, member.value)
            let place = path.field("portLevelMtls").key(port)
            guard let number = Int(port) else {
                problems.append(.invalid(place, port, "is no port"))
                continue
            }
            rules.ports[number] = mode(value["mode"]?.stringValue, place.field("mode"))
        }
        if !rules.ports.isEmpty, !target.isSelective {
            problems.append(.forbidden(path.field("portLevelMtls"), "needs a selector"))
        }
        return (rules, target, problems)
    }
}
