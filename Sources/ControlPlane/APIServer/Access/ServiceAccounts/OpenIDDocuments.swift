import JSONModel
import JSONWebToken
import KubeModel

/// By which anyone can check the tokens of ServiceAccounts: OpenID Connect Discovery, and the keys.
struct OpenIDDocuments: Sendable {
    let issuer: TokenIssuer

    /// `nil` where `request` is for neither.
    func answer(_ request: APIRequest) -> APIResponse? {
        switch request.path {
        case [".well-known", "openid-configuration"]: .json(configuration(request))
        case ["openid", "v1", "jwks"]: keys
        default: nil
        }
    }

    /// The address of the keys is the one by which the client reached this server: the issuer's name is no address on a
    /// machine.
    private func configuration(_ request: APIRequest) -> JSONValue {
        [
            "issuer": .string(issuer.issuer), "jwks_uri": .string("https://\(request.authority)/openid/v1/jwks"),
            "response_types_supported": ["id_token"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        ]
    }

    private var keys: APIResponse {
        var response = APIResponse.json(issuer.keys.json)
        response.contentType = "application/jwk-set+json"
        return response
    }
}
