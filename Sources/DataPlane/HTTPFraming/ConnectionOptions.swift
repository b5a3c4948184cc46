/// What the Connection fields ask for.
struct ConnectionOptions: Sendable, Hashable {
    var close = false
    var keepAlive = false
    var upgrade = false
    var te = false
}

extension HeadScanner {
    /// Reads the Connection fields and drops the fields they name, as RFC 9110 section 7.6.1 wants of a proxy.
    mutating func connectionOptions(in bytes: Span<UInt8>) throws(FramingError) -> ConnectionOptions {
        var options = ConnectionOptions()
        var names = 0
        for index in fields.indices where fields[index].kind == .connection {
            try bytes.forEachElement(of: fields[index].value) { element throws(FramingError) in
                names += 1
                // A field is compared with each name: a bound keeps that cheap.
                guard names <= 16 else { throw .malformedConnection }
                if bytes.equals("close", in: element) {
                    options.close = true
                } else if bytes.equals("keep-alive", in: element) {
                    options.keepAlive = true
                } else if bytes.equals("upgrade", in: element) {
                    options.upgrade = true
                } else if bytes.equals("te", in: element) {
                    options.te = true
                } else {
                    try drop(named: element, in: bytes)
                }
            }
        }
        return options
    }

    private mutating func drop(named name: Range<Int>, in bytes: Span<UInt8>) throws(FramingError) {
        let token = ByteClass.token
        for index in name where !token.contains(bytes[index]) { throw .malformedConnection }
        switch HeaderName.identify(name, in: bytes) {
        // Without these the message would be another one.
        case .host, .contentLength, .transferEncoding, .contentType, .expect: throw .malformedConnection
        default: break
        }
        for index in fields.indices where bytes.equalIgnoringCase(fields[index].name, name) {
            fields[index].isDropped = true
        }
    }
}
