import KubeClient
import KubeModel
import Testing

@testable import APIServer

@Suite("Forwarding and proxying")
struct ForwardingTests {
    @Test("a connection is carried both ways; its failure is told on the error stream", arguments: [true, false])
    func portForward(isListening: Bool) async throws {
        let (client, server) = PipeEnd.pair()
        let forward = SPDYPortForward(pod: .pod("web")) { port in
            guard isListening else { throw Status.internalError("nothing listens on \(port)") }
            return EchoProcess()
        }
        async let run: Void = forward.run(over: server)
        let deflating = HeaderCompression(.deflating)
        for (stream, type) in [(1, "error"), (3, "data")] as [(UInt32, String)] {
            let block = try deflating.code(
                SPDYHeaders.write([("streamtype", type), ("port", "8080"), ("requestid", "0")]))
            try await client.write(SPDYFrame.synStream(stream: stream, isLast: false, block: block).bytes)
        }
        try await client.write(SPDYFrame.data(stream: 3, bytes: Array("hello".utf8), isLast: true).bytes)
        var data: [UInt32: [UInt8]] = [:]
        var ended: Set<UInt32> = []
        var decoder = SPDYDecoder()
        while ended.count < 2, let bytes = try await client.read() {
            decoder.feed(bytes)
            while let frame = try decoder.next() {
                guard case .data(let stream, let bytes, let isLast) = frame else { continue }
                data[stream, default: []] += bytes
                if isLast { ended.insert(stream) }
            }
        }
        client.close()
        await run
        #expect(String(decoding: data[3] ?? [], as: UTF8.self) == (isListening ? "hello" : ""))
        let problem = String(decoding: data[1] ?? [], as: UTF8.self)
        #expect(problem.hasPrefix("error forwarding port 8080 to pod default/web") == !isListening)
    }

    @Test(
        "what is proxied to is read as Kubernetes reads it",
        arguments: [
            ("web", "web", nil), ("web:80", "web", "80"), ("http:web:http", "web", "http"), (":web:", "web", nil),
        ]
            as [(String, String, String?)])
    func target(text: String, name: String, port: String?) throws {
        let target = try ProxyTarget(text)
        #expect(target.name == name)
        #expect(target.port == port)
    }

    @Test("other schemes are refused", arguments: ["https:web:80", "ftp:web:80", "a:b:c:d"])
    func schemes(text: String) { #expect(throws: Status.self) { try ProxyTarget(text) } }

    @Test("a path goes on after proxy, with its escapes and slashes")
    func path() throws {
        let raw = "/api/v1/namespaces/a/pods/b:80/proxy/x%2Fy//z/"
        let target = try #require(ResourceTarget(APIRequest(method: "GET", target: raw).path))
        #expect(target.name == "b:80")
        #expect(target.split(raw).prefix == "/api/v1/namespaces/a/pods/b:80/proxy")
        #expect(target.split(raw).rest == "/x%2Fy//z/")
        #expect(target.split("/api/v1/namespaces/a/pods/b:80/proxy").rest == "/")
        #expect(ResourceTarget(["api", "v1", "namespaces", "a", "pods", "b", "status", "x"]) == nil)
    }

    @Test("log options: each problem is told")
    func logOptions() throws {
        let options = try PodLogOptions(QueryParameters("sinceTime=2026-01-01T00:00:00.5%2B01:00&stream=Stderr"))
        #expect(options.sinceTime == 1_767_222_000_500_000_000)
        #expect(options.stream == .stderr)
        let query = QueryParameters("sinceSeconds=0&limitBytes=0&sinceTime=now&stream=Other&tailLines=1")
        let status = #expect(throws: Status.self) { try PodLogOptions(query) }
        #expect(
            status?.causes.map(\.field) == [
                "sinceSeconds", "limitBytes", "sinceTime", "sinceSeconds", "stream", "tailLines",
            ])
    }
}
