import JSONModel
import KubeController
import Testing

@testable import NodeAgent

@Suite("Probes")
struct ProbeTests {
    private static let container: JSONValue = [
        "ports": [["containerPort": 8080], ["name": "metrics", "containerPort": 9090]]
    ]

    private static let actionTable: [(JSONValue, Probe.Action)] = [
        (
            ["httpGet": ["path": "/health", "port": 8080]],
            Probe.Action.httpGet(path: "/health", port: 8080, headers: [])
        ),
        (["httpGet": ["port": "metrics"]], .httpGet(path: "/", port: 9090, headers: [])),
        (["tcpSocket": [:]], .tcp(port: 8080)), (["tcpSocket": ["port": 0]], .tcp(port: 8080)),
        (["tcpSocket": ["port": "1234"]], .tcp(port: 1234)),
        (
            ["httpGet": ["httpHeaders": [["name": "A", "value": "b"]]]],
            .httpGet(path: "/", port: 8080, headers: ["A: b"])
        ),
    ]

    @Test(
        "are read with the ports' names, and the first port where they have none",
        arguments: actionTable)
    func actions(_ json: JSONValue, _ action: Probe.Action) throws {
        #expect(try Probe(json, container: Self.container).action == action)
    }

    private static let problemTable: [(JSONValue, String)] = [
        (["exec": ["command": []]], "such probes"), (["grpc": ["port": 1]], "grpc probes"),
        (["httpGet": ["scheme": "HTTPS"]], "HTTPS"), (["tcpSocket": ["port": "nope"]], "port"),
        (["tcpSocket": ["port": 70000]], "70000"),
        (["httpGet": ["httpHeaders": [["name": "A", "value": "b\r\nC: d"]]]], "line breaks"),
    ]

    @Test(
        "that cannot be run say why",
        arguments: problemTable)
    func problems(_ json: JSONValue, _ words: String) throws {
        let problem = #expect(throws: ProbeProblem.self) { try Probe(json, container: Self.container) }
        #expect(problem?.description.contains(words) == true)
    }

    @Test("times and thresholds have Kubernetes' defaults; a period of 0 is none")
    func times() throws {
        let probe = try Probe(["tcpSocket": [:], "periodSeconds": 0], container: Self.container)
        #expect(probe.period == nil && probe.timeout == .seconds(1) && probe.failureThreshold == 3)
        let slow = try Probe(
            ["tcpSocket": [:], "periodSeconds": 5, "initialDelaySeconds": 2, "timeoutSeconds": 3],
            container: Self.container)
        #expect(slow.period == .seconds(5) && slow.initialDelay == .seconds(2) && slow.timeout == .seconds(3))
    }

    @Test(
        "a server that starts is asked every few milliseconds",
        arguments: [(0, 5), (100, 5), (300, 10), (1_500, 50), (3_000, 100), (60_000, 100)])
    func schedule(elapsed: Int, interval: Int) {
        #expect(ProbeSchedule.interval(starting: .milliseconds(elapsed)) == .milliseconds(interval))
    }

    @Test("so many in a row change the verdict")
    func counting() {
        var probe = Probe(.tcp(port: 1))
        probe.successThreshold = 2
        var counter = ProbeCounter(probe, initially: false)
        let checks: [(Bool, Bool, Bool)] = [
            (true, false, false), (false, false, false), (true, false, false), (true, true, true), (false, false, true),
            (false, false, true), (true, false, true), (false, false, true), (false, false, true), (false, true, false),
        ]
        for (success, changes, verdict) in checks {
            #expect(counter.count(success) == changes)
            #expect(counter.verdict == verdict)
        }
    }

    @Test(
        "an answer counts by its status",
        arguments: [
            ("HTTP/1.1 200 OK", true), ("HTTP/1.0 204 ", true), ("HTTP/1.1 399 x", true), ("HTTP/1.1 400 x", false),
            ("HTTP/1.1 503 x", false), ("HTTP/1.1 199 x", false), ("", false), ("SSH-2.0-OpenSSH", false),
        ])
    func answers(_ answer: String, _ isSuccess: Bool) {
        #expect(Prober.outcome(Array(answer.utf8)).isSuccess == isSuccess)
    }

    @Test("a request names the host and asks for the connection's end")
    func request() {
        let text = String(decoding: Prober.request(path: "health", headers: ["A: b"], host: "1.2.3.4:5"), as: UTF8.self)
        #expect(text.hasPrefix("GET /health HTTP/1.1\r\nHost: 1.2.3.4:5\r\n"))
        #expect(text.hasSuffix("Connection: close\r\nA: b\r\n\r\n"))
    }

    @Test("a port on which nobody listens is a failure at once")
    func refused() async throws {
        let scratch = try Scratch()
        let address = try #require(AddressPool(seed: .random(in: 0..<60_000)).take())
        let outcome = await Prober(loop: scratch.loop, time: SystemTime()).check(Probe(.tcp(port: 1)), address)
        #expect(outcome == .failure("connect: Connection refused"))
    }
}

@Suite("Addresses")
struct AddressPoolTests {
    @Test("are fresh for each start, and come again last")
    func fresh() throws {
        let pool = AddressPool(seed: 254 * 254 - 1)
        let first = try #require(pool.take())
        #expect(first.description == "127.77.254.254")
        pool.giveBack(first)
        #expect(pool.take()?.description == "127.77.1.1")
        var seen: Set<Address> = []
        for _ in 0..<(254 * 254 - 1) { if let address = pool.take() { seen.insert(address) } }
        #expect(seen.count == 254 * 254 - 1)
        #expect(pool.take() == nil)
    }
}
