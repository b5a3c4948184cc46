import Authorization
import HTTPFraming
import NIOCore

// Requests that only ask whether they might go on.
extension ClientConnection {
    /// Asks with a whole request of HTTP/1.1; the connection has no channel.
    func check(_ text: ByteBuffer) {
        worker.add(self)
        inbound = text
        process()
        // A body that is not here yet never comes.
        if case .selecting = phase {
            answer(GatewayError(400, code: "invalid_request", "The request has no body here: let the Envoy send it."))
        }
    }

    /// In the place of going on.
    func answerCheck(_ check: AccessCheck) {
        let grants = [exchange?.passed, exchange?.grant].compactMap(\.self)
        let removes = exchange?.removesCredential == true
        switch check {
        case .http:
            exchange?.isCheckedGood = true
            answer(.allowed(grants, removesCredential: removes))
        case .call(let tell):
            endExchange(status: 200)
            phase = .idle
            tell(.allowed(grants: grants, removesCredential: removes))
        }
    }
}

extension LocalResponse {
    /// What Envoy's HTTP check wants: fields that the server gets, and the names of those that it does not.
    static func allowed(_ grants: [Grant], removesCredential: Bool) -> LocalResponse {
        var response = LocalResponse(json: "")
        response.contentType = nil
        var removed = grants.flatMap(\.replaces).map { String(decoding: $0, as: UTF8.self) }
        for grant in grants { response.extraFields += String(decoding: grant.fields, as: UTF8.self) }
        if removesCredential { removed.append("authorization") }
        let set = Set(grants.flatMap(\.names))
        removed.removeAll { set.contains($0) }
        if !removed.isEmpty {
            response.extraFields +=
                "x-envoy-auth-headers-to-remove: \(Set(removed).sorted().joined(separator: ","))\r\n"
        }
        return response
    }
}

extension Grant {
    /// The fields one by one.
    var pairs: [(name: String, value: String)] {
        String(decoding: fields, as: UTF8.self).split(separator: "\r\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
    }

    /// Of the fields, in lower case.
    fileprivate var names: [String] { pairs.map { $0.name.lowercased() } }
}
