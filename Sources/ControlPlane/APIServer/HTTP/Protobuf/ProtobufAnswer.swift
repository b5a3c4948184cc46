import JSONModel
import KubeClient
import KubeModel

/// Answers in protobuf for clients that read nothing else. One that reads JSON too gets JSON, which loses nothing.
/// Errors are always JSON.
enum ProtobufAnswer {
    /// Whether `accept` names Kubernetes' protobuf and nothing that JSON could be.
    static func isOnlyOne(in accept: String) -> Bool {
        let types = accept.split(separator: ",").map { range in
            (range.split(separator: ";").first ?? "").filter { !$0.isWhitespace }.lowercased()
        }
        return types.contains(KubernetesProtobuf.mediaType)
            && !types.contains { ["application/json", "application/*", "*/*"].contains($0) }
    }

    /// `response`, which is JSON, as protobuf. What was written cannot be refused any more: where its kind has no
    /// protobuf, it stays JSON.
    ///
    /// - Throws: 406 where something of such a kind is read.
    static func encode(_ response: APIResponse, to method: String) throws -> APIResponse {
        guard (200..<400).contains(response.code), response.contentType == MediaType.json else { return response }
        do { return try encode(response) } catch let status as Status {
            guard method == "GET" else { return response }
            throw status
        }
    }

    private static func encode(_ given: APIResponse) throws -> APIResponse {
        var response = given
        response.contentType = KubernetesProtobuf.mediaType
        switch response.body {
        case .whole(let bytes): response.body = .whole(try encode(JSONValue(parsing: bytes)))
        case .watch(var watch):
            response.contentType += ";stream=watch"
            watch.lines.isProtobuf = true
            response.body = .watch(watch)
        case .upgraded: break
        // Made only for clients that read JSON.
        case .parts, .streamed: return given
        }
        return response
    }

    private static func encode(_ json: JSONValue) throws -> [UInt8] {
        do {
            if let bytes = try KubernetesProtobuf.bytes(json) { return bytes }
            throw refusal("\(Object(json).kind) has no protobuf form here")
        } catch let error as ProtobufEncoder.Mismatch {
            throw refusal("\(error.field) cannot be written as protobuf")
        }
    }

    /// An event of a watch: its length in four bytes, then `WatchEvent` (1: type, 2: the object as `RawExtension`).
    ///
    /// - Parameter line: the event as JSON.
    static func frame(_ line: [UInt8]) throws -> [UInt8] {
        let event = try JSONValue(parsing: line)
        var writer = ProtobufWriter()
        writer.add(1, event["type"]?.stringValue)
        let object = event["object"] ?? [:]
        let content = event["type"] == "ERROR" ? object.serialized() : try encode(object)
        writer.add(2) { $0.append(1, bytes: content) }
        let count = UInt32(writer.bytes.count)
        return withUnsafeBytes(of: count.bigEndian) { Array($0) } + writer.bytes
    }

    private static func refusal(_ reason: String) -> Status {
        Status(code: 406, reason: "NotAcceptable", message: "\(reason); accept application/json")
    }
}
