import Testing

@testable import HTTPFraming

@Suite("Trace context")
struct TraceContextTests {
    private static let plain = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private static func read(_ text: String) -> TraceContext? { TraceContext(Array(text.utf8).span) }

    @Test("A traceparent is read and written")
    func roundTrip() throws {
        let context = try #require(Self.read(Self.plain))
        #expect(context.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.isSampled)
        #expect(context.line == "traceparent: \(Self.plain)\r\n")
    }

    @Test(
        "What is malformed begins a new trace",
        arguments: [
            "", "00", plain.uppercased(), plain + "-x", "ff" + plain.dropFirst(2),
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ])
    func malformed(text: String) { #expect(Self.read(text) == nil) }

    @Test("A version to come is read as far as it is known")
    func later() { #expect(Self.read("01" + Self.plain.dropFirst(2) + "-more") != nil) }
}
