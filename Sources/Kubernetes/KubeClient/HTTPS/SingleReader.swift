/// An iterator that a stream pulls from, one element each time its own reader asks: nothing is read ahead, so what the
/// reader has not taken holds the sender back.
final class SingleReader<Iterator: AsyncIteratorProtocol>: @unchecked Sendable {
    // SAFETY: only the stream that owns this object reads it, and a stream has one reader, which asks for an element
    // after it has had the one before.
    private var iterator: Iterator

    init(_ iterator: Iterator) { self.iterator = iterator }

    func next() async throws -> Iterator.Element? { try await iterator.next() }
}
