import JSONModel
import KubeModel

/// Kubernetes' protobuf, for the kinds that newer kubectls create in no other form (`kubectl create namespace`,
/// `configmap`, `secret`, `serviceaccount`). The numbers are those of Kubernetes' generated.proto files.
enum KubernetesProtobuf {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    /// - Throws: 400 where `bytes` are none, 415 for other kinds.
    static func json(_ bytes: [UInt8]) throws -> JSONValue {
        guard bytes.starts(with: prefix) else { throw Status.badRequest("the body of the request is no protobuf") }
        do {
            let envelope = try envelope(bytes[prefix.count...])
            guard let message = messages[envelope.gvk] else { throw unsupported(envelope.gvk) }
            var json = try message.json(envelope.content)
            json["apiVersion"] = .string(envelope.gvk.apiVersion)
            json["kind"] = .string(envelope.gvk.kind)
            return json
        } catch let error as ProtobufMessage.UnknownField {
            throw Status.badRequest("the protobuf in the request has an unknown field, number \(error.number)")
        } catch is ProtobufReader.Malformed {
            throw Status.badRequest("the protobuf in the request cannot be read")
        }
    }

    private static let prefix: [UInt8] = Array("k8s\0".utf8)

    /// `runtime.Unknown`: what it is, and its bytes.
    private static func envelope(_ bytes: ArraySlice<UInt8>) throws -> (
        gvk: GroupVersionKind, content: ArraySlice<UInt8>
    ) {
        let typeMeta = ProtobufMessage(fields: [1: .text("apiVersion"), 2: .text("kind")])
        var (type, content): (JSONValue, ArraySlice<UInt8>) = ([:], [])
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { continue }
            if number == 1 { type = try typeMeta.json(bytes) }
            if number == 2 { content = bytes }
        }
        return (Object(type).gvk, content)
    }

    private static func unsupported(_ gvk: GroupVersionKind) -> Status {
        Status(
            code: 415, reason: "UnsupportedMediaType",
            message: "\(gvk.kind) cannot be read as protobuf; send JSON or YAML, for instance by"
                + " kubectl create ... --dry-run=client -o yaml | kubectl apply -f -")
    }

    private static let messages: [GroupVersionKind: ProtobufMessage] = [
        core("Namespace"): ProtobufMessage(fields: [
            1: metadata, 2: .message("spec", ProtobufMessage(fields: [1: .texts("finalizers")])), 3: .ignored,
        ]),
        core("ConfigMap"): ProtobufMessage(fields: [
            1: metadata, 2: .textMap("data"), 3: .bytesMap("binaryData"), 4: .bool("immutable"),
        ]),
        core("Secret"): ProtobufMessage(fields: [
            1: metadata, 2: .bytesMap("data"), 3: .text("type"), 4: .textMap("stringData"), 5: .bool("immutable"),
        ]),
        core("ServiceAccount"): ProtobufMessage(fields: [
            1: metadata, 2: .messages("secrets", objectReference),
            3: .messages("imagePullSecrets", ProtobufMessage(fields: [1: .text("name")])),
            4: .bool("automountServiceAccountToken"),
        ]),
    ]

    private static func core(_ kind: String) -> GroupVersionKind {
        GroupVersionKind(group: "", version: "v1", kind: kind)
    }

    private static let metadata = ProtobufMessage.Field.message(
        "metadata",
        ProtobufMessage(fields: [
            1: .text("name"), 2: .text("generateName"), 3: .text("namespace"), 4: .ignored, 5: .text("uid"),
            6: .text("resourceVersion"), 7: .ignored, 8: .ignored, 9: .ignored, 10: .ignored, 11: .textMap("labels"),
            12: .textMap("annotations"), 13: .messages("ownerReferences", ownerReference), 14: .texts("finalizers"),
            17: .ignored,
        ]))

    private static let ownerReference = ProtobufMessage(fields: [
        1: .text("kind"), 3: .text("name"), 4: .text("uid"), 5: .text("apiVersion"), 6: .bool("controller"),
        7: .bool("blockOwnerDeletion"),
    ])

    private static let objectReference = ProtobufMessage(fields: [
        1: .text("kind"), 2: .text("namespace"), 3: .text("name"), 4: .text("uid"), 5: .text("apiVersion"),
        6: .text("resourceVersion"), 7: .text("fieldPath"),
    ])
}
