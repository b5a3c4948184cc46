import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

@Suite struct ViewTests {
    private static func object(_ yaml: String) throws -> Object { Object(try JSONValue(yaml: yaml)) }

    @Test func `an InferenceService is read`() throws {
        let service = InferenceService(try Self.object(Fixtures.inferenceService))
        #expect(service.key == ObjectKey(namespace: "ml", name: "llama"))
        #expect(service.componentName == "llama-predictor")
        #expect(!service.isStopped)
        let predictor = service.predictor
        #expect(predictor.minReplicas == 0 && predictor.maxReplicas == 3 && predictor.timeout == 60)
        #expect(predictor.canaryTrafficPercent == 10 && predictor.labels == ["a": "b"])
        #expect(predictor.model?.formatText == "gguf 3")
        #expect(predictor.model?.runtime == "llamacpp")
        #expect(predictor.model?.storageURI == "file:///srv/models/llama")
        #expect(service.componentStatus.latestReadyRevision == "llama-predictor-00001")
    }

    @Test func `what is missing or malformed reads as its default`() throws {
        let service = InferenceService(try Self.object("{metadata: {name: a}, spec: {predictor: {minReplicas: x}}}"))
        #expect(service.predictor.minReplicas == 1)
        #expect(service.predictor.maxReplicas == 0)
        #expect(service.predictor.model == nil)
        #expect(service.namespace == "")
        #expect(Revision(service.object).port == ContainerPort(number: 8080))
        #expect(Pod(service.object).phase == "Pending")
        #expect(HostImage(service.object).python == nil)
    }

    @Test func `a predictor's own name is part of its service's`() throws {
        let service = InferenceService(try Self.object("{metadata: {name: a}, spec: {predictor: {name: b}}}"))
        #expect(service.componentName == "a-b-predictor")
    }

    @Test(
        "A revision's port is the one of the container that has one",
        arguments: [
            ("[{name: a}]", 8080, false), ("[{name: a, ports: [{containerPort: 80}]}]", 80, false),
            ("[{name: a}, {name: b, ports: [{containerPort: 81, name: h2c}]}]", 81, true),
            ("[{name: b, ports: [{containerPort: 81, name: grpc-port}]}]", 81, true),
            ("[{name: b, ports: [{containerPort: 81, name: http1}]}]", 81, false),
        ])
    func ports(containers: String, number: Int, isHTTP2: Bool) throws {
        let revision = Revision(try Self.object("{metadata: {name: a}, spec: {containers: \(containers)}}"))
        #expect(revision.port.number == number)
        #expect(revision.port.isHTTP2 == isHTTP2)
    }

    @Test("A time limit of 0 is none", arguments: [("0", nil), ("5", 5)])
    func limits(value: String, seconds: Int?) throws {
        let revision = Revision(
            try Self.object(
                "{metadata: {name: a}, spec: {timeoutSeconds: \(value), idleTimeoutSeconds: \(value), containerConcurrency: 2}}"
            ))
        #expect(revision.timeoutSeconds == seconds)
        #expect(revision.idleTimeoutSeconds == seconds)
        #expect(revision.responseStartTimeoutSeconds == nil)
        #expect(revision.containerConcurrency == 2)
    }

    @Test func `a pod serves while it is ready and stays`() throws {
        var pod = Pod(try Self.object(Fixtures.pod))
        #expect(pod.isServing)
        #expect(pod.podIP == "127.0.0.2")
        var object = pod.object
        object.deletionTimestamp = "2026-01-01T00:00:00Z"
        pod = Pod(object)
        #expect(pod.isReady && pod.isTerminating && !pod.isServing)
    }

    @Test func `a route's targets are read`() throws {
        let route = Route(try Self.object(Fixtures.knativeService))
        #expect(route.traffic.map(\.percent) == [90, 10])
        #expect(route.traffic.map(\.isLatestRevision) == [true, false])
        #expect(route.traffic[0].tag == "latest")
        #expect(route.traffic[1].revisionName == "web-v0")
        #expect(route.assignedTraffic == [])
    }

    @Test(
        "A host image stands for the images that fit its patterns",
        arguments: [
            ("example.com/llama:1", 19), ("example.com/llama:", 19), ("example.com/llama", nil),
            ("example.com/llama-cpu:7", 21), ("example.com/llama-cpu", 21), ("example.com/llama-cpu@sha256:f", 21),
            ("other", nil),
        ])
    func hostImages(image: String, match: Int?) throws {
        let view = HostImage(try Self.object(Fixtures.hostImage))
        #expect(view.match(image) == match)
        #expect(view.python?.packages == ["xllamacpp==1.2.3"])
        #expect(view.entrypoint == ["llama-server"])
    }
}
