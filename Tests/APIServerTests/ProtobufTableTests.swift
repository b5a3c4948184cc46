import Foundation
import JSONModel
import KubeModel
import Randomness
import Testing

@testable import APIServer

@Suite struct ProtobufTableTests {
    static let table = ProtobufTable.kubernetes

    @Test("Every word of the tables is understood, and no number or name is used twice")
    func tables() {
        #expect(Self.table.messages.count > 400)
        for message in Self.table.messages {
            #expect(!message.fields.isEmpty, "\(message.name)")
            let names = message.fields.values.filter { $0.shape != .inline }.map(\.name)
            #expect(Set(names).count == names.count && !names.contains(""), "\(message.name)")
        }
    }

    @Test(
        "The kinds that kubectl and client-go send have tables",
        arguments: [
            "v1 Pod", "v1 Service", "v1 Event", "v1 Node", "v1 PersistentVolumeClaim", "apps/v1 Deployment",
            "apps/v1 ReplicaSet", "autoscaling/v1 Scale", "autoscaling/v2 HorizontalPodAutoscaler",
            "policy/v1 Eviction",
            "rbac.authorization.k8s.io/v1 ClusterRole", "rbac.authorization.k8s.io/v1 RoleBinding",
            "coordination.k8s.io/v1 Lease", "authentication.k8s.io/v1 TokenRequest",
            "authentication.k8s.io/v1 SelfSubjectReview", "authorization.k8s.io/v1 SelfSubjectAccessReview",
            "authorization.k8s.io/v1 SelfSubjectRulesReview", "discovery.k8s.io/v1 EndpointSlice", "v1 DeleteOptions",
        ])
    func kinds(_ name: String) {
        let words = name.split(separator: " ").map(String.init)
        #expect(Self.table.message(apiVersion: words[0], kind: words[1])?.name == words[1])
    }

    @Test("What is written is what is read, for random objects of every message")
    func roundTrips() throws {
        var random = SeededRandom()
        let seed = random.seed
        for message in Self.table.messages {
            let json = random.object(message, depth: 4)
            let bytes = try ProtobufEncoder(table: Self.table).bytes(json, of: message)
            let read = try ProtobufDecoder(table: Self.table).json(bytes[...], of: message)
            #expect(read == json, "\(message.name), seed \(seed)")
        }
    }

    @Test("No text cut short or changed crashes the reader, and what it accepts can be written again")
    func damage() throws {
        var random = SeededRandom()
        let seed = random.seed
        let codec = (ProtobufEncoder(table: Self.table), ProtobufDecoder(table: Self.table))
        var accepted = 0
        for _ in 0..<FuzzRun.iterations(2_000) {
            let message = Self.table.messages[random.below(Self.table.messages.count)]
            var bytes = try codec.0.bytes(random.object(message, depth: 2), of: message)
            random.damage(&bytes)
            guard let json = try? codec.1.json(bytes[...], of: message) else { continue }
            accepted += 1
            let again = try codec.0.bytes(json, of: message)
            // A time without content is null, which is written as no time at all, as Go does it.
            let read = try codec.1.json(again[...], of: message)
            #expect(read.sorted == json.sorted, "\(message.name), seed \(seed): \(json.text) \(read.text)")
        }
        #expect(accepted > 0)
    }

    /// kubernetes/api/testdata/HEAD: one object of each kind with every field set, as Go writes it in both forms.
    @Test(
        "Kubernetes' own samples read as its JSON says",
        .enabled(if: ProcessInfo.processInfo.environment["MARTLET_KUBERNETES_SAMPLES"] != nil))
    func samples() throws {
        let folder = ProcessInfo.processInfo.environment["MARTLET_KUBERNETES_SAMPLES"] ?? ""
        var checked = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".json") {
            let json = try JSONValue(parsing: [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\(file)"))))
            let object = Object(json)
            guard Self.table.message(apiVersion: object.apiVersion, kind: object.kind) != nil else { continue }
            // Jobs have an alpha field whose types have no table.
            guard object.json[path: "spec", "scheduling"] == nil, object.kind != "CronJob" else { continue }
            let binary = "\(folder)/\(file.dropLast(5)).pb"
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: binary)))
            checked += 1
            do {
                #expect(try KubernetesProtobuf.json(bytes).sorted == json.sorted, "\(file)")
                let written = try #require(try KubernetesProtobuf.bytes(json))
                #expect(try KubernetesProtobuf.json(written).sorted == json.sorted, "\(file) written")
            } catch {
                Issue.record("\(file): \(error)")
            }
        }
        print("samples of \(checked) kinds")
        #expect(checked > 50)
    }
}

extension JSONValue {
    /// Without what JSON says and protobuf leaves out: nulls, empty lists, and empty values of fields that are not kept.
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let object):
            .object(JSONObject(object.compactMap { $0.value.isNull ? nil : ($0.key, $0.value.sorted) }))
        case .array(let elements): .array(elements.map(\.sorted))
        default: self
        }
    }
}
