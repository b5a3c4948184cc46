import JSONModel
import KubeModel
import ServingAPI

/// What this node reads of one of a pod's containers.
struct ContainerManifest: Sendable {
    var json: JSONValue
    /// Where it is in the pod: `spec.containers[0]`.
    var path: String
    /// Runs to its end before the containers after it start.
    var isInit: Bool
    var readiness: Probe?
    var liveness: Probe?
    var startup: Probe?

    /// - Throws: `Refusal` for probes that cannot be read.
    init(_ json: JSONValue, path: String, isInit: Bool = false) throws(PodManifest.Refusal) {
        self.json = json
        self.path = path
        self.isInit = isInit
        guard !isInit else { return }
        liveness = try Self.probe("livenessProbe", json, path)
        startup = try Self.probe("startupProbe", json, path)
        readiness = try Self.probe("readinessProbe", json, path) ?? Self.defaultReadiness(json)
    }

    var name: String { json["name"]?.stringValue ?? "" }
    var image: String { json["image"]?.stringValue ?? "" }
    var isProbed: Bool { readiness != nil || liveness != nil || startup != nil }

    /// The first port that it declares.
    var port: Int? { Self.port(json) }

    /// Fields that ask for something which it does not get: to be told, never passed over.
    ///
    /// - Parameter limitsMemory: whether a limit of memory is kept to here.
    func unmetFields(of pod: Object, limitsMemory: Bool) -> [String] {
        let fields: [(String, JSONValue?)] = [
            ("volumeMounts", PodVolumes.areHad(json, of: pod) ? nil : json["volumeMounts"]),
            ("lifecycle", json["lifecycle"]),
            ("resources.limits.memory", limitsMemory ? nil : json[path: "resources", "limits", "memory"]),
        ]
        return fields.compactMap { name, value in
            value == nil || value == [:] || value == [] ? nil : "\(path).\(name)"
        } + SecurityContext.unmetFields(json).map { "\(path).securityContext.\($0)" }
    }

    /// As Knative: a server is ready when its port takes connections.
    private static func defaultReadiness(_ container: JSONValue) -> Probe? {
        port(container).map { Probe(.tcp(port: $0)) }
    }

    private static func port(_ container: JSONValue) -> Int? {
        container["ports"]?.arrayValue?.first?["containerPort"]?.intValue
    }

    private static func probe(
        _ field: String, _ container: JSONValue, _ path: String
    ) throws(PodManifest.Refusal) -> Probe? {
        guard let json = container[field] else { return nil }
        do throws(ProbeProblem) {
            return try Probe(json, container: container)
        } catch {
            throw PodManifest.Refusal("\(path).\(field): \(error)")
        }
    }
}
