/// Why a message of HTTP/2 is none that HTTP/1.1 could say in one way only: its stream is reset. RFC 9113 section 8.1.1.
enum MalformedMessage: Error, Sendable, Hashable {
    /// CR, LF or NUL, or white space at an end of a value: section 8.2.1.
    case forbiddenCharacter
    /// Connection, Transfer-Encoding and the like, or TE with more than `trailers`: section 8.2.2.
    case connectionSpecificField
    /// Section 8.3.
    case pseudoField
    /// `:authority` and Host name two hosts: section 8.3.1.
    case hostMismatch
}

extension String {
    /// The library checks what it decodes; what becomes lines of text is looked at once more, in one place.
    func checkAsFieldValue() throws(MalformedMessage) {
        for byte in utf8 where byte == 0 || byte == 10 || byte == 13 { throw .forbiddenCharacter }
        if let first = utf8.first, let last = utf8.last, [first, last].contains(where: { $0 == 32 || $0 == 9 }) {
            throw .forbiddenCharacter
        }
    }

    /// Lower-case letters, digits and marks: what HTTP/2 allows in a name.
    func checkAsFieldName() throws(MalformedMessage) {
        guard !isEmpty else { throw .forbiddenCharacter }
        for byte in utf8 where byte <= 32 || byte >= 127 || byte == 58 || 65...90 ~= byte { throw .forbiddenCharacter }
    }
}
