import JSONModel
import Testing

@testable import Routing

struct RouteFiltersTests {
    @Test(
        "A prefix is replaced as the Gateway API's table says",
        arguments: [
            ("/foo/bar", "/foo", "/xyz", "/xyz/bar"), ("/foo/bar", "/foo", "/xyz/", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz", "/xyz/bar"), ("/foo", "/foo", "/xyz", "/xyz"),
            ("/foo/", "/foo", "/xyz", "/xyz/"), ("/foo/bar", "/foo", "", "/bar"), ("/foo/", "/foo", "", "/"),
            ("/foo", "/foo", "", "/"), ("/foo/", "/foo", "/", "/"), ("/foo", "/foo", "/", "/"),
            ("/foo", "/", "/x", "/x/foo"),
        ])
    func prefixes(path: String, prefix: String, replacement: String, result: String) throws {
        let match = try #require(RequestMatch(http: ["path": ["value": .string(prefix)]]))
        let filters = RouteFilters([
            [
                "type": "URLRewrite",
                "urlRewrite": ["path": ["type": "ReplacePrefixMatch", "replacePrefixMatch": .string(replacement)]],
            ]
        ])
        let bytes = Array(path.utf8)
        let rewritten = filters.path?.applied(to: bytes.span, prefix: match.prefixLength(of: bytes.span))
        #expect(rewritten.map { String(decoding: $0, as: UTF8.self) } == result)
    }

    @Test(
        "A redirect keeps what it does not change",
        arguments: [
            ([:], "http://h:8080/a/b?c=d"), (["scheme": "https"], "https://h/a/b?c=d"),
            (["scheme": "https", "port": 8443], "https://h:8443/a/b?c=d"), (["port": 80], "http://h/a/b?c=d"),
            (["hostname": "other.example"], "http://other.example:8080/a/b?c=d"),
            (["path": ["type": "ReplaceFullPath", "replaceFullPath": "/x"]], "http://h:8080/x?c=d"),
            (["path": ["type": "ReplacePrefixMatch", "replacePrefixMatch": "/x"]], "http://h:8080/x/b?c=d"),
        ] as [(JSONValue, String)])
    func redirects(json: JSONValue, location: String) throws {
        let filters = RouteFilters([["type": "RequestRedirect", "requestRedirect": json]])
        let redirect = try #require(filters.redirect)
        #expect(redirect.status == 302)
        let (path, query) = (Array("/a/b".utf8), Array("?c=d".utf8))
        let made = redirect.location(
            host: "h", port: 8080, isSecure: false, path: path.span, prefix: 2, query: query.span)
        #expect(made == location)
    }

    @Test("What would break a message's framing is not written, even if admission was passed by")
    func injection() {
        let filters = RouteFilters([
            [
                "type": "RequestHeaderModifier",
                "requestHeaderModifier": [
                    "set": [["name": "a", "value": "1\r\nEvil: 1"], ["name": "Content-Length", "value": "0"]],
                    "add": [["name": "b c", "value": "1"], ["name": "good", "value": "1"]],
                ],
            ],
            ["type": "URLRewrite", "urlRewrite": ["hostname": "a\r\nb"]],
        ])
        #expect(String(decoding: filters.request.lines, as: UTF8.self) == "good: 1\r\n")
        #expect(filters.request.removed.isEmpty && filters.host == nil)
    }
}
