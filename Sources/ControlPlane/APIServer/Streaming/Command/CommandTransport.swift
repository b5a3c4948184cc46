/// The streams of an exec or attach; the numbers are the channels of `*.channel.k8s.io`.
enum CommandStream: UInt8, Sendable, Hashable, CaseIterable {
    case input = 0, output, errors, status, size
}

/// A piece of a stream from the client.
struct CommandPiece: Sendable, Hashable {
    var stream: CommandStream
    var bytes: [UInt8]
    /// No more of this stream will come.
    var isLast = false
}

/// Carries the streams of one command to and from the client.
protocol CommandTransport: Sendable {
    /// `nil` when the client is gone. For one reader.
    func next() async throws -> CommandPiece?
    func send(_ bytes: [UInt8], on stream: CommandStream) async throws
    /// Nothing more is to come on the streams to the client; says goodbye.
    func finish() async
}
