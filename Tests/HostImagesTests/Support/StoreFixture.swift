import Foundation
import JSONModel
import KubeController
import KubeModel
import Logging
import ServingAPI

@testable import HostImages

/// A store in a directory of its own, with programs of its own on the PATH.
struct StoreFixture {
    let directory = TemporaryDirectory()
    /// Comes first on the PATH.
    let programs = TemporaryDirectory()
    var environment: [String: String] = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]

    init() { environment["PATH"] = programs.path + ":" + (environment["PATH"] ?? "") }

    func store(
        time: any TimeSource = SystemTime(), fetchPip: (@Sendable () async throws -> String)? = nil
    ) -> EnvironmentStore {
        EnvironmentStore(
            directory: directory.path, environment: environment, time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, fetchPip: fetchPip)
    }

    /// A uv that writes down how it is called, makes environments of nothing, and says what `install` is to say.
    func addFakeUv(install: String = "echo Resolved 1 package") throws {
        try programs.write(
            """
            #!/bin/sh
            echo "$@" >> '\(programs.path)/calls'
            for last; do :; done
            case "$1 $2" in
            venv*) mkdir -p "$last/bin" && ln -s '\(try python())' "$last/bin/python" ;;
            'pip install') \(install) ;;
            esac
            """, to: "uv", isProgram: true)
    }

    /// Lines of calls of the fake uv.
    var calls: [String] { programs.read("calls").split(separator: "\n").map(String.init) }

    func python() throws -> String {
        for directory in (environment["PATH"] ?? "").split(separator: ":") {
            let path = "\(directory)/python3"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}

func hostImage(
    _ name: String = "test", images: [String] = ["example.com/server:*"], packages: [String] = [],
    files: [String: String] = [:], version: String? = nil, entrypoint: [String] = [], env: [String: String] = [:]
) -> HostImage {
    func json(_ texts: [String: String]) -> JSONValue {
        .object(JSONObject(texts.map { ($0.key, JSONValue.string($0.value)) }))
    }
    var object = Object(.hostImages, name: name)
    object.spec = [
        "images": .array(images.map { .string($0) }), "entrypoint": .array(entrypoint.map { .string($0) }),
        "env": json(env),
        "python": ["packages": .array(packages.map { .string($0) }), "files": json(files)],
    ]
    if let version { object.json[path: "spec", "python", "pythonVersion"] = .string(version) }
    return HostImage(object)
}
