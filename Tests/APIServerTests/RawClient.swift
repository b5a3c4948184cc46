import NIOCore
import NIOPosix
import NIOSSL

@testable import APIServer

/// A connection over TLS as the server's administrator, which says what it is given byte for byte.
enum RawClient {
    /// Runs `body` with a connection, and closes it.
    static func with<Result>(
        _ fixture: HTTPFixture, _ body: (inout Reader) async throws -> Result
    ) async throws -> Result {
        let (pki, port) = (fixture.pki, fixture.port)
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates([try certificate(pki.authority.credential.certificatePEM)])
        tls.certificateChain = [.certificate(try certificate(pki.admin.certificatePEM))]
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(pki.admin.keyPEM.utf8), format: .pem))
        let context = try NIOSSLContext(configuration: tls)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var reader = Reader(iterator: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&reader)
        }
    }

    private static func certificate(_ pem: String) throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)
    }

    /// Both ends of the conversation.
    struct Reader {
        fileprivate var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        fileprivate let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private(set) var text = ""

        func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

        /// Reads on until `part` was there `count` times, and answers with all that came; with less at the end.
        mutating func until(_ part: String, count: Int = 1) async throws -> String {
            while text.ranges(of: part).count < count, let bytes = try await iterator.next() {
                text += String(buffer: bytes)
            }
            return text
        }

        /// Reads on until the server closes.
        mutating func toEnd() async throws -> String {
            while let bytes = try await iterator.next() { text += String(buffer: bytes) }
            return text
        }
    }
}
