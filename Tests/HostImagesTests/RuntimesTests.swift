import Foundation
import JSONModel
import KubeModel
import ModelStorage
import Runtimes
import ServingAPI
import Testing
import YAMLModel

@testable import HostImages

/// The manifests that the binary carries.
let manifests: [(name: String, text: String)] = (0..<runtimes_count()).map { index in
    let manifest = runtimes_manifest(index)
    // SAFETY: the bytes are constants of the binary.
    let bytes = UnsafeBufferPointer(start: manifest.bytes, count: manifest.length)
    return (String(cString: manifest.name), String(decoding: bytes, as: UTF8.self))
}

@Suite("Preinstalled runtimes", .timeLimit(.minutes(5)))
struct RuntimesTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func objects(_ kind: String) throws -> [Object] {
        try manifests.flatMap { try JSONValue.documents(yaml: $0.text) }.map { Object($0) }.filter { $0.kind == kind }
    }

    @Test("are carried as they are in the folder, all of them")
    func carried() throws {
        let folder = root.appending(path: "Runtimes")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(manifests.map(\.name) == files.sorted())
        for manifest in manifests {
            #expect(manifest.text == (try String(contentsOf: folder.appending(path: manifest.name), encoding: .utf8)))
        }
    }

    @Test("have images that host images stand for")
    func images() throws {
        let images = try objects("HostImage").map(HostImage.init)
        let runtimes = try objects("ClusterServingRuntime")
        #expect(!runtimes.isEmpty)
        for runtime in runtimes {
            for container in runtime.spec["containers"]?.arrayValue ?? [] {
                let image = try #require(container["image"]?.stringValue)
                #expect(HostImage.standing(for: image, among: images) != nil, "\(runtime.name): \(image)")
            }
        }
    }

    @Test("load the formats of the examples")
    func examples() throws {
        let text = try String(contentsOf: root.appending(path: "Examples/smollm2.yaml"), encoding: .utf8)
        let service = Object(try JSONValue(yaml: text))
        let format = try #require(service.spec[path: "predictor", "model", "modelFormat", "name"]?.stringValue)
        let formats = try objects("ClusterServingRuntime").flatMap {
            $0.spec["supportedModelFormats"]?.arrayValue ?? []
        }
        #expect(formats.contains { $0["name"]?.stringValue == format && $0["autoSelect"]?.boolValue == true })
    }
}

@Suite("The launcher of llama.cpp's server", .timeLimit(.minutes(5)))
struct LlamaServerTests {
    private let fixture = StoreFixture()
    private let models = TemporaryDirectory()

    /// Runs the launcher without its package: as far as it comes.
    private func run(_ arguments: [String]) async throws -> (code: ChildProcess.Exit, output: String) {
        try fixture.addFakeUv()
        let text = try #require(manifests.first { $0.name == "llamacpp-hostimage.yaml" }).text
        let prepared = try await fixture.store().prepare(HostImage(Object(try JSONValue(yaml: text))))
        let lines = Lines()
        let words = prepared.entrypoint + arguments
        let environment = ["PATH": fixture.environment["PATH"] ?? ""]
        let exit = try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try await ChildProcess.run(words, environment: environment, line: lines.add)
        }
        return (exit, lines.all.joined(separator: "\n"))
    }

    @Test(
        "refuses what it does not understand",
        arguments: [
            (["--modle", "x"], "unknown flag --modle; did you mean --model?"), (["--port"], "--port needs a value"),
            (["--metrics=1"], "--metrics takes no value"), ([], "--model is needed"), (["x"], "unknown flag x"),
        ])
    func flags(arguments: [String], message: String) async throws {
        let result = try await run(arguments)
        #expect(result.code == .code(2))
        #expect(result.output.contains("llama-server: error: \(message)"))
    }

    @Test("says what is wrong with a model that cannot be served")
    func models() async throws {
        let missing = try await run(["--model", models.path + "/a.gguf"])
        #expect(missing.code == .code(1) && missing.output.contains("No such file"))
        let empty = try await run(["--model=\(models.path)"])
        #expect(empty.output.contains("holds no .gguf file, but nothing"))
        let file = try models.write("no model", to: "a.gguf")
        #expect(try await run(["-m", file]).output.contains("is no GGUF file: it begins with b'no m'"))
        try models.write("GGUF", to: "b.gguf")
        #expect(try await run(["-m", models.path]).output.contains("holds several models (a.gguf, b.gguf)"))
    }

    @Test("finds the model in its directory, also one in parts, and then wants its package")
    func found() async throws {
        try models.write("GGUF", to: "m-00001-of-00002.gguf")
        try models.write("GGUF", to: "m-00002-of-00002.gguf")
        let result = try await run(["--model", models.path, "--port=1"])
        #expect(result.code == .code(1))
        #expect(result.output.contains("the package xllamacpp cannot be loaded"))
    }

    @Test("tells its flags")
    func help() async throws {
        let result = try await run(["--help"])
        #expect(result.code == .code(0))
        #expect(result.output.contains("--ctx-size"))
    }
}
