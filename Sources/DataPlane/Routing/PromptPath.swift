extension Span<UInt8> {
    /// Whether a path is one that prompts are sent to, in whatever API: its last part says so.
    package var isPromptPath: Bool {
        Self.promptPaths.contains { name in
            count > name.utf8CodeUnitCount && ends(with: name)
                && self[count - name.utf8CodeUnitCount - 1] == UInt8(ascii: "/")
        }
    }

    private static var promptPaths: [StaticString] {
        ["completions", "messages", "responses", "generate", "generate_stream"]
    }

    private func ends(with literal: StaticString) -> Bool {
        let start = count - literal.utf8CodeUnitCount
        // SAFETY: the index is below the literal's count.
        for index in 0..<literal.utf8CodeUnitCount where self[start + index] != literal.utf8Start[index] {
            return false
        }
        return true
    }
}
