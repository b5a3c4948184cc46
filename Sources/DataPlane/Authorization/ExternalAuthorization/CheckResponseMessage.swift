package import JSONModel

/// `envoy.service.auth.v3.CheckResponse`.
package struct CheckResponseMessage: Sendable {
    /// Of gRPC: 0 lets the request go on.
    package var code = 0
    package var status = 0
    package var headers: [(name: String, value: String)] = []
    package var removed: [String] = []
    package var body = ""
    package var metadata: JSONValue?

    /// The request may go on.
    ///
    /// - Parameters:
    ///   - headers: that its server gets, in the place of those of the same names.
    ///   - removed: names of those that it does not get.
    package init(allowing headers: [(name: String, value: String)], removed: [String], metadata: JSONValue?) {
        self.headers = headers
        self.removed = removed
        self.metadata = metadata
    }

    package init(denying status: Int, headers: [(name: String, value: String)], body: String) {
        self.status = status
        self.headers = headers
        self.body = body
        code =
            switch status {
            case 400: 3
            case 401: 16
            case 404: 5
            case 429: 8
            case 500...: 14
            default: 7
            }
    }

    package var bytes: [UInt8] {
        var writer = WireWriter()
        writer.add(1) { if code != 0 { $0.add(1, number: code) } }
        if code == 0 {
            writer.add(3) { ok in
                for header in headers { ok.add(2) { Self.add(header, to: &$0) } }
                for name in removed { ok.add(5, text: name) }
            }
        } else {
            writer.add(2) { denied in
                denied.add(1) { $0.add(1, number: status) }
                for header in headers { denied.add(2) { Self.add(header, to: &$0) } }
                if !body.isEmpty { denied.add(3, text: body) }
            }
        }
        if let metadata { writer.add(4) { Self.add(structure: metadata, to: &$0) } }
        return writer.bytes
    }

    /// A HeaderValueOption that replaces what there is.
    private static func add(_ header: (name: String, value: String), to option: inout WireWriter) {
        option.add(1) {
            $0.add(1, text: header.name)
            $0.add(2, text: header.value)
        }
        // `append`, a BoolValue that is false.
        option.add(2, bytes: [])
    }

    private static func add(structure json: JSONValue, to writer: inout WireWriter) {
        for member in json.objectValue ?? [:] {
            writer.add(1) { entry in
                entry.add(1, text: member.key)
                entry.add(2) { add(value: member.value, to: &$0) }
            }
        }
    }

    private static func add(value json: JSONValue, to writer: inout WireWriter) {
        switch json {
        case .null: writer.add(1, number: 0)
        case .number(let number): writer.add(2, double: number.double ?? 0)
        case .string(let text): writer.add(3, text: text)
        case .bool(let value): writer.add(4, number: value ? 1 : 0)
        case .object: writer.add(5) { add(structure: json, to: &$0) }
        case .array(let elements):
            writer.add(6) { list in for element in elements { list.add(1) { add(value: element, to: &$0) } } }
        }
    }
}

// Reading.
extension CheckResponseMessage {
    package init(_ bytes: [UInt8]) throws(WireError) {
        var hasAnswer = false
        for (field, value) in try WireReader(bytes[...]).fields() {
            switch field {
            case 1:
                hasAnswer = true
                for (field, value) in try value.message.fields() where field == 1 { code = value.int }
            case 2: try takeDenied(value.message)
            case 3:
                hasAnswer = true
                for (field, value) in try value.message.fields() {
                    if field == 2 { headers.append(try Self.header(value.message)) }
                    if field == 5 { removed.append(value.text) }
                }
            default: break
            }
        }
        // Without a status nothing was decided.
        guard hasAnswer else { throw WireError() }
    }

    private mutating func takeDenied(_ reader: WireReader) throws(WireError) {
        for (field, value) in try reader.fields() {
            switch field {
            case 1: for (field, value) in try value.message.fields() where field == 1 { status = value.int }
            case 2: headers.append(try Self.header(value.message))
            case 3: body = value.text
            default: break
            }
        }
    }

    private static func header(_ option: WireReader) throws(WireError) -> (name: String, value: String) {
        var (name, text) = ("", "")
        for (field, value) in try option.fields() where field == 1 {
            for (field, value) in try value.message.fields() {
                if field == 1 { name = value.text }
                if field == 2 || field == 3 { text = value.text }
            }
        }
        return (name, text)
    }

    package var answer: CheckAnswer {
        code == 0
            ? .allowed(headers: headers, removed: removed.map { $0.lowercased() })
            : .denied(status: status == 0 ? 403 : status, headers: headers, body: body)
    }
}
