package import JSONModel

extension JSONValue {
    /// YAML as kubectl prints it: block style, two spaces, lists not indented below their key, keys sorted; ends with a
    /// line break. Read again, it gives the same value.
    package func yaml() -> String {
        var lines: [String] = []
        emit(into: &lines, indent: 0, lead: "")
        return lines.joined(separator: "\n") + "\n"
    }

    /// - Parameter lead: what stands before the value on its first line (`- `, or nothing).
    private func emit(into lines: inout [String], indent: Int, lead: String) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .object(let object) where !object.isEmpty:
            for (index, member) in object.enumerated() {
                let start = (index == 0 ? lead : margin) + YAMLText.key(member.key) + ":"
                member.value.emitMember(into: &lines, indent: indent, start: start)
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                let start = (index == 0 ? lead : margin) + "- "
                element.emit(into: &lines, indent: indent + 2, lead: start)
            }
        case .string(let text) where YAMLText.style(text) == .block && indent > 0:
            YAMLText.emitBlock(text, into: &lines, start: lead, indent: indent)
        default: lines.append(lead + YAMLText.scalar(self))
        }
    }

    private func emitMember(into lines: inout [String], indent: Int, start: String) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .object(let object) where !object.isEmpty:
            lines.append(start)
            emit(into: &lines, indent: indent + 2, lead: margin + "  ")
        case .array(let elements) where !elements.isEmpty:
            lines.append(start)
            emit(into: &lines, indent: indent, lead: margin)
        case .string(let text) where YAMLText.style(text) == .block:
            YAMLText.emitBlock(text, into: &lines, start: start + " ", indent: indent + 2)
        default: lines.append(start + " " + YAMLText.scalar(self))
        }
    }
}
