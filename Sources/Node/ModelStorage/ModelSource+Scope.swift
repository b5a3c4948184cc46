import Crypto
import FoundationEssentials

extension ModelSource {
    /// What makes a request's model another one than that of the same URI: who may have it, which service it comes from,
    /// and which of its files are wanted.
    func scope(of request: ModelRequest, _ variables: StorageVariables) -> String {
        let isOwned = credentials.contains { request.variables[$0]?.isEmpty == false }
        let parts = [endpoint(variables) ?? "", isOwned ? request.owner : "", signature, FilePatterns(variables).text]
        return parts.allSatisfy(\.isEmpty) ? "" : parts.joined(separator: "\n")
    }

    private func endpoint(_ variables: StorageVariables) -> String? {
        switch self {
        case .package, .local, .web, .image: nil
        case .huggingFace: variables["HF_ENDPOINT"]
        case .s3: variables["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "S3_ENDPOINT"]
        case .google: variables["STORAGE_EMULATOR_HOST"]
        case .azure: variables["AZURE_STORAGE_SERVICE_ENDPOINT"]
        }
    }

    /// The variables that hold credentials for this place.
    private var credentials: [String] {
        switch self {
        case .package, .local: []
        case .web(let url, _): [URL(string: url)?.host.map { "\($0)-headers" } ?? ""]
        case .huggingFace: ["HF_TOKEN"]
        case .s3: ["AWS_ACCESS_KEY_ID"]
        case .google: ["GOOGLE_APPLICATION_CREDENTIALS"]
        case .azure: ["AZURE_STORAGE_ACCESS_KEY", "AZURE_CLIENT_ID", "AZ_CLIENT_ID"]
        case .image: [".dockerconfigjson"]
        }
    }

    /// Who has a shared access signature has the model; another one may not.
    private var signature: String {
        guard case .azure(let place) = self, let query = place.query else { return "" }
        return hexadecimal(SHA256.hash(data: Array(query.utf8)))
    }
}
