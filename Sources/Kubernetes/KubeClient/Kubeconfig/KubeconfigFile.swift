import FoundationEssentials
import Glibc
import JSONModel
import YAMLModel

extension Kubeconfig {
    /// Reads the kubeconfig at `path`; without one, as kubectl finds it: the files that `KUBECONFIG` names (earlier ones
    /// win; those that do not exist are passed over), else `~/.kube/config`.
    package init(
        path: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(KubeconfigError) {
        let paths = path.map { [$0] } ?? KubeconfigFile.standardPaths(environment)
        var merged: Kubeconfig?
        for path in paths where paths.count == 1 || access(path, F_OK) == 0 {
            let config = try Kubeconfig(yaml: KubeconfigFile.bytes(path), path: path)
            if merged == nil { merged = config } else { merged?.merge(config) }
        }
        guard let merged else {
            throw KubeconfigError("no kubeconfig: none of \(paths.joined(separator: ", ")) exists")
        }
        self = merged
    }

    /// - Parameter path: as for `init(_:path:)`.
    package init(yaml: [UInt8], path: String) throws(KubeconfigError) {
        let documents: [JSONValue]
        do { documents = try JSONValue.documents(yaml: String(decoding: yaml, as: UTF8.self)) } catch {
            throw KubeconfigError("\(path) is no YAML: \(error)")
        }
        try self.init(documents.first ?? .null, path: path)
    }
}

/// The files of a kubeconfig.
package enum KubeconfigFile {
    package static func bytes(_ path: String) throws(KubeconfigError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw KubeconfigError("cannot read \(path): \(String(cString: strerror(errno)))")
        }
    }

    static func decodeBase64(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text, options: .ignoreUnknownCharacters).map { [UInt8]($0) }
    }

    static func standardPaths(_ environment: [String: String]) -> [String] {
        let listed = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        return listed.isEmpty ? ["\(environment["HOME"] ?? "")/.kube/config"] : listed
    }
}
