package import ServingAPI

/// Who asks servers of Envoy's external authorization.
package protocol CheckAuthority: Sendable {
    /// - Throws: where there is no answer.
    func check(_ request: AccessRequest, with provider: CheckProvider) async throws -> CheckAnswer
}

/// What such a server says.
package enum CheckAnswer: Sendable {
    /// - Parameters:
    ///   - headers: for the server that the request goes to.
    ///   - removed: names, in lower case, that it does not get.
    case allowed(headers: [(name: String, value: String)], removed: [String])
    case denied(status: Int, headers: [(name: String, value: String)], body: String)
}
