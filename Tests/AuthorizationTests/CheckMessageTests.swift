import JSONModel
import Testing

@testable import Authorization

@Suite("Messages of external authorization")
struct CheckMessageTests {
    @Test("what is written is read")
    func both() throws {
        var message = CheckRequestMessage(
            AccessRequest(head: Array("POST /v1?a=b HTTP/1.1\r\nHost: m\r\nX: y\r\n".utf8).span))
        message.body = Array("{}".utf8)
        message.extensions = ["host": "other"]
        message.sourceCertificate = "pem"
        let read = try CheckRequestMessage(parsing: message.bytes)
        #expect(read.method == "POST" && read.path == "/v1?a=b" && read.host == "m" && read.body == Array("{}".utf8))
        #expect(read.headers.contains { $0 == ("x", "y") } && read.extensions == ["host": "other"])
        #expect(read.sourceCertificate == "pem")
        let allowed = CheckResponseMessage(allowing: [("a", "b")], removed: ["c"], metadata: ["x": [1, "y", true]])
        let answer = try CheckResponseMessage(allowed.bytes)
        #expect(answer.code == 0 && answer.headers.map(\.name) == ["a"] && answer.removed == ["c"])
        let denied = try CheckResponseMessage(
            CheckResponseMessage(denying: 401, headers: [("a", "b")], body: "no").bytes)
        #expect(denied.code == 16 && denied.status == 401 && denied.body == "no")
    }

    @Test("bytes that are no message are an error, whatever they are, and never an allowance")
    func garbage() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? CheckRequestMessage(parsing: bytes)
            _ = try? CheckResponseMessage(bytes)
        }
        #expect(throws: WireError.self) { try CheckResponseMessage([]) }
        #expect(throws: WireError.self) {
            try CheckRequestMessage(parsing: [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])
        }
    }
}
