import JSONModel

extension JSONValue {
    /// Whether every field of `part` stands here with the same value; lists must have as many elements.
    func covers(_ part: JSONValue) -> Bool {
        switch (self, part) {
        case (.object(let whole), .object(let part)):
            part.allSatisfy { member in whole[member.key]?.covers(member.value) ?? member.value.isEmptyObject }
        case (.array(let whole), .array(let part)):
            whole.count == part.count && zip(whole, part).allSatisfy { $0.covers($1) }
        default:
            self == part
        }
    }

    private var isEmptyObject: Bool { objectValue?.isEmpty ?? false }
}
