import KubeModel
import ServingAPI

/// `isvc`, `inferenceservice/smollm2`, `pods`, `revisions.serving.knative.dev`: resources and objects as people name them.
struct ResourceArgument {
    var definition: ResourceDefinition
    var name: String?

    var resource: Resource { definition.resource }

    /// Reads `KIND`, `KIND/NAME`, or `KIND NAME...`, as kubectl does.
    static func parse(_ words: [String]) throws -> [ResourceArgument] {
        guard let first = words.first else {
            throw CommandFailure("name a resource, such as isvc, pods or inferenceservice/smollm2", code: 2)
        }
        if first.contains("/") { return try words.map(parseSlashed) }
        let definition = try find(first)
        let names = words.dropFirst()
        return names.isEmpty
            ? [ResourceArgument(definition: definition)]
            : names.map { ResourceArgument(definition: definition, name: $0) }
    }

    private static func parseSlashed(_ word: String) throws -> ResourceArgument {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw CommandFailure("\(word): expected KIND/NAME, such as isvc/smollm2", code: 2)
        }
        return ResourceArgument(definition: try find(String(parts[0])), name: String(parts[1]))
    }

    /// By plural, singular, kind or short name, with or without the group behind a dot. Of two resources with the same
    /// name the one that stands first in `ServingKinds.definitions` is meant.
    static func find(_ word: String) throws -> ResourceDefinition {
        let parts = word.lowercased().split(separator: ".", maxSplits: 1)
        let name = parts.first.map(String.init) ?? ""
        let group = parts.count > 1 ? String(parts[1]) : nil
        let first = ServingKinds.definitions.first { definition in
            let names = [definition.resource.plural, definition.singular, definition.resource.kind.lowercased()]
            let isNamed = names.contains(name) || definition.shortNames.contains(name)
            return isNamed && (group.map { definition.resource.group.hasPrefix($0) } ?? true)
        }
        // Of several versions of it the last one is what objects are kept as.
        let found = ServingKinds.definitions.last { definition in
            definition.resource.group == first?.resource.group && definition.resource.plural == first?.resource.plural
        }
        guard let found else {
            let known = Set(ServingKinds.definitions.map { $0.shortNames.first ?? $0.resource.plural }).sorted()
            throw CommandFailure("\(word): no such resource. There are: \(known.joined(separator: ", "))", code: 2)
        }
        return found
    }
}
