import JSONModel

// The registered claims (RFC 7519, section 4.1).
extension WebToken {
    package var issuer: String? { claims["iss"]?.stringValue }
    package var subject: String? { claims["sub"]?.stringValue }

    /// `aud`: a list, or one text.
    package var audiences: [String] {
        switch claims["aud"] {
        case .string(let audience): [audience]
        case .array(let audiences): audiences.compactMap(\.stringValue)
        default: []
        }
    }

    /// `exp`, seconds since 1970; `nil` for a token without an end.
    package var expiration: Double? { claims["exp"]?.doubleValue }

    /// Checks `exp` and `nbf`.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - leeway: seconds by which the clocks may differ.
    package func checkTime(now: Int64, leeway: Int64 = 0) throws(WebTokenError) {
        let now = Double(now)
        if let end = try moment("exp"), now >= end + Double(leeway) { throw WebTokenError("the token has expired") }
        if let begin = try moment("nbf"), now < begin - Double(leeway) {
            throw WebTokenError("the token is not valid yet")
        }
    }

    private func moment(_ claim: String) throws(WebTokenError) -> Double? {
        guard let value = claims[claim] else { return nil }
        guard let moment = value.doubleValue, moment.isFinite else { throw WebTokenError("\(claim) is no number") }
        return moment
    }
}
