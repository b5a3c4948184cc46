import HTTPFraming

/// What can be done with a model.
package enum KeyVerb: String, Sendable, CaseIterable {
    /// Everything but the others.
    case infer
    /// To see which models there are.
    case list
    /// To change what a server does: load and unload, its caches.
    case admin
}

extension ModelKey.Scope {
    func mayDo(_ call: AccessCall, _ head: Span<UInt8>) -> Bool {
        if call.isListing { return verbs.contains(.list) }
        guard verbs.contains(.admin) || !AdminPath.isNamed(by: head) else { return false }
        guard verbs.contains(.infer) || AdminPath.isNamed(by: head) else { return false }
        guard let models else { return true }
        guard let model = call.model else { return false }
        return models.contains { $0.matches(model) }
    }
}

/// Paths of model servers by which they are managed: those of KServe's, vLLM's, SGLang's and llama.cpp's.
enum AdminPath {
    private static let prefixes: [StaticString] = [
        "/v2/repository/", "/v1/load_lora_adapter", "/v1/unload_lora_adapter", "/load_lora_adapter",
        "/unload_lora_adapter", "/slots/", "/lora-adapters", "/reset_prefix_cache", "/flush_cache", "/sleep",
        "/wake_up",
        "/start_profile", "/stop_profile", "/models/load", "/models/unload", "/update_weights", "/pause", "/resume",
        "/collective_rpc", "/server_info", "/abort_request",
    ]

    /// - Parameter head: begins with the method and the path, as the server sees them.
    static func isNamed(by head: Span<UInt8>) -> Bool {
        var start = 0
        while start < head.count, head[start] != UInt8(ascii: " ") { start += 1 }
        start += 1
        return prefixes.contains { prefix in
            guard head.count >= start + prefix.utf8CodeUnitCount else { return false }
            // SAFETY: the index is below the literal's count.
            for index in 0..<prefix.utf8CodeUnitCount where head[start + index] != prefix.utf8Start[index] {
                return false
            }
            return true
        }
    }
}

/// A name of a model, or the beginning of one: `llama*`.
package struct ModelName: Sendable, Hashable {
    private let bytes: [UInt8]
    private let isPrefix: Bool

    package init(_ text: String) {
        isPrefix = text.hasSuffix("*")
        bytes = Array((isPrefix ? text.dropLast() : text[...]).utf8)
    }

    func matches(_ name: [UInt8]) -> Bool { isPrefix ? name.starts(with: bytes) : name == bytes }
}
