import JSONModel
import KubeModel

/// A pod's `/etc/hosts`: the machine's, and the pod's `hostAliases`.
enum HostsFile {
    static let path = "/etc/hosts"

    /// - Parameter machine: the machine's own file.
    /// - Returns: `nil` for a pod without aliases, which has the machine's.
    static func text(of pod: Object, over machine: String) -> String? {
        let aliases = pod.spec["hostAliases"]?.arrayValue ?? []
        guard !aliases.isEmpty else { return nil }
        let lines = aliases.compactMap { alias -> String? in
            let names = (alias["hostnames"]?.arrayValue ?? []).compactMap(\.stringValue).filter(isWord)
            guard let address = alias["ip"]?.stringValue, isWord(address), !names.isEmpty else { return nil }
            return "\(address)\t\(names.joined(separator: " "))\n"
        }
        return machine + (machine.hasSuffix("\n") || machine.isEmpty ? "" : "\n") + lines.joined()
    }

    /// What ends a word would begin a line or a name of its own.
    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: "#") }
    }
}
