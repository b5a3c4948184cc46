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

    @Test func laterPagesKeepTheVersionFromWhichToWatch() async throws {
        let first = try await server.list(.widgets, namespace: nil, ListOptions(limit: 2))
        _ = try await server.create(.widgets, widget("z"))
        let second = try await server.list(
            .widgets, namespace: nil, ListOptions(limit: 9, continueToken: first.continueToken))
        #expect(second.items.map(\.name) == ["c", "d", "z", "e"])
        #expect(second.resourceVersion == first.resourceVersion)
    }

    @Test func aForeignTokenIsRefused() async throws {
        for token in ["x", "1", "1.a", "x.a/b", "1.a/b/c"] {
            let options = ListOptions(continueToken: token)
            #expect(try await refusal { _ = try await server.list(.widgets, namespace: nil, options) }?.code == 400)
        }
    }

    @Test func onlyThePresentCanBeListed() async throws {
        let current = Int(try await server.currentResourceVersion()) ?? 0
        func code(_ version: Int, _ match: String?) async throws -> Int? {
            let options = ListOptions(resourceVersion: String(version), resourceVersionMatch: match)
            return try await refusal { _ = try await server.list(.widgets, namespace: nil, options) }?.code
        }
        #expect(try await code(current, "Exact") == nil)
        #expect(try await code(current - 1, "Exact") == 410)
        #expect(try await code(current - 1, "NotOlderThan") == nil)
        #expect(try await code(current + 1, nil) == 504)
        #expect(try await code(0, nil) == nil)
    }
}
