import ServingAPI

/// `envoy.service.auth.v3.CheckRequest`, as far as it says what a request is.
package struct CheckRequestMessage: Sendable {
    package var method = ""
    /// With the query.
    package var path = ""
    package var host = ""
    package var scheme = ""
    /// Names in lower case.
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []
    /// Of the caller.
    package var sourceAddress = ""
    package var sourcePort = 0
    /// What the caller's certificate says, as the Envoy tells it.
    package var sourcePrincipal = ""
    /// URL-encoded PEM.
    package var sourceCertificate = ""
    package var destinationAddress = ""
    package var destinationPort = 0
    /// What the Envoy's own settings add.
    package var extensions: [String: String] = [:]

    package init() {}
}

// Reading.
extension CheckRequestMessage {
    package init(parsing bytes: [UInt8]) throws(WireError) {
        for (field, value) in try WireReader(bytes[...]).fields() where field == 1 {
            for (field, value) in try value.message.fields() {
                switch field {
                case 1: try takeSource(value.message)
                case 2: (destinationAddress, destinationPort) = try Self.address(value.message) ?? ("", 0)
                case 4: try takeRequest(value.message)
                case 10:
                    let (key, value) = try Self.entry(value.message)
                    extensions[key] = value
                default: break
                }
            }
        }
    }

    private mutating func takeSource(_ reader: WireReader) throws(WireError) {
        (sourceAddress, sourcePort) = try Self.address(reader) ?? ("", 0)
        for (field, value) in try reader.fields() {
            if field == 4 { sourcePrincipal = value.text }
            if field == 5 { sourceCertificate = value.text }
        }
    }

    /// Of a Peer: its address' socket_address.
    private static func address(_ peer: WireReader) throws(WireError) -> (String, Int)? {
        for (field, value) in try peer.fields() where field == 1 {
            for (field, value) in try value.message.fields() where field == 1 {
                var (address, port) = ("", 0)
                for (field, value) in try value.message.fields() {
                    if field == 2 { address = value.text }
                    if field == 3 { port = value.int }
                }
                return (address, port)
            }
        }
        return nil
    }

    private mutating func takeRequest(_ reader: WireReader) throws(WireError) {
        for (field, value) in try reader.fields() where field == 2 {
            for (field, value) in try value.message.fields() { try take(field, value) }
        }
    }

    private mutating func take(_ field: Int, _ value: WireReader.Value) throws(WireError) {
        switch field {
        case 2: method = value.text
        case 3: headers.append(try Self.entry(value.message))
        case 4: path = value.text
        case 5: host = value.text
        case 6: scheme = value.text
        case 11: body = Array(value.text.utf8)
        case 12: if case .bytes(let bytes) = value { body = Array(bytes) }
        case 13:
            for (field, value) in try value.message.fields() where field == 1 {
                var (name, text) = ("", "")
                for (field, value) in try value.message.fields() {
                    if field == 1 { name = value.text }
                    if field == 2 || field == 3 { text = value.text }
                }
                headers.append((name, text))
            }
        default: break
        }
    }

    /// Of a map.
    private static func entry(_ reader: WireReader) throws(WireError) -> (String, String) {
        var (key, value) = ("", "")
        for (field, part) in try reader.fields() {
            if field == 1 { key = part.text }
            if field == 2 { value = part.text }
        }
        return (key, value)
    }
}

// Writing.
extension CheckRequestMessage {
    /// What is told of a request that has come to this gateway.
    package init(_ request: AccessRequest) {
        method = request.method
        path = request.target
        host = request.host
        scheme = request.scheme
        headers = [(":method", method), (":path", path), (":authority", host), (":scheme", scheme)]
        for name in Set(request.headers.map(\.name)).sorted() where name != "host" {
            headers.append((name, request.header(name) ?? ""))
        }
        sourceAddress = request.source
        sourcePrincipal = request.peer?.certificate?.principal.map { "spiffe://\($0.name)" } ?? ""
        destinationAddress = request.peer?.localAddress ?? ""
        destinationPort = request.peer?.localPort ?? 0
    }

    package var bytes: [UInt8] {
        var writer = WireWriter()
        writer.add(1) { attributes in
            attributes.add(1) {
                Self.add(sourceAddress, sourcePort, to: &$0)
                if !sourcePrincipal.isEmpty { $0.add(4, text: sourcePrincipal) }
                if !sourceCertificate.isEmpty { $0.add(5, text: sourceCertificate) }
            }
            attributes.add(2) { Self.add(destinationAddress, destinationPort, to: &$0) }
            attributes.add(4) { $0.add(2, addRequest) }
            for (key, value) in extensions.sorted(by: { $0.key < $1.key }) {
                attributes.add(10) {
                    $0.add(1, text: key)
                    $0.add(2, text: value)
                }
            }
        }
        return writer.bytes
    }

    private static func add(_ address: String, _ port: Int, to peer: inout WireWriter) {
        peer.add(1) {
            $0.add(1) {
                $0.add(2, text: address)
                $0.add(3, number: port)
            }
        }
    }

    private func addRequest(_ http: inout WireWriter) {
        http.add(2, text: method)
        for (name, value) in headers {
            http.add(3) {
                $0.add(1, text: name)
                $0.add(2, text: value)
            }
        }
        http.add(4, text: path)
        http.add(5, text: host)
        http.add(6, text: scheme)
        http.add(9, number: -1)
        http.add(10, text: "HTTP/1.1")
        if !body.isEmpty { http.add(11, bytes: body) }
    }
}
