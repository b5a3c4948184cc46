import JSONModel
import KubeModel
import ServingAPI

/// What this node reads of a Pod: one container, its probes, its model.
struct PodManifest: Sendable {
    enum RestartPolicy: String, Sendable { case always = "Always", onFailure = "OnFailure", never = "Never" }

    /// Why a pod cannot run here, ever.
    struct Refusal: Error, Hashable, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    var pod: Object
    var container: JSONValue
    var readiness: Probe?
    var liveness: Probe?
    var startup: Probe?
    var restartPolicy: RestartPolicy
    var gracePeriod: Duration
    /// Where the model at `/mnt/models` comes from.
    var modelURI: String?

    /// - Throws: `Refusal` for what this version of Martlet cannot run; running half of it would be worse.
    init(_ pod: Object) throws(Refusal) {
        let containers = pod.spec["containers"]?.arrayValue ?? []
        guard containers.count == 1, pod.spec["initContainers"]?.arrayValue?.isEmpty ?? true else {
            throw Refusal(
                "pods with init containers or more than one container are not supported yet: "
                    + "leave one entry in spec.containers and none in spec.initContainers")
        }
        self.pod = pod
        container = containers[0]
        restartPolicy = pod.spec["restartPolicy"]?.stringValue.flatMap(RestartPolicy.init) ?? .always
        gracePeriod = .seconds(pod.spec["terminationGracePeriodSeconds"]?.intValue ?? 30)
        modelURI = pod.annotations[ServingKeys.storageSourceURI]
        liveness = try Self.probe("livenessProbe", container)
        startup = try Self.probe("startupProbe", container)
        readiness = try Self.probe("readinessProbe", container) ?? Self.defaultReadiness(container)
    }

    var uid: String { pod.uid }
    var containerName: String { container["name"]?.stringValue ?? "" }
    var image: String { container["image"]?.stringValue ?? "" }

    /// The first port that the container declares.
    var port: Int? { Self.port(container) }

    /// Fields that ask for something which the container does not get: to be told, never passed over.
    var unmetFields: [String] {
        let fields: [(String, JSONValue?)] = [
            ("volumeMounts", PodVolumes.areHad(container, of: pod) ? nil : container["volumeMounts"]),
            ("lifecycle", container["lifecycle"]),
            ("securityContext", container["securityContext"]),
            ("resources.limits.memory", container[path: "resources", "limits", "memory"]),
        ]
        return fields.compactMap { name, value in
            value == nil || value == [:] || value == [] ? nil : "spec.containers[0].\(name)"
        }
    }

    /// As Knative: a server is ready when its port takes connections.
    private static func defaultReadiness(_ container: JSONValue) -> Probe? {
        port(container).map { Probe(.tcp(port: $0)) }
    }

    private static func port(_ container: JSONValue) -> Int? {
        container["ports"]?.arrayValue?.first?["containerPort"]?.intValue
    }

    private static func probe(_ field: String, _ container: JSONValue) throws(Refusal) -> Probe? {
        guard let json = container[field] else { return nil }
        do throws(ProbeProblem) {
            return try Probe(json, container: container)
        } catch {
            throw Refusal("spec.containers[0].\(field): \(error)")
        }
    }
}
