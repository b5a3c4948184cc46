import JSONModel
import KubeModel

/// Everything that is served, in two documents instead of one for each group and version (apidiscovery.k8s.io): what
/// newer clients ask for.
struct AggregatedDiscovery: Sendable {
    /// The version of the documents, which differ in nothing else.
    enum Form: String, Sendable {
        case v2
        case v2beta1

        /// The form that `accept` prefers; `nil` where it wants the plain documents.
        init?(accept: String) {
            for range in accept.split(separator: ",") {
                let words = range.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
                guard words.first == "application/json" else { continue }
                guard words.contains("g=apidiscovery.k8s.io") else { return nil }
                let version = words.first { $0.hasPrefix("v=") }?.dropFirst(2) ?? ""
                guard words.contains("as=APIGroupDiscoveryList"), let form = Form(rawValue: String(version)) else {
                    continue
                }
                self = form
                return
            }
            return nil
        }

        var contentType: String {
            "application/json;g=apidiscovery.k8s.io;v=\(rawValue);as=APIGroupDiscoveryList"
        }
    }

    let registry: ResourceRegistry

    /// - Parameter isCore: whether of the core group (`/api`) or of all others (`/apis`).
    func list(isCore: Bool, _ form: Form) -> JSONValue {
        [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/\(form.rawValue)", "metadata": [:],
            "items": .array(registry.groups.filter { $0.isEmpty == isCore }.map(group)),
        ]
    }

    private func group(_ name: String) -> JSONValue {
        let metadata: JSONValue = name.isEmpty ? [:] : ["name": .string(name)]
        return ["metadata": metadata, "versions": .array(registry.versions(name).map { version(name, $0) })]
    }

    private func version(_ group: String, _ version: String) -> JSONValue {
        [
            "version": .string(version), "freshness": "Current",
            "resources": .array(registry.resources(group: group, version: version).map(\.discovery)),
        ]
    }
}
