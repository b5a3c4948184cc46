import AsyncHTTPClient
import Glibc
import KubeModel
import NIOCore
import NIOPosix

extension Status {
    /// Nobody answered, or not as HTTPS should.
    static func unreachable(_ server: String, _ error: any Error) -> Status {
        Status(
            code: 503, reason: "ServiceUnavailable",
            message: "cannot reach the API server at \(server): \(explanation(error))")
    }

    private static func explanation(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { explanation($0.error) } ?? "no address for \(error.host)"
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            "connection refused; is it running?"
        case let error as HTTPClientError where error == .connectTimeout: "it did not answer in time"
        case let error as HTTPClientError where error == .deadlineExceeded: "it did not answer in time"
        case let error as HTTPClientError where error == .remoteConnectionClosed: "it closed the connection"
        default: "\(error)"
        }
    }
}
