import Authorization

/// Who is told whether a request may go on: somebody who will send it on by other ways, as an Envoy does.
///
/// Such a request is routed and judged as any other, by the same code; where others take a place, it is answered.
enum AccessCheck {
    /// In HTTP: 200, and the fields that the server is to get, or the denial itself.
    case http
    /// Once, on the event loop.
    case call((Result) -> Void)

    enum Result {
        /// - Parameters:
        ///   - grants: of all who let it in.
        ///   - removesCredential: whether the server must not see the credential.
        case allowed(grants: [Grant], removesCredential: Bool)
        case denied(LocalResponse)
    }
}
