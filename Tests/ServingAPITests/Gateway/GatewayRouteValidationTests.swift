import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite("Routes of the Gateway API are checked") struct GatewayRouteValidationTests {
    private static func route(_ rule: String, hosts: String = "[h.example]", kind: String = "HTTPRoute") -> String {
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: \(kind)
        metadata: {name: r, namespace: default}
        spec: {parentRefs: [{name: gateway}], hostnames: \(hosts), rules: [\(rule)]}
        """
    }

    private static func filter(_ type: String, _ body: String) -> String { "{filters: [{type: \(type), \(body)}]}" }

    @Test(
        "What the gateway could not do, or not safely, is refused by its field",
        arguments: [
            ("{matches: [{path: {value: abc}}]}", "matches[0].path.value", "begin with /"),
            ("{matches: [{path: {value: /a//b}}]}", "matches[0].path.value", "contain"),
            ("{matches: [{path: {value: /a/..}}]}", "matches[0].path.value", "end with"),
            ("{matches: [{path: {type: RegularExpression, value: '(a'}}]}", "matches[0].path.value", "without a )"),
            (
                "{matches: [{path: {type: RegularExpression, value: '(.*)*x{900}'}}]}", "matches[0].path.value",
                "automaton"
            ),
            (
                "{matches: [{headers: [{type: RegularExpression, name: a, value: '\\1'}]}]}",
                "matches[0].headers[0].value", "not supported"
            ),
            (filter("CORS", "cors: {}"), "filters[0].type", "URLRewrite"),
            (filter("URLRewrite", "x: 1"), "filters[0].urlRewrite", "say what"),
            (
                filter("RequestHeaderModifier", "requestHeaderModifier: {set: [{name: Content-Length, value: '1'}]}"),
                "filters[0].requestHeaderModifier.set[0].name", "gateway writes it"
            ),
            (
                filter("ResponseHeaderModifier", "responseHeaderModifier: {add: [{name: a, value: \"b\\r\\nc: d\"}]}"),
                "filters[0].responseHeaderModifier.add[0].value", "control"
            ),
            (
                filter("RequestHeaderModifier", "requestHeaderModifier: {remove: ['a b']}"),
                "filters[0].requestHeaderModifier.remove[0]", "name of a header"
            ),
            (
                filter("RequestRedirect", "requestRedirect: {statusCode: 200}"),
                "filters[0].requestRedirect.statusCode", "301"
            ),
            (
                filter("URLRewrite", "urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: '/a?b'}}"),
                "filters[0].urlRewrite.path.replaceFullPath", "query"
            ),
            (
                "{matches: [{path: {type: Exact, value: /a}}], filters: [{type: URLRewrite, "
                    + "urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]}",
                "filters[0].urlRewrite.path.type", "PathPrefix"
            ),
            (
                "{filters: [{type: RequestRedirect, requestRedirect: {port: 1}}], backendRefs: [{name: a}]}",
                "backendRefs", "no backends"
            ),
            ("{timeouts: {request: 1.5s}}", "timeouts.request", "duration"),
            ("{timeouts: {request: 1s, backendRequest: 2s}}", "timeouts.backendRequest", "longer"),
        ])
    func refused(rule: String, field: String, message: String) throws {
        let admitted = try Admitted(Self.route(rule))
        #expect(admitted.fields == ["spec.rules[0].\(field)"], "\(admitted.problems)")
        #expect(admitted.problems.joined().contains(message), "\(admitted.problems)")
    }

    @Test(
        "Hosts are names, with a * in the place of the first part at most", arguments: ["*.*.a", "1.2.3.4", "a b", "*"])
    func hosts(host: String) throws {
        #expect(try Admitted(Self.route("{}", hosts: "['\(host)']")).fields == ["spec.hostnames[0]"])
    }

    @Test("Methods of gRPC may be expressions too")
    func calls() throws {
        let rule = "{matches: [{method: {type: RegularExpression, service: 'a)', method: b}}]}"
        let admitted = try Admitted(Self.route(rule, kind: "GRPCRoute"))
        #expect(admitted.fields == ["spec.rules[0].matches[0].method.service"])
    }
}
