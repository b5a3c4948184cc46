import AsyncHTTPClient
import NIOHTTP1

/// What an HTTP status other than success means for a fetch.
enum ResponseFailure {
    /// A `PassingFailure` where it is worth trying again, else a `ModelStorageError`.
    ///
    /// - Parameter access: what to do where credentials are missing or wrong.
    static func error(
        _ response: HTTPClientResponse, _ title: String, _ url: String,
        access: String = "give credentials in the index's URL, or use a place that needs none"
    ) -> any Error {
        let status = "\(response.status.code) \(response.status.reasonPhrase)"
        switch response.status.code {
        case 408, 425, 429, 500...599:
            let after = response.headers.first(name: "Retry-After").flatMap { Int($0) }
            return PassingFailure(reason: "the server answered \(status)", retryAfter: after.map { .seconds($0) })
        case 401, 403, 407:
            return ModelStorageError(
                .refused, "\(url) refuses to give \(title) (\(status))",
                remedy: access)
        case 404, 410:
            return ModelStorageError(
                .notFound, "there is no \(title) at \(url) (\(status))", remedy: "check the storageUri for its spelling"
            )
        default:
            return ModelStorageError(
                .unreachable, "\(url) answered \(status) instead of \(title)",
                remedy: "check the storageUri, and the server behind it")
        }
    }
}
