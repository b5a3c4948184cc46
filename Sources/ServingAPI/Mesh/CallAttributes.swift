package import JSONModel

/// What Istio's policies look at.
package struct CallAttributes: Sendable {
    package var method = ""
    /// Without the query, as it is routed.
    package var path = ""
    package var host = ""
    /// Of the connection's other end.
    package var peerAddress = ""
    /// Of who calls, as far as proxies that are trusted tell.
    package var remoteAddress = ""
    package var destinationAddress = ""
    package var destinationPort = 0
    /// Of a certificate that was verified.
    package var principal: PeerPrincipal?
    /// Of a token that was verified; `nil`: there is none.
    package var claims: JSONValue?
    package var header: @Sendable (_ name: String) -> String?

    package init(header: @escaping @Sendable (_ name: String) -> String? = { _ in nil }) { self.header = header }

    /// `issuer/subject`.
    var tokenPrincipal: String? {
        guard let issuer = claims?["iss"]?.nonEmptyString, let subject = claims?["sub"]?.nonEmptyString else {
            return nil
        }
        return "\(issuer)/\(subject)"
    }

    /// Nothing, one text, or the texts of a list.
    func claim(_ steps: [String]) -> [String] {
        var value = claims
        for step in steps { value = value?[step] }
        switch value {
        case .array(let elements)?: return elements.map(\.selectedText)
        case nil, .null?, .object?: return []
        case .some(let one): return [one.selectedText]
        }
    }
}

/// A SPIFFE identity: `spiffe://cluster.local/ns/default/sa/client`.
package struct PeerPrincipal: Sendable, Hashable {
    /// Without the scheme.
    package let name: String
    package var trustDomain: String { String(name.prefix { $0 != "/" }) }
    package let namespace: String?
    package let account: String?

    /// - Returns: `nil` for what is no SPIFFE identity.
    package init?(uri: String) {
        guard uri.hasPrefix("spiffe://") else { return nil }
        name = String(uri.dropFirst(9))
        guard !name.isEmpty else { return nil }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isAccount = parts.count == 5 && parts[1] == "ns" && parts[3] == "sa"
        namespace = isAccount ? parts[2] : nil
        account = isAccount ? parts[4] : nil
    }
}
