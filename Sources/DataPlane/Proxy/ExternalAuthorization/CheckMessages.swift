import Authorization
import ClientCertificates
import NIOCore

extension CheckRequestMessage {
    private static let framing: Set = [
        "host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect", "keep-alive",
        "proxy-connection", "x-forwarded-client-cert",
    ]

    /// The request that is asked about, as HTTP/1.1 has it; `nil` for what is none.
    ///
    /// The host may come from the Envoy's own settings, as Authorino takes it.
    var text: ByteBuffer? {
        let host = extensions["host"] ?? self.host
        guard Self.isToken(method), Self.isPlain(path), !path.isEmpty, !path.contains(" "), Self.isPlain(host) else {
            return nil
        }
        var buffer = ByteBuffer(string: "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n")
        for (name, value) in headers where !name.hasPrefix(":") && !Self.framing.contains(name.lowercased()) {
            guard Self.isToken(name), Self.isPlain(value) else { return nil }
            buffer.writeString("\(name): \(value)\r\n")
        }
        if !body.isEmpty { buffer.writeString("Content-Length: \(body.count)\r\n") }
        buffer.writeString("\r\n")
        buffer.writeBytes(body)
        return buffer
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }
    }

    private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 31 && $0 != 127 || $0 == 9 } }

    /// The certificate of the caller. The Envoy has its key shown, but whom it believes is not known here: it is trusted
    /// for nothing but what AuthConfigs verify by themselves.
    var certificate: ClientCertificate? {
        guard let pem = AccessRequest.unescaped(sourceCertificate, plusIsSpace: false) else { return nil }
        return X509Certificate.all(inPEM: pem).first.map { ClientCertificate($0, isTrusted: false) }
    }
}

extension CheckResponseMessage {
    init(_ result: AccessCheck.Result) {
        switch result {
        case .allowed(let grants, let removesCredential):
            let headers = grants.flatMap(\.pairs)
            let set = Set(headers.map { $0.name.lowercased() })
            var removed = Set(grants.flatMap(\.replaces).map { String(decoding: $0, as: UTF8.self) })
            if removesCredential { removed.insert("authorization") }
            self.init(
                allowing: headers, removed: removed.subtracting(set).sorted(),
                metadata: grants.compactMap(\.metadata).last)
        case .denied(let response):
            var headers = response.extraFields.split(separator: "\r\n").compactMap {
                line -> (name: String, value: String)? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
            }
            if let type = response.contentType { headers.append(("content-type", type)) }
            self.init(denying: response.status, headers: headers, body: response.body)
        }
    }
}
