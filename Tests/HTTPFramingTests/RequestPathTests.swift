import Testing

@testable import HTTPFraming

struct RequestPathTests {
    @Test(arguments: ["/", "/a/b", "/a//b/", "", "/a.b/c", "/~a-b_c"])
    func `A path in its one form stays as it is`(path: String) throws {
        #expect(try RequestPath.normalise(Array(path.utf8).span) == nil)
    }

    @Test(arguments: [
        ("/%61", "/a"), ("/%7e", "/~"), ("/%2f", "/%2F"), ("/a%20b", "/a%20b"), ("/.", "/"), ("/./", "/"),
        ("/a/.", "/a/"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/b/..", "/a/"), ("/a/%2e%2E/b", "/b"),
        ("/a//../b", "/a/b"), ("/...", "/..."), ("/.a", "/.a"), ("/%2525", "/%2525"),
    ])
    func `Every other path is brought into it`(path: String, expected: String) throws {
        let normal = try #require(try RequestPath.normalise(Array(path.utf8).span))
        #expect(String(decoding: normal, as: UTF8.self) == expected)
        let again = try RequestPath.normalise(normal.span)
        #expect(again == nil || again == normal, "the form is final")
    }

    @Test(arguments: ["/..", "/a/../..", "/%2e%2e/a", "/%", "/%4", "/%zz", "/%00", "/a%0"])
    func `A path that climbs above its root or has a broken encoding is an error`(path: String) {
        let bytes = Array(path.utf8)
        #expect(throws: FramingError.malformedPath) { try RequestPath.normalise(bytes.span) }
    }
}
