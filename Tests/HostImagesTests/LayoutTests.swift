import JSONModel
import KubeModel
import ModelStorage
import Runtimes
import ServingAPI
import Testing
import YAMLModel

@testable import HostImages

struct LayoutMistake: Sendable, CustomTestStringConvertible {
    /// Of the HostImage's manifest.
    var file: String
    /// What the model's directory holds.
    var holds: [String]
    var says: String
    var testDescription: String { "\(file): \(holds)" }
}

/// What the carried servers say of a model that is not laid out as they need it. They look before they load anything, so
/// that this needs none of their packages.
@Suite("The layout of a model", .timeLimit(.minutes(5)))
struct LayoutTests {
    private let fixture = StoreFixture()
    private let model = TemporaryDirectory()

    private static let table: [LayoutMistake] = [
        LayoutMistake(file: "kserve", holds: ["weights.onnx"], says: "holds no .joblib, .pkl"),
        LayoutMistake(file: "kserve", holds: ["a.pkl", "b.joblib"], says: "holds several models (a.pkl, b.joblib)"),
        LayoutMistake(file: "kserve", holds: [], says: "but nothing"),
        LayoutMistake(
            file: "ovms", holds: ["model.xml", "model.bin"], says: "put its files into a folder named by a number"),
        LayoutMistake(file: "ovms", holds: ["config.json", "model.safetensors"], says: "is a Hugging Face directory"),
        LayoutMistake(file: "ovms", holds: ["1/readme.md"], says: "/1 holds no model"),
        LayoutMistake(file: "ovms", holds: ["2/a.onnx", "2/b.onnx"], says: "/2 holds several models (a.onnx, b.onnx)"),
        LayoutMistake(file: "caikit", holds: ["config.json"], says: "is a Hugging Face directory, no Caikit model"),
        LayoutMistake(file: "caikit", holds: ["model.gguf"], says: "it has no config.yml, but model.gguf"),
    ]

    @Test("is told where it is wrong, and what is there instead", arguments: table)
    func told(_ mistake: LayoutMistake) async throws {
        for path in mistake.holds {
            if let slash = path.firstIndex(of: "/") {
                try FileTree.makeDirectory("\(model.path)/\(path[..<slash])")
            }
            try model.write("", to: path)
        }
        let result = try await run(
            mistake.file, ["--model_name=m", "--model_dir=\(model.path)", "--model_path=\(model.path)"])
        #expect(result.code == .code(1))
        #expect(result.output.contains(mistake.says), "\(result.output)")
    }

    /// Runs a carried server without its packages: as far as it comes.
    private func run(_ file: String, _ arguments: [String]) async throws -> (code: ChildProcess.Exit, output: String) {
        try fixture.addFakeUv()
        let manifest = try #require(manifests.first { $0.name == "\(file)-hostimage.yaml" })
        let prepared = try await fixture.store().prepare(HostImage(Object(try JSONValue(yaml: manifest.text))))
        let lines = Lines()
        let words = prepared.entrypoint + (file == "caikit" ? [] : arguments)
        let environment = ["PATH": fixture.environment["PATH"] ?? "", "RUNTIME_LOCAL_MODELS_DIR": model.path]
        let exit = try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try await ChildProcess.run(words, environment: environment, line: lines.add)
        }
        return (exit, lines.all.joined(separator: "\n"))
    }
}
