import JSONModel
import KubeModel
import ServingAPI

/// What can be said of manifests before they are sent: every problem of every document, at once.
enum ManifestCheck {
    /// - Returns: each document with the resource it belongs to, and its namespace filled in.
    static func check(
        _ documents: [ManifestDocument], namespace: String
    ) throws -> [(resource: Resource, document: ManifestDocument)] {
        var problems: [String] = []
        var checked: [(Resource, ManifestDocument)] = []
        for var document in documents {
            let found = problemsOf(document.object)
            problems += found.map { "\(document.source): \($0)" }
            guard found.isEmpty, let resource = resource(of: document.object) else { continue }
            if resource.isNamespaced, document.object.namespace == nil { document.object.namespace = namespace }
            checked.append((resource, document))
        }
        guard problems.isEmpty else {
            throw CommandFailure((problems + ["nothing was changed"]).joined(separator: "\n"), code: 2)
        }
        return checked
    }

    private static func problemsOf(_ object: Object) -> [String] {
        guard object.json.objectValue != nil else { return ["expected an object, found \(object.json.typeName)"] }
        var problems: [String] = []
        if object.apiVersion.isEmpty {
            problems.append("apiVersion: required, such as serving.kserve.io/v1beta1")
        }
        if object.kind.isEmpty { problems.append("kind: required, such as InferenceService") }
        if object.name.isEmpty, object.generateName == nil { problems.append("metadata.name: required") }
        if problems.isEmpty, resource(of: object) == nil { problems.append(unknownKind(object.gvk)) }
        return problems
    }

    private static func resource(of object: Object) -> Resource? {
        ServingKinds.definitions.first { $0.resource.gvk == object.gvk }?.resource
    }

    private static func unknownKind(_ gvk: GroupVersionKind) -> String {
        let sameKind = ServingKinds.definitions.filter { $0.resource.kind == gvk.kind }.map(\.resource.apiVersion)
        if !sameKind.isEmpty {
            return "apiVersion: \(gvk.apiVersion) has no kind \(gvk.kind); use \(sameKind.joined(separator: " or "))"
        }
        let known = Set(ServingKinds.definitions.map(\.resource.kind)).sorted().joined(separator: ", ")
        return "kind: \(gvk.kind) is not served here. Served are: \(known)"
    }
}
