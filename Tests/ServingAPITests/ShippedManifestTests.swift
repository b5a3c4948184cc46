import FoundationEssentials
import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

/// The manifests that Martlet brings along must pass its own admission, and fit together.
@Suite struct ShippedManifestTests {
    private static let files = [
        "Runtimes/llamacpp-runtime.yaml", "Runtimes/llamacpp-hostimage.yaml", "Examples/smollm2.yaml",
    ]

    @Test("A shipped manifest is admitted as it is", arguments: files)
    func admitted(file: String) throws {
        for document in try Self.documents(file) {
            let admitted = try Admitted(Object(document))
            #expect(admitted.dropped == [])
            #expect(admitted.problems == [])
        }
    }

    @Test func `the example is rendered with the shipped runtime, whose image the host image stands for`() throws {
        let service = InferenceService(try Admitted(Object(Self.documents("Examples/smollm2.yaml")[0])).object)
        let runtime = ServingRuntime(Object(try Self.documents("Runtimes/llamacpp-runtime.yaml")[0]))
        let model = try #require(service.predictor.model)
        let selected = try RuntimeSelection.select(for: model, among: [runtime])
        let rendered = try KnativeServiceTemplate.make(service, runtime: selected)
        #expect(try Admitted(rendered).problems == [])
        let container = try #require(rendered.spec[path: "template", "spec", "containers"]?[0])
        let hostImage = HostImage(Object(try Self.documents("Runtimes/llamacpp-hostimage.yaml")[0]))
        #expect(hostImage.match(container["image"]?.stringValue ?? "") != nil)
        #expect(container["args"]?.arrayValue?.contains("smollm2") == true)
    }

    private static func documents(_ file: String) throws -> [JSONValue] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try JSONValue.documents(yaml: String(contentsOf: root.appending(path: file), encoding: .utf8))
    }
}
