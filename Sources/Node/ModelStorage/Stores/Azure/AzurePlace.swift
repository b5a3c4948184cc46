import FoundationEssentials

/// Where a model is in Azure's blob storage.
struct AzurePlace: Sendable, Hashable {
    var host: String
    var container: String
    var prefix: String
    /// A shared access signature.
    var query: String?

    var account: String { String(host.prefix { $0 != "." }) }
    /// Without the signature.
    var title: String { "https://\(host)/\(container)/\(prefix)" }

    /// `nil` for a URL of another service.
    init?(_ url: URL) {
        guard url.scheme == "https", let host = url.host?.lowercased(), Self.isBlobHost(host) else { return nil }
        let parts = url.path.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self.host = host
        container = String(parts[0])
        prefix = parts[1].trimming(while: { $0 == "/" })
        query = url.query(percentEncoded: true).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `ACCOUNT.blob.core.windows.net` or `ACCOUNT.z01.blob.storage.azure.net`
    private static func isBlobHost(_ host: String) -> Bool {
        if host.hasSuffix(".blob.core.windows.net") { return true }
        guard host.hasSuffix(".blob.storage.azure.net") else { return false }
        let zone = host.split(separator: ".").dropLast(4).last ?? ""
        return zone.first == "z" && (2...3).contains(zone.count) && zone.dropFirst().allSatisfy(\.isNumber)
    }
}
