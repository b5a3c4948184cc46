import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

@Suite("Transformers and explainers") struct SideComponentTests {
    private static func service(_ sides: String) throws -> InferenceService {
        var object = try Admitted(inferenceService("sklearn: {}\nname: own") + "\n\(sides)").object
        object.uid = "uid-1"
        return InferenceService(object)
    }

    private static func make(_ side: InferenceService, port: Int = 8080) throws -> Object {
        try KnativeServiceTemplate.make(side, runtime: nil, hosts: HostNames(port: port))
    }

    private static func arguments(_ object: Object) -> [JSONValue]? {
        object["spec", "template", "spec", "containers"]?[0]?["args"]?.arrayValue
    }

    @Test func `a transformer becomes a Knative Service that is told where the predictor is`() throws {
        let service = try Self.service(
            """
              transformer:
                minReplicas: 0
                containerConcurrency: 2
                labels: {a: b}
                containers: [{image: t, args: [--workers, "2"], ports: [{containerPort: 9000}]}]
            """)
        let made = try Self.make(try #require(service.sides.first))
        #expect(made.name == "iris-transformer")
        #expect(made.controller?.uid == "uid-1")
        let predictor = "iris-own-predictor.default.svc.cluster.local"
        #expect(
            Self.arguments(made) == [
                "--workers", "2", "--model_name", "iris", "--predictor_host", .string("\(predictor):8080"),
                "--http_port",
                "9000",
            ])
        let template = try #require(made["spec", "template"])
        #expect(template[path: "spec", "hostAliases"] == [["ip": "127.0.0.1", "hostnames": [.string(predictor)]]])
        #expect(template[path: "spec", "containerConcurrency"] == 2)
        #expect(template[path: "metadata", "labels", "component"] == "transformer")
        #expect(template[path: "metadata", "labels", "a"] == "b")
        #expect(template[path: "metadata", "annotations", "autoscaling.knative.dev/min-scale"] == "0")
        #expect(template[path: "spec", "minReplicas"] == nil)
    }

    @Test func `what the arguments say already is left alone, and port 80 is not named`() throws {
        let service = try Self.service(
            "  explainer: {containers: [{image: e, args: [--predictor_host=elsewhere, --model_name, mine]}]}")
        let explainer = try #require(service.sides.first)
        #expect(
            Self.arguments(try Self.make(explainer)) == [
                "--predictor_host=elsewhere", "--model_name", "mine", "--http_port", "8080",
            ])
        let plain = try Self.service("  explainer: {containers: [{image: e}]}")
        let words = Self.arguments(try Self.make(try #require(plain.sides.first), port: 80))
        #expect(words?.contains("iris-own-predictor.default.svc.cluster.local") == true)
    }

    @Test func `traffic is shared by what the status says of the same component`() throws {
        var service = try Self.service(
            "  transformer: {canaryTrafficPercent: 10, containers: [{image: t}]}"
        ).object
        service["status", "components"] = [
            "predictor": ["latestRolledoutRevision": "p"], "transformer": ["latestRolledoutRevision": "t"],
        ]
        let made = try Self.make(InferenceService(service, role: .transformer))
        #expect(made["spec", "traffic"]?[1]?["revisionName"] == "t")
    }

    @Test func `the path of explanations can be matched`() throws {
        let pattern = try RegularExpression(ServingKeys.explainPath)
        #expect(pattern.matches("/v1/models/iris-2:explain"))
        #expect(!pattern.matches("/v1/models/iris:predict"))
        #expect(!pattern.matches("/v1/models/a/b:explain"))
    }
}
