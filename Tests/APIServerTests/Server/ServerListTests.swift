import Foundation
import JSONModel
import KubeClient
import KubeModel
import Testing

@testable import APIServer

struct ServerListTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws {
        test = try await TestServer()
        for name in ["a", "b", "c", "d", "e"] {
            let namespace = name == "e" ? "kube-system" : "default"
            _ = try await test.server.create(
                .widgets,
                widget(name, namespace: namespace, size: name == "b" ? 20 : 4).with {
                    $0.labels = ["vowel": "ae".contains(name) ? "yes" : "no"]
                })
        }
    }

    @Test(arguments: [
        ("", "", String?.none, ["a", "b", "c", "d", "e"]), ("", "", "default", ["a", "b", "c", "d"]),
        ("vowel=yes", "", nil, ["a", "e"]), ("vowel!=yes", "", "kube-system", []),
        ("", "metadata.name=b", nil, ["b"]), ("", "spec.size!=4", nil, ["b"]),
        ("", "spec.none=", nil, ["a", "b", "c", "d", "e"]),
        ("vowel=no", "spec.color=blue", "default", ["c", "d"]),
    ])
    func selectorsSelect(labels: String, fields: String, namespace: String?, expected: [String]) async throws {
        let options = ListOptions(labelSelector: try LabelSelector(parsing: labels), fieldSelector: fields)
        let list = try await server.list(.widgets, namespace: namespace, options)
        #expect(list.items.map(\.name) == expected)
        #expect(list.resourceVersion == (try await server.currentResourceVersion()))
        #expect(list.continueToken.isEmpty)
    }

    @Test func pagesFollowEachOther() async throws {
        var options = ListOptions(limit: 2)
        var pages: [[String]] = []
        var remaining: [Int?] = []
        repeat {
            let page = try await server.list(.widgets, namespace: nil, options)
            pages.append(page.items.map(\.name))
            remaining.append(page.remainingItemCount)
            options.continueToken = page.continueToken
        } while options.continueToken != ""
        #expect(pages == [["a", "b"], ["c", "d"], ["e"]])
        #expect(remaining == [3, 1, nil])
    }

    @Test func aPageOfAnotherNamespaceIsRefused() async throws {
        let first = try await server.list(.widgets, namespace: nil, ListOptions(limit: 2))
        let options = ListOptions(limit: 2, continueToken: first.continueToken)
        let status = try await refusal { try await server.list(.widgets, namespace: "elsewhere", options) }
        #expect(status?.code == 400)
        #expect(status?.message.contains("another namespace") == true)
    }

    @Test func pagesOfASelectionAreFull() async throws {
        let labels = try LabelSelector(parsing: "vowel=no")
        let first = try await server.list(.widgets, namespace: nil, ListOptions(labelSelector: labels, limit: 2))
        #expect(first.items.map(\.name) == ["b", "c"])
        #expect(first.remainingItemCount == nil)
        let second = try await server.list(
            .widgets, namespace: nil,
            ListOptions(labelSelector: labels, limit: 2, continueToken: first.continueToken))
        #expect(second.items.map(\.name) == ["d"])
        #expect(second.continueToken.isEmpty)
    }

    @Test func allPagesShowTheStateOfTheFirst() async throws {
        let before = try await server.list(.widgets)
        let first = try await server.list(.widgets, namespace: nil, ListOptions(limit: 2))
        _ = try await server.create(.widgets, widget("bb"))
        try await server.delete(.widgets, key("c"))
        try await server.delete(.widgets, key("d"))
        _ = try await server.create(.widgets, widget("d", size: 8))
        _ = try await server.patch(.widgets, key("e", namespace: "kube-system"), .merge(["spec": ["size": 6]]))
        let second = try await server.list(
            .widgets, namespace: nil, ListOptions(limit: 2, continueToken: first.continueToken))
        #expect(second.remainingItemCount == 1)
        let third = try await server.list(
            .widgets, namespace: nil, ListOptions(continueToken: second.continueToken))
        #expect(first.items + second.items + third.items == before.items)
        #expect(Set([first, second, third].map(\.resourceVersion)) == [before.resourceVersion])
        let exact = ListOptions(resourceVersion: before.resourceVersion, resourceVersionMatch: "Exact")
        let past = try await server.list(.widgets, namespace: nil, exact)
        #expect(past.items == before.items && past.resourceVersion == before.resourceVersion)
    }

    @Test func aForgottenStateIsExpiredAndCanBeGoneOnFrom() async throws {
        let test = try await TestServer(changeCount: 50)
        for name in ["a", "b", "c"] { _ = try await test.server.create(.widgets, widget(name)) }
        let first = try await test.server.list(.widgets, namespace: nil, ListOptions(limit: 1))
        for size in 0..<200 {
            _ = try await test.server.patch(
                .widgets, key("c"), .merge(["spec": ["replicas": .number(JSONNumber(size))]]))
        }
        let options = ListOptions(limit: 1, continueToken: first.continueToken)
        let status = try await refusal { _ = try await test.server.list(.widgets, namespace: nil, options) }
        #expect(status?.code == 410 && status?.reason == "Expired")
        let token = try #require(status?.continueToken)
        #expect(Status(json: try #require(status?.json))?.continueToken == token)
        let rest = try await test.server.list(.widgets, namespace: nil, ListOptions(continueToken: token))
        #expect(rest.items.map(\.name) == ["b", "c"])
        #expect(rest.resourceVersion == (try await test.server.currentResourceVersion()))
        let exact = ListOptions(resourceVersion: first.resourceVersion, resourceVersionMatch: "Exact")
        let gone = try await refusal { _ = try await test.server.list(.widgets, namespace: nil, exact) }
        #expect(gone?.code == 410 && gone?.continueToken == nil)
    }

    @Test func aForeignTokenIsRefused() async throws {
        let wrong: [JSONValue] = [
            ["v": "meta.k8s.io/v1", "rv": 0, "start": "a/b"], ["v": "meta.k8s.io/v2", "rv": 3, "start": "a/b"],
            ["v": "meta.k8s.io/v1", "rv": 3, "start": "b"], ["v": "meta.k8s.io/v1", "start": "a/b"],
        ]
        for token in ["x", "1", "%"] + wrong.map({ Data($0.serialized()).base64EncodedString() }) {
            let options = ListOptions(continueToken: token)
            #expect(try await refusal { _ = try await server.list(.widgets, namespace: nil, options) }?.code == 400)
        }
    }

    @Test(
        arguments: [
            (0, nil, 0, nil), (0, "NotOlderThan", 0, nil), (0, "Exact", 0, 422), (-1, nil, 0, nil),
            (-1, "Exact", 0, nil),
            (-1, "NotOlderThan", 0, nil), (-1, nil, 2, nil), (1, nil, 0, 504), (1, "Exact", 0, 504),
            (1, "NotOlderThan", 0, 504), (1, nil, 2, 504), (-1, "Newest", 0, 422),
        ] as [(Int, String?, Int, Int?)])
    func versionsAreMatched(step: Int, match: String?, limit: Int, code: Int?) async throws {
        let current = Int(try await server.currentResourceVersion()) ?? 0
        let version = step == 0 ? 0 : current + step
        let options = ListOptions(limit: limit, resourceVersion: String(version), resourceVersionMatch: match)
        guard code == nil else {
            #expect(try await refusal { _ = try await server.list(.widgets, namespace: nil, options) }?.code == code)
            return
        }
        let list = try await server.list(.widgets, namespace: nil, options)
        let isOld = match == "Exact" || step == -1 && match == nil && limit > 0
        #expect(list.resourceVersion == String(isOld ? version : current))
        #expect(list.items.count == (limit > 0 ? limit : isOld ? 4 : 5))
    }

    @Test func contradictionsAreRefused() async throws {
        let first = try await server.list(.widgets, namespace: nil, ListOptions(limit: 2))
        for (options, code) in [
            (ListOptions(resourceVersionMatch: "Exact"), 422),
            (ListOptions(continueToken: first.continueToken, resourceVersion: "5"), 400),
            (ListOptions(resourceVersion: "x"), 400), (ListOptions(resourceVersion: "-1"), 400),
            (ListOptions(continueToken: first.continueToken, resourceVersion: "5", resourceVersionMatch: "Exact"), 422),
        ] {
            #expect(try await refusal { _ = try await server.list(.widgets, namespace: nil, options) }?.code == code)
        }
    }
}
