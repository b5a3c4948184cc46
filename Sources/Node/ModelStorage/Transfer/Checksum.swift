import Crypto

/// What a store promises of a file's contents. Digests are hexadecimal digits in lower case.
enum Checksum: Sendable, Hashable {
    case sha256(String)
    /// git's name of a blob: SHA-1 over its length and its bytes.
    case gitBlob(String)
    case md5(String)
    /// S3's entity tag of what was uploaded in parts: the MD5 of the parts' MD5s, and the size of all parts but the last.
    case partsMD5(String, partSize: Int64)
    /// Castagnoli's.
    case crc32c(UInt32)

    /// For messages.
    var name: String {
        switch self {
        case .sha256: "SHA-256"
        case .gitBlob: "git digest"
        case .md5, .partsMD5: "MD5"
        case .crc32c: "CRC-32C"
        }
    }
}

/// Computes what a file's contents are to be checked against, from its beginning to its end.
struct ChecksumDigest {
    private enum State {
        case none
        case gitBlob(Insecure.SHA1)
        case md5(Insecure.MD5)
        case parts(Insecure.MD5, all: Insecure.MD5, left: Int64, size: Int64)
        case crc32c(UInt32)
    }

    private var state: State
    private let expected: Checksum?

    /// - Parameter size: bytes of the whole file.
    init(_ expected: Checksum?, size: Int64) {
        self.expected = expected
        switch expected {
        case .gitBlob:
            var hasher = Insecure.SHA1()
            hasher.update(data: Array("blob \(size)\0".utf8))
            state = .gitBlob(hasher)
        case .md5: state = .md5(Insecure.MD5())
        case .partsMD5(_, let size):
            state = .parts(Insecure.MD5(), all: Insecure.MD5(), left: size, size: size)
        case .crc32c: state = .crc32c(0)
        case .sha256, nil: state = .none
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let before = state
        state = .none
        switch before {
        case .none: return
        case .gitBlob(var hasher):
            hasher.update(bufferPointer: bytes)
            state = .gitBlob(hasher)
        case .md5(var hasher):
            hasher.update(bufferPointer: bytes)
            state = .md5(hasher)
        case .parts(let hasher, let all, let left, let size): state = Self.parts(bytes, hasher, all, left, size)
        case .crc32c(let sum): state = .crc32c(CRC32C.update(sum, bytes))
        }
    }

    private static func parts(
        _ bytes: UnsafeRawBufferPointer, _ hasher: Insecure.MD5, _ all: Insecure.MD5, _ left: Int64, _ size: Int64
    ) -> State {
        var (hasher, all, left) = (hasher, all, left)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int(min(left, Int64(rest.count)))
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
            rest = rest.dropFirst(count)
            left -= Int64(count)
            guard left == 0 else { continue }
            all.update(data: Array(hasher.finalize()))
            (hasher, left) = (Insecure.MD5(), size)
        }
        return .parts(hasher, all: all, left: left, size: size)
    }

    /// Whether all bytes together are what was promised.
    ///
    /// - Parameter sha256: of the same bytes.
    func matches(sha256: String) -> Bool {
        switch (expected, state) {
        case (nil, _): true
        case (.sha256(let wanted), _): wanted == sha256
        case (.gitBlob(let wanted), .gitBlob(let hasher)): wanted == hexadecimal(hasher.finalize())
        case (.md5(let wanted), .md5(let hasher)): wanted == hexadecimal(hasher.finalize())
        case (.partsMD5(let wanted, _), .parts(let hasher, var all, let left, let size)):
            {
                if left < size { all.update(data: Array(hasher.finalize())) }
                return wanted == hexadecimal(all.finalize())
            }()
        case (.crc32c(let wanted), .crc32c(let sum)): wanted == sum
        default: false
        }
    }
}

/// The sum that Google's storage gives, with Castagnoli's polynomial, eight bytes at a time.
enum CRC32C {
    private static let tables: [[UInt32]] = {
        var tables: [[UInt32]] = [(0..<256).map(first)]
        for _ in 1..<8 {
            let last = tables[tables.count - 1]
            tables.append(last.map { tables[0][Int($0 & 255)] ^ ($0 >> 8) })
        }
        return tables
    }()

    private static func first(_ byte: Int) -> UInt32 {
        var sum = UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0x82F6_3B78 : sum >> 1 }
        return sum
    }

    static func update(_ sum: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var sum = ~sum
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ UInt64(sum)
            sum = 0
            for byte in 0..<8 { sum ^= tables[7 - byte][Int((word >> UInt64(8 * byte)) & 255)] }
            index += 8
        }
        for byte in bytes[index...] { sum = tables[0][Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
        return ~sum
    }
}
