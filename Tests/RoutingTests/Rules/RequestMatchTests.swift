import HTTPFraming
import JSONModel
import Testing

@testable import Routing

struct RequestMatchTests {
    static func takes(_ match: RequestMatch, _ target: String, method: String = "GET", fields: String = "") throws
        -> Bool
    {
        let bytes = Array("\(method) \(target) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8)
        var parser = RequestParser()
        #expect(try parser.parse(bytes.span))
        return match.takes(parser, bytes.span, path: bytes.span.extracting(parser.head.path))
    }

    @Test(
        "Paths are compared by whole segments, exactly, or by an expression",
        arguments: [
            ("PathPrefix", "/abc", ["/abc", "/abc/", "/abc/d", "/abc?x"], ["/abcd", "/ab", "/", "/ABC"]),
            ("PathPrefix", "/abc/", ["/abc", "/abc/", "/abc/d"], ["/abcd"]),
            ("PathPrefix", "/", ["/", "/abc", "http://h"], []),
            ("Exact", "/abc", ["/abc", "/abc?x=1"], ["/abc/", "/abc/d", "/ABC"]),
            ("Exact", "/%41bc", ["/Abc"], ["/abc"]), ("Exact", "/", ["/", "http://h"], ["/a"]),
            ("RegularExpression", "/v\\d+/.*", ["/v1/x", "/v22/"], ["/v/x", "/x/v1/x"]),
        ])
    func paths(type: String, value: String, good: [String], bad: [String]) throws {
        let match = try #require(
            RequestMatch(http: ["path": ["type": .string(type), "value": .string(value)]]))
        for path in good { #expect(try Self.takes(match, path), "\(type) \(value) takes \(path)") }
        for path in bad { #expect(!(try Self.takes(match, path)), "\(type) \(value) does not take \(path)") }
    }

    @Test("All headers must be there, by name in either case and by value")
    func headers() throws {
        let match = try #require(
            RequestMatch(http: [
                "headers": [
                    ["name": "Version", "value": "two"],
                    ["type": "RegularExpression", "name": "x-user", "value": "[a-z]+"],
                    ["name": "version", "value": "ignored: the first of a name counts"],
                ]
            ]))
        #expect(try Self.takes(match, "/", fields: "version: two\r\nX-User: bob\r\n"))
        #expect(try Self.takes(match, "/", fields: "VERSION: one\r\nversion: two\r\nX-User: bob\r\n"))
        #expect(!(try Self.takes(match, "/", fields: "version: two\r\n")))
        #expect(!(try Self.takes(match, "/", fields: "version: Two\r\nX-User: bob\r\n")))
        #expect(!(try Self.takes(match, "/", fields: "version: two\r\nX-User: BOB\r\n")))
        // What the connection names is not for servers, and so not for rules.
        #expect(!(try Self.takes(match, "/", fields: "version: two\r\nX-User: bob\r\nConnection: x-user\r\n")))
    }

    @Test(
        "Parameters of the query are compared decoded; the first of a name counts",
        arguments: [
            ("/?model=a+b&x=1", true), ("/?x&model=a%20b", true), ("/?mod%65l=a%20b", true), ("/?model=a", false),
            ("/?model=a&model=a+b", false), ("/?model", false), ("/", false), ("/?Model=a+b", false),
            ("/?model=a%2", false),
            ("/?xmodel=a+b", false),
        ])
    func parameters(target: String, isTaken: Bool) throws {
        let match = try #require(RequestMatch(http: ["queryParams": [["name": "model", "value": "a b"]]]))
        #expect(try Self.takes(match, target) == isTaken)
    }

    @Test("A method is compared as it is; an expression may be of a parameter")
    func methods() throws {
        let match = try #require(
            RequestMatch(http: [
                "method": "POST", "queryParams": [["type": "RegularExpression", "name": "n", "value": "\\d+"]],
            ]))
        #expect(try Self.takes(match, "/?n=12", method: "POST"))
        #expect(!(try Self.takes(match, "/?n=12")))
        #expect(!(try Self.takes(match, "/?n=x", method: "POST")))
    }

    @Test(
        "A call of gRPC is matched by its service and method",
        arguments: [
            (["service": "a.B", "method": "C"], ["/a.B/C"], ["/a.B/D", "/a.B/C/"]),
            (["service": "a.B"], ["/a.B/C", "/a.B/D"], ["/a.BC/D"]),
            (["method": "C"], ["/a.B/C", "/x/C"], ["/a.B/D", "/C"]),
            (["type": "RegularExpression", "service": "a\\..*"], ["/a.B/C"], ["/b.B/C", "/a.B"]), ([:], ["/x/y"], []),
        ] as [(JSONValue, [String], [String])])
    func calls(method: JSONValue, good: [String], bad: [String]) throws {
        let match = try #require(RequestMatch(grpc: ["method": method]))
        for path in good { #expect(try Self.takes(match, path, method: "POST"), "\(method) takes \(path)") }
        for path in bad { #expect(!(try Self.takes(match, path, method: "POST")), "\(method) does not take \(path)") }
    }

    @Test("Of several matches the Gateway API's order decides, whatever order they are written in")
    func order() {
        let matches: [JSONValue] = [
            ["path": ["type": "Exact", "value": "/a"]], ["path": ["type": "RegularExpression", "value": "/a.*"]],
            ["path": ["value": "/aa/bb"], "headers": [["name": "x", "value": "1"], ["name": "y", "value": "1"]]],
            ["path": ["value": "/aa"], "method": "GET"],
            ["path": ["value": "/aa"], "headers": [["name": "x", "value": "1"], ["name": "y", "value": "1"]]],
            ["path": ["value": "/aa"], "headers": [["name": "x", "value": "1"]]],
            ["path": ["value": "/aa"], "queryParams": [["name": "x", "value": "1"]]], ["path": ["value": "/aa"]],
            ["method": "GET"], [:],
        ]
        let rules = matches.enumerated().compactMap { index, json in
            RequestMatch(http: json).map { HostRules.Rule(match: $0, route: index) }
        }
        #expect(HostRules([rules.reversed()]).rules.map(\.route) == Array(0..<matches.count))
        #expect(HostRules([rules]).rules.map(\.route) == Array(0..<matches.count))
    }
}
