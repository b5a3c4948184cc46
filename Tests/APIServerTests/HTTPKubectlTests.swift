import Dispatch
import Foundation
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

/// The real kubectl against the real API. Uses the one on the PATH, or `MARTLET_KUBECTL`.
enum Kubectl {
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/kubectl" }
        return ([environment["MARTLET_KUBECTL"]].compactMap { $0 } + folders)
            .first { access($0, X_OK) == 0 }
    }()

    /// Output and errors together, and the exit code.
    static func run(
        _ fixture: HTTPFixture, _ arguments: String, input: String = ""
    ) async throws -> (text: String, code: Int32) {
        let file = "\(fixture.directory)/input"
        try Data(input.utf8).write(to: URL(filePath: file))
        let command =
            "HOME='\(fixture.directory)' '\(path ?? "kubectl")' --kubeconfig '\(fixture.kubeconfig)' \(arguments)"
            + " <'\(file)' 2>&1"
        // A thread of its own: the server needs the tests'.
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: shell(command)) }
        }
    }

    private static func shell(_ command: String) -> (String, Int32) {
        guard let pipe = popen(command, "r") else { return ("", -1) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { bytes += buffer[..<count] }
        return (String(decoding: bytes, as: UTF8.self), pclose(pipe) >> 8)
    }
}

@Suite(.enabled(if: Kubectl.path != nil, "kubectl is not installed"), .timeLimit(.minutes(2)))
struct HTTPKubectlTests {
    static let manifest = """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: smollm2
        spec:
          predictor:
            model:
              modelFormat:
                name: gguf
              storageUri: file:///models/smollm2
        """

    @Test("kubectl applies, gets, describes and deletes")
    func life() async throws {
        try await HTTPFixture.with { fixture in
            let applied = try await Kubectl.run(fixture, "apply -f -", input: Self.manifest)
            #expect(applied.text.contains("inferenceservice.serving.kserve.io/smollm2 created"), "\(applied.text)")
            let again = try await Kubectl.run(fixture, "apply -f -", input: Self.manifest)
            #expect(again.text.contains("smollm2 unchanged"), "\(again.text)")
            let got = try await Kubectl.run(fixture, "get isvc")
            #expect(got.text.hasPrefix("NAME      URL   READY"), "\(got.text)")
            let yaml = try await Kubectl.run(fixture, "get isvc smollm2 -o yaml")
            #expect(yaml.text.contains("storageUri: file:///models/smollm2"))
            let described = try await Kubectl.run(fixture, "describe isvc smollm2")
            #expect(described.text.contains("Kind:         InferenceService"), "\(described.text)")
            let deleted = try await Kubectl.run(fixture, "delete isvc smollm2")
            #expect(deleted.text.contains(#""smollm2" deleted"#), "\(deleted.text)")
            #expect(deleted.code == 0)
            let gone = try await Kubectl.run(fixture, "get isvc smollm2")
            #expect(gone.code == 1)
            #expect(gone.text.contains(#"inferenceservices.serving.kserve.io "smollm2" not found"#))
        }
    }

    @Test("kubectl watches, and reads logs")
    func streams() async throws {
        try await HTTPFixture.with { fixture in
            _ = try await fixture.client.create(.pods, .pod("a"))
            let logs = try await Kubectl.run(fixture, "logs a --tail=5")
            #expect(logs.text == "a main 5\n")
            async let watched = Kubectl.run(fixture, "get pods -w --request-timeout=3s")
            #expect(try await watched.text.contains("a      0/1     Pending"))
        }
    }

    @Test("kubectl explains, lists resources, and refuses unknown fields")
    func schemas() async throws {
        try await HTTPFixture.with { fixture in
            let explained = try await Kubectl.run(fixture, "explain isvc.spec.predictor.model")
            #expect(explained.text.contains("storageUri"), "\(explained.text)")
            let resources = try await Kubectl.run(fixture, "api-resources")
            #expect(resources.text.contains("inferenceservices"), "\(resources.text)")
            let wrong = Self.manifest.replacing("predictor:", with: "predicto:")
            let refused = try await Kubectl.run(fixture, "apply -f -", input: wrong)
            #expect(refused.code == 1)
            #expect(refused.text.contains("unknown field"), "\(refused.text)")
        }
    }
}
