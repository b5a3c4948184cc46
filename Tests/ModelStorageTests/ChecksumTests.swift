import Crypto
import Testing

@testable import ModelStorage

@Suite("What contents are checked against")
struct ChecksumTests {
    private func matches(_ checksum: Checksum?, _ bytes: [UInt8], piece: Int) -> Bool {
        var digest = ChecksumDigest(checksum, size: Int64(bytes.count))
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { digest.update($0) }
        }
        return digest.matches(sha256: hexadecimal(SHA256.hash(data: bytes)))
    }

    /// The digests were computed by sha256sum, git hash-object, md5sum and Python's google-crc32c.
    @Test(
        "is right for the right bytes and wrong for others, however they come",
        arguments: [
            Checksum.sha256("a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447"),
            .gitBlob("3b18e512dba79e4c8300dd08aeb37f8e728b8dad"), .md5("6f5902ac237024bdd0c176cb93063dc4"),
        ], [1, 5, 100])
    func digests(checksum: Checksum, piece: Int) {
        #expect(matches(checksum, Array("hello world\n".utf8), piece: piece))
        #expect(!matches(checksum, Array("hello World\n".utf8), piece: piece))
    }

    @Test("CRC-32C is Castagnoli's", arguments: [1, 7, 8, 64])
    func castagnoli(piece: Int) {
        #expect(matches(.crc32c(0xE306_9283), Array("123456789".utf8), piece: piece))
        #expect(!matches(.crc32c(0xE306_9283), Array("123456788".utf8), piece: piece))
        // RFC 3720, B.4: 32 bytes of zeros.
        #expect(matches(.crc32c(0x8A91_36AA), [UInt8](repeating: 0, count: 32), piece: piece))
    }

    @Test("S3's entity tag of parts is the MD5 of their MD5s", arguments: [1, 3, 4, 10, 100])
    func parts(piece: Int) {
        let bytes = Array("abcdefghij".utf8)
        for size in [4, 5, 10] {
            var all = Insecure.MD5()
            for start in stride(from: 0, to: bytes.count, by: size) {
                all.update(data: Array(Insecure.MD5.hash(data: bytes[start..<min(start + size, bytes.count)])))
            }
            let tag = hexadecimal(all.finalize())
            #expect(matches(.partsMD5(tag, partSize: Int64(size)), bytes, piece: piece))
            #expect(!matches(.partsMD5(tag, partSize: Int64(size + 1)), bytes, piece: piece) || size == 10)
        }
    }
}
