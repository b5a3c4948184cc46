package import JSONModel
package import KubeModel

/// `serving.kserve.io/v1alpha1` InferenceGraph, for reading: nodes, each with steps; requests begin at `root`.
package struct InferenceGraph: View {
    package let object: Object

    package init(_ object: Object) { self.object = object }

    package static let root = "root"

    package func node(_ name: String) -> Node? { object.spec[path: "nodes", name].map(Node.init) }

    package var nodes: [(name: String, node: Node)] {
        (object.spec["nodes"]?.objectValue ?? [:]).map { ($0.key, Node(json: $0.value)) }
    }

    /// The InferenceServices that its steps ask, by name, each once.
    package var serviceNames: [String] {
        Set(nodes.flatMap { $0.node.steps.compactMap(\.serviceName) }).sorted()
    }

    /// What stands for a revision in the gateway: a name that no Revision can have.
    package var revisionName: String { "\(name).graph" }

    /// Seconds that a request may take; `nil`: for as long as it takes.
    package var timeout: Int? { object.spec["timeout"]?.intValue.flatMap { $0 > 0 ? $0 : nil } }
    /// Seconds that a service may take to answer a step; `nil`: for as long as it takes.
    package var stepTimeout: Int? {
        object.spec[path: "routerTimeouts", "serviceClient"]?.intValue.flatMap { $0 > 0 ? $0 : nil }
    }

    package enum Router: String, Sendable, Hashable {
        /// One step after the other.
        case sequence = "Sequence"
        /// One step, by lot.
        case splitter = "Splitter"
        /// All steps at once, their answers put together.
        case ensemble = "Ensemble"
        /// The first step whose condition the request meets.
        case choice = "Switch"
    }

    package struct Node: Sendable, Hashable {
        package let json: JSONValue

        package init(json: JSONValue) { self.json = json }

        package var router: Router { json["routerType"]?.stringValue.flatMap(Router.init) ?? .sequence }
        package var steps: [Step] { (json["steps"]?.arrayValue ?? []).map(Step.init) }
    }

    package struct Step: Sendable, Hashable {
        package let json: JSONValue

        package init(json: JSONValue) { self.json = json }

        package var name: String? { json["name"]?.nonEmptyString }
        package var nodeName: String? { json["nodeName"]?.nonEmptyString }
        package var serviceName: String? { json["serviceName"]?.nonEmptyString }
        package var serviceURL: String? { json["serviceUrl"]?.nonEmptyString }
        /// Whether it is given the answer of the step before, not the request.
        package var takesResponse: Bool { json["data"]?.stringValue == "$response" }
        package var mapsPredictions: Bool { json["mapPredictionsToInstances"]?.boolValue ?? false }
        package var weight: Int { json["weight"]?.intValue ?? 0 }
        /// A GJSON path.
        package var condition: String? { json["condition"]?.nonEmptyString }
        /// Whether a failure of it ends the node.
        package var isHard: Bool { json["dependency"]?.stringValue == "Hard" }

        /// For messages and metrics: its name, else what it asks.
        package var title: String { name ?? nodeName ?? serviceName ?? serviceURL ?? "" }
    }
}
