import FoundationEssentials

/// How an S3 service is reached: from the variables that KServe gives its storage initializer, and AWS's own.
struct S3Settings: Sendable {
    /// `nil` for requests without a signature.
    var key: RequestSignature.Key?
    var region: String
    /// Without a slash at the end.
    var endpoint: String
    /// Whether the bucket is part of the host's name.
    var isVirtual: Bool
    var trust: Trust

    /// - Throws: `FileError` where the CA bundle cannot be read.
    init(_ variables: StorageVariables, bucket: String) throws(FileError) {
        region = variables["AWS_DEFAULT_REGION", "AWS_REGION"] ?? "us-east-1"
        trust = try variables.trust(bundle: "AWS_CA_BUNDLE", verifying: "S3_VERIFY_SSL")
        if !variables.isTrue("awsAnonymousCredential"), let id = variables["AWS_ACCESS_KEY_ID"],
            let secret = variables["AWS_SECRET_ACCESS_KEY"]
        {
            key = .init(id: id, secret: secret, sessionToken: variables["AWS_SESSION_TOKEN"])
        }
        let given = Self.endpoint(variables)
        endpoint = given ?? "https://s3.\(region).amazonaws.com"
        // A certificate for *.s3.amazonaws.com does not cover a bucket with dots in its name.
        isVirtual = variables.isTrue("S3_USER_VIRTUAL_BUCKET") || (given == nil && !bucket.contains("."))
        if variables.isTrue("S3_USE_ACCELERATE") {
            (endpoint, isVirtual) = ("https://s3-accelerate.amazonaws.com", true)
        }
    }

    private static func endpoint(_ variables: StorageVariables) -> String? {
        guard var text = variables["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "S3_ENDPOINT"] else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        if text.contains("://") { return text }
        return (variables.isFalse("S3_USE_HTTPS") ? "http://" : "https://") + text
    }

    /// Host (with its port) and path of a bucket's key.
    func place(_ bucket: String, _ key: String) -> (root: String, host: String, path: String) {
        let separator = endpoint.firstRange(of: "://")?.upperBound ?? endpoint.startIndex
        let rest = endpoint[separator...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let host = (isVirtual ? "\(bucket)." : "") + rest[..<slash]
        let path =
            String(rest[slash...]) + (isVirtual ? "" : "/\(PercentEncoding.encoded(bucket))")
            + "/" + PercentEncoding.encoded(key, keeping: "/")
        return (endpoint[..<separator] + host, host, path)
    }
}

extension PercentEncoding {
    /// All but letters, digits, `-._~` and what is to be kept.
    static func encoded(_ text: String, keeping kept: String = "") -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case _ where kept.utf8.contains(byte): bytes.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
