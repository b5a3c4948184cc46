import Glibc

/// Everything that Martlet keeps on a machine, in one folder.
package struct DataDirectory: Sendable, Hashable {
    package let path: String
    /// Where models and environments are kept: what can be fetched again. Instances may share it.
    package let cache: String

    /// - Parameter cache: `nil` for the folder itself.
    package init(_ path: String, cache: String? = nil) {
        self.path = path
        self.cache = cache ?? path
    }

    /// `$MARTLET_DATA_DIR`, else `$XDG_DATA_HOME/martlet`, else `~/.local/share/martlet`.
    package static var defaultPath: String {
        if let given = environment("MARTLET_DATA_DIR") { return expand(given) }
        if let shared = environment("XDG_DATA_HOME") { return shared + "/martlet" }
        return (environment("HOME") ?? "/root") + "/.local/share/martlet"
    }

    /// The absolute form of a path as users give it: `~/x`, `x`, `/x`.
    package static func expand(_ path: String) -> String {
        if path.hasPrefix("~/") { return (environment("HOME") ?? "/root") + path.dropFirst() }
        if path.hasPrefix("/") { return path }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return path }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        return String(decoding: buffer[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self) + "/" + path
    }

    package var database: String { path + "/martlet.db" }
    /// Seals the Secrets in the database.
    package var encryptionKeys: String { path + "/encryption.keys" }
    package var certificates: String { path + "/pki" }
    /// The certificate of the authority that signed the gateway's and the API's.
    package var authority: String { path + "/ca.crt" }
    package var kubeconfig: String { path + "/kubeconfig" }
    package var environments: String { cache + "/environments" }
    package var models: String { cache + "/models" }
    /// What model servers computed of their models, for their next start.
    package var computed: String { cache + "/computed" }
    /// What PersistentVolumeClaims stand for that name no directory.
    package var volumes: String { path + "/volumes" }
    package var pods: String { path + "/pods" }
    package var log: String { path + "/martlet.log" }
    /// The requests that the gateway answered, where that is switched on.
    package var requestLog: String { path + "/requests.log" }
    /// What metrics were.
    package var history: String { path + "/history" }
    /// The requests that have ended.
    package var requestRecords: String { path + "/request-records.jsonl" }
    package var lock: String { path + "/lock" }
    /// While it exists, Martlet's end is not its pods'.
    package var keepPods: String { path + "/keep-pods" }
    package var endpoints: String { path + "/endpoints.json" }

    /// Makes the folder, for its owner only.
    ///
    /// - Throws: `StartFailure` that names the folder and the flag.
    package func create() throws(StartFailure) {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            throw StartFailure(
                "the data directory \(path) cannot be made: \(String(cString: strerror(errno))). "
                    + "Give another one with --data-dir.")
        }
    }

    /// What Martlet wrote last when it ran in the background; `nil` where it wrote nothing.
    package var lastLogLine: String? {
        String(decoding: FileContents.read(log) ?? [], as: UTF8.self).split(separator: "\n").last.map(String.init)
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Why Martlet cannot start, and what to do about it.
package struct StartFailure: Error, CustomStringConvertible {
    package var message: String
    package init(_ message: String) { self.message = message }
    package var description: String { message }
}
