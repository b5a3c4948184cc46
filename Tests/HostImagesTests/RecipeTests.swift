import ServingAPI
import Testing

@testable import HostImages

@Suite("What an environment is made of")
struct RecipeTests {
    private func recipe(
        _ packages: [String] = ["a==1", "b==2"], files: [String: String] = ["bin/x": "text"], version: String? = nil
    ) throws -> EnvironmentRecipe {
        EnvironmentRecipe(try #require(hostImage(packages: packages, files: files, version: version).python))
    }

    @Test("gives it a name that does not depend on the order")
    func key() throws {
        let key = try recipe().key
        #expect(key.count == 16)
        #expect(try recipe(["b==2", "a==1"]).key == key)
    }

    @Test("gives different environments different names")
    func different() throws {
        let keys = [
            try recipe(), try recipe(["a==1"]), try recipe(["a==1", "b==3"]), try recipe(files: [:]),
            try recipe(files: ["bin/x": "other"]), try recipe(version: "3.11"),
        ].map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test("is told without hashes, and says whether there are any")
    func hashes() throws {
        let plain = try recipe()
        let hashed = try recipe(["a==1 --hash=sha256:00"])
        #expect(plain.title == "a==1, b==2" && !plain.requiresHashes)
        #expect(hashed.title == "a==1" && hashed.requiresHashes)
    }

    @Test(
        "scripts are run by the environment's own interpreter",
        arguments: [
            ("#!python\nprint()", "/env/bin/python", "#!/env/bin/python\nprint()"),
            ("#!python -IS\nprint()", "/env/bin/python", "#!/env/bin/python -IS\nprint()"),
            ("#!python3\n", "/env/bin/python", "#!python3\n"), ("#!/bin/sh\n", "/env/bin/python", "#!/bin/sh\n"),
            ("text", "/env/bin/python", "text"), ("#!python", "/e", "#!/e"),
            (
                "#!python -I\nx", "/my env/python",
                "#!/bin/sh\n'''exec' \"/my env/python\" -I \"$0\" \"$@\"\n' '''\nx"
            ),
        ])
    func firstLine(text: String, python: String, resolved: String) {
        #expect(EnvironmentFiles.resolved(text, python: python) == resolved)
    }

    @Test("installers get what concerns them of the environment, and nothing else")
    func childEnvironment() {
        let child = ChildEnvironment([
            "PATH": "/bin", "HOME": "/root", "AWS_SECRET_ACCESS_KEY": "no", "PYTHONPATH": "/no", "LD_PRELOAD": "no",
            "https_proxy": "http://proxy", "PIP_FIND_LINKS": "/a /b", "PIP_INDEX_URL": "https://index",
            "UV_CACHE_DIR": "/c",
            "SSL_CERT_FILE": "/ca.pem",
        ])
        #expect(
            child.variables == [
                "PATH": "/bin", "HOME": "/root", "https_proxy": "http://proxy", "PIP_FIND_LINKS": "/a /b",
                "UV_FIND_LINKS": "/a,/b", "PIP_INDEX_URL": "https://index", "UV_DEFAULT_INDEX": "https://index",
                "UV_CACHE_DIR": "/c", "SSL_CERT_FILE": "/ca.pem", "PYTHONUNBUFFERED": "1", "PYTHONNOUSERSITE": "1",
            ])
    }

    @Test(
        "a Python fits a version or not",
        arguments: [
            (nil, "3.11.7", true), ("3.11", "3.11.7", true), ("3.11.7", "3.11.7", true), ("3.1", "3.11.7", false),
            ("3.11.70", "3.11.7", false), (nil, "2.7.18", false),
        ] as [(String?, String, Bool)])
    func versions(wanted: String?, version: String, fits: Bool) {
        #expect(PythonInterpreter(path: "/python", version: version).fits(wanted) == fits)
    }
}
