import JSONModel
import KubeClient
import KubeModel
import Runtimes
import ServingAPI
import YAMLModel

/// The runtimes that Martlet brings along: applied at each start, so that a new version brings its own. What a user
/// changed in them under another field manager stays.
enum PreinstalledObjects {
    /// - Throws: `StartFailure` where a manifest is wrong, which is a mistake of ours.
    static func apply(to client: any ResourceClient) async throws {
        for (name, text) in manifests() {
            for document in try JSONValue.documents(yaml: text) where !document.isNull {
                let object = Object(document)
                guard let resource = ServingKinds.definitions.first(where: { $0.resource.gvk == object.gvk })?.resource
                else { throw StartFailure("the preinstalled manifest \(name) has the unknown kind \(object.gvk)") }
                try await client.apply(resource, object, by: "martlet-preinstalled")
            }
        }
    }

    private static func manifests() -> [(name: String, text: String)] {
        (0..<runtimes_count()).map { index in
            let manifest = runtimes_manifest(index)
            // SAFETY: the bytes are a constant of the program, `length` of them.
            let bytes = UnsafeBufferPointer(start: manifest.bytes, count: manifest.length)
            return (String(cString: manifest.name), String(decoding: bytes, as: UTF8.self))
        }
    }
}
