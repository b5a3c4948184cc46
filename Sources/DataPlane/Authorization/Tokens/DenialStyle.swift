/// How OpenShift AI's two generations answer those whom they do not let in; callers and their tests know these answers.
package enum DenialStyle: Sendable, Hashable {
    /// Authorino's, of services in Knative mode: no body, and the reason in a field.
    case authorino
    /// kube-rbac-proxy's, of services in Standard mode: one line of text.
    case accessProxy
}

extension DenialStyle {
    /// 401: there is no credential, or more than one.
    package func withoutCredential(for service: String) -> Denial {
        unauthenticated(
            "credential not found",
            "\(service) asks for a token: send `Authorization: Bearer <token>`. `martlet token create` makes one.")
    }

    /// 401: the credential is not believed. Why is nobody's business who cannot show a better one.
    package func notAuthenticated(for service: String) -> Denial {
        unauthenticated(
            "not authenticated", "The token is not valid for \(service): it is of another, has ended, or was altered.")
    }

    private func unauthenticated(_ reason: String, _ message: String) -> Denial {
        var denial = Denial(401, code: "invalid_api_key", message)
        switch self {
        case .authorino:
            return denial.with("WWW-Authenticate", "Bearer realm=\"kubernetes-user\"").with("X-Ext-Auth-Reason", reason)
        case .accessProxy:
            denial.contentType = "text/plain; charset=utf-8"
            denial.body = "Unauthorized\n"
            return denial
        }
    }

    /// 403: the caller is known, and may not.
    package func notAuthorized(user: String, for service: String) -> Denial {
        var denial = Denial(
            403, code: "permission_denied",
            "\(user) may not call \(service): it lacks the verb get on that inferenceservices object.")
        switch self {
        case .authorino: return denial.with("X-Ext-Auth-Reason", "not authorized: unknown reason")
        case .accessProxy:
            denial.contentType = "text/plain; charset=utf-8"
            denial.body = "Forbidden (user=\(user), verb=get, resource=inferenceservices, subresource=)\n"
            return denial
        }
    }
}

extension Denial {
    /// 503: whoever decides did not. That says nothing about the caller.
    package static func undecided(_ reason: String) -> Denial {
        Denial(503, code: "authorization_unavailable", "Whether the call is allowed could not be decided: \(reason).")
            .with("X-Ext-Auth-Reason", reason).with("Retry-After", "1")
    }
}
