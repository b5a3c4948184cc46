import JSONModel
import KubeModel

/// Kubernetes' protobuf, in which client-go sends built-in kinds: four bytes that say so, and `runtime.Unknown`, an
/// envelope of what it is (1: apiVersion and kind) and its message (2).
enum KubernetesProtobuf {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    private static let table = ProtobufTable.kubernetes
    private static let prefix: [UInt8] = Array("k8s\0".utf8)

    /// - Throws: 400 where `bytes` are none, 415 for kinds without a table.
    static func json(_ bytes: [UInt8]) throws -> JSONValue {
        guard bytes.starts(with: prefix) else { throw Status.badRequest("the body of the request is no protobuf") }
        do {
            let (gvk, content) = try envelope(bytes[prefix.count...])
            guard let message = table.message(apiVersion: gvk.apiVersion, kind: gvk.kind) else {
                throw unsupported(gvk)
            }
            var json = try ProtobufDecoder(table: table).json(content, of: message)
            json["apiVersion"] = .string(gvk.apiVersion)
            json["kind"] = .string(gvk.kind)
            return json
        } catch let error as ProtobufDecoder.UnknownField {
            throw Status.badRequest(
                "the protobuf in the request has a field that this server does not know, number \(error.number) of"
                    + " \(error.message); send JSON")
        } catch is ProtobufReader.Malformed {
            throw Status.badRequest("the protobuf in the request cannot be read")
        }
    }

    /// An object, or a list of objects of a kind that has a table; `nil` for what has none.
    ///
    /// - Throws: `ProtobufEncoder.Mismatch`.
    static func bytes(_ json: JSONValue) throws(ProtobufEncoder.Mismatch) -> [UInt8]? {
        let object = Object(json)
        guard let content = try content(json, object.apiVersion, object.kind) else { return nil }
        var writer = ProtobufWriter()
        writer.add(1) { type in
            type.add(1, object.apiVersion)
            type.add(2, object.kind)
        }
        writer.append(2, bytes: content)
        return prefix + writer.bytes
    }

    private static func content(
        _ json: JSONValue, _ apiVersion: String, _ kind: String
    ) throws(ProtobufEncoder.Mismatch) -> [UInt8]? {
        let encoder = ProtobufEncoder(table: table)
        if let message = table.message(apiVersion: apiVersion, kind: kind) {
            return try encoder.bytes(json, of: message)
        }
        guard kind.hasSuffix("List"), let items = json["items"]?.arrayValue,
            let message = table.message(apiVersion: apiVersion, kind: String(kind.dropLast(4))),
            let metadata = table.message(apiVersion: "meta/v1", kind: "ListMeta")
        else { return nil }
        var writer = ProtobufWriter()
        writer.append(1, bytes: try encoder.bytes(json["metadata"] ?? [:], of: metadata))
        for item in items { writer.append(2, bytes: try encoder.bytes(item, of: message)) }
        return writer.bytes
    }

    private static func envelope(_ bytes: ArraySlice<UInt8>) throws -> (
        gvk: GroupVersionKind, content: ArraySlice<UInt8>
    ) {
        var (type, content): (JSONValue, ArraySlice<UInt8>) = ([:], [])
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            if number == 1 { type = try typeMeta(value.message()) }
            if number == 2 { content = try value.message() }
        }
        return (Object(type).gvk, content)
    }

    private static func typeMeta(_ bytes: ArraySlice<UInt8>) throws -> JSONValue {
        var type: JSONValue = [:]
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            type[number == 1 ? "apiVersion" : "kind"] = .string(try value.text())
        }
        return type
    }

    private static func unsupported(_ gvk: GroupVersionKind) -> Status {
        Status(
            code: 415, reason: "UnsupportedMediaType",
            message: "\(gvk.kind) cannot be read as protobuf; send JSON or YAML, for instance by"
                + " kubectl create ... --dry-run=client -o yaml | kubectl apply -f -")
    }
}
