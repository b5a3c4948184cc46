import JSONModel
import KubeModel
import Testing

@testable import APIServer

@Suite struct HTTPProtobufTests {
    static func envelope(_ kind: String, _ content: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.add(1) { type in
            type.add(1, "v1")
            type.add(2, kind)
        }
        writer.add(2, message: content)
        writer.add(3, "")
        return Array("k8s\0".utf8) + writer.bytes
    }

    static func addEntry(_ field: Int, _ key: String, _ value: String, _ writer: inout ProtobufWriter) {
        writer.add(field) { entry in
            entry.add(1, key)
            entry.add(2, value)
        }
    }

    @Test("A secret is read, and what Go writes for nothing is left out")
    func secret() throws {
        let bytes = Self.envelope("Secret") { secret in
            secret.add(1) { metadata in
                metadata.add(1, "s")
                metadata.add(8) { _ in }
                Self.addEntry(11, "app", "web", &metadata)
                Self.addEntry(11, "empty", "", &metadata)
                metadata.add(14, "one")
                metadata.add(14, "two")
            }
            Self.addEntry(2, "password", "abc", &secret)
            secret.add(3, "Opaque")
            secret.add(5, true)
        }
        #expect(
            try KubernetesProtobuf.json(bytes) == [
                "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": true,
                "data": ["password": "YWJj"],
                "metadata": ["name": "s", "labels": ["app": "web", "empty": ""], "finalizers": ["one", "two"]],
            ])
    }

    @Test("References become objects")
    func references() throws {
        let bytes = Self.envelope("ServiceAccount") { account in
            account.add(1) { metadata in
                metadata.add(13) { owner in
                    owner.add(1, "Pod")
                    owner.add(3, "p")
                    owner.add(6, true)
                }
            }
            account.add(3) { $0.add(1, "pull") }
        }
        let json = try KubernetesProtobuf.json(bytes)
        #expect(json[path: "metadata", "ownerReferences"] == [["kind": "Pod", "name": "p", "controller": true]])
        #expect(json["imagePullSecrets"] == [["name": "pull"]])
    }

    @Test("What cannot be read whole is refused")
    func refusals() {
        func code(_ bytes: [UInt8]) -> Int? {
            do { return try KubernetesProtobuf.json(bytes) == [:] ? nil : 200 } catch {
                return (error as? Status)?.code
            }
        }
        #expect(code([]) == 400)
        #expect(code(Array("k8s\0".utf8)) == 415)
        #expect(code(Self.envelope("Deployment") { _ in }) == 415)
        #expect(code(Self.envelope("Namespace") { $0.add(99, "new") }) == 400)
        #expect(code(Self.envelope("Namespace") { $0.add(1, 5) }) == 400)
        #expect(code(Self.envelope("Namespace") { _ in }) == 200)
    }

    @Test("No text cut short or changed crashes the reader")
    func damage() {
        let whole = Self.envelope("ConfigMap") { map in
            map.add(1) { $0.add(1, "name") }
            Self.addEntry(2, "key", "value", &map)
        }
        for index in whole.indices {
            _ = try? KubernetesProtobuf.json(Array(whole[..<index]))
            for byte in [0x00, 0x7F, 0xFF] as [UInt8] {
                var changed = whole
                changed[index] = byte
                _ = try? KubernetesProtobuf.json(changed)
            }
        }
    }
}
