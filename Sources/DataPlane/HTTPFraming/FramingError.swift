/// Why bytes are not an HTTP/1.1 message that has exactly one reading. The text is for the peer that sent them.
package enum FramingError: String, Error, Sendable, Hashable, CaseIterable {
    case bareLineFeed = "a line ends in LF without CR"
    case controlCharacter = "a control character stands where none may"
    case emptyStartLine = "an empty line stands where the message should begin"
    case malformedStartLine = "the first line is malformed"
    case malformedMethod = "the method is malformed"
    case unsupportedMethod = "the method is not supported"
    case malformedTarget = "the request target is malformed"
    case malformedPath = "the path has a broken percent-encoding or leaves its root"
    case unsupportedVersion = "the HTTP version is not supported"
    case foldedField = "a header field is folded over two lines"
    case malformedFieldName = "a header field's name is malformed"
    case headTooLarge = "the head is larger than 64 KiB"
    case tooManyFields = "there are more than 128 header fields"
    case missingHost = "the Host field is missing"
    case duplicateHost = "there is more than one Host field"
    case malformedHost = "the Host field is malformed"
    case hostMismatch = "the request target names another host than the Host field"
    case malformedContentLength = "Content-Length is malformed"
    case duplicateContentLength = "there is more than one Content-Length"
    case lengthAndEncoding = "both Content-Length and Transfer-Encoding are given"
    case unsupportedTransferEncoding = "a Transfer-Encoding other than chunked is given"
    case malformedConnection = "the Connection field is malformed or names a field that may not be removed"
    case unsupportedExpectation = "the expectation is not supported"
    case malformedStatus = "the status is malformed"
    case malformedChunk = "a chunk is malformed"
    case chunkExtensionsTooLarge = "the chunk extensions are larger than 16 KiB"
    case forbiddenTrailer = "the trailer section has a field that may not stand there"

    /// The status that a server answers to a request with this error.
    package var status: Int {
        switch self {
        case .headTooLarge, .tooManyFields, .chunkExtensionsTooLarge: 431
        case .unsupportedMethod: 405
        case .unsupportedVersion: 505
        case .unsupportedTransferEncoding: 501
        case .unsupportedExpectation: 417
        default: 400
        }
    }
}
