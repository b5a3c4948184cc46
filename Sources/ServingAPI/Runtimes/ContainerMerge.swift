import JSONModel
import KubeModel

/// A runtime's container with what a service says of it laid over.
enum ContainerMerge {
    /// Arguments are put together, the runtime's first; a variable that gets another source (`value`, `valueFrom`) has
    /// only the new one.
    static func merge(_ runtime: JSONValue, _ service: JSONValue) throws(InvalidPredictorSpec) -> JSONValue {
        var result = try Schema.container.lay(service, over: withoutReplacedSources(runtime, service))
        let arguments = (runtime["args"]?.arrayValue ?? []) + (service["args"]?.arrayValue ?? [])
        result["args"] = arguments.isEmpty ? nil : .array(arguments)
        return result
    }

    private static func withoutReplacedSources(_ runtime: JSONValue, _ service: JSONValue) -> JSONValue {
        let replaced = Set((service["env"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue })
        var result = runtime
        result.mapElements(at: "env") { variable in
            guard let name = variable["name"]?.stringValue, replaced.contains(name) else { return }
            variable = ["name": .string(name)]
        }
        return result
    }
}

extension Schema {
    /// Kubernetes' strategic merge of what a service says into what a runtime says.
    func lay(_ service: JSONValue, over runtime: JSONValue) throws(InvalidPredictorSpec) -> JSONValue {
        do {
            return try strategicMerge(service, into: runtime)
        } catch {
            throw InvalidPredictorSpec(description: "runtime and service cannot be merged: \(error.message)")
        }
    }
}
