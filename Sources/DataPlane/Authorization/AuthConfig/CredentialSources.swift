package import JSONModel
package import KubeModel

/// Where evaluators of AuthConfigs find what they decide by. Everything throws where it cannot be found out.
package protocol CredentialSources: Sendable {
    /// GET of a JSON document.
    func document(_ address: String) async throws -> JSONValue

    /// POST of a form with HTTP's basic authentication.
    func post(_ form: [(name: String, value: String)], to address: String, user: String, password: String) async throws
        -> JSONValue

    /// Any request; every answer is one, whatever its status.
    func send(_ question: HTTPQuestion) async throws -> HTTPReply

    /// The Secrets of a namespace whose `api_key` has this digest.
    func secrets(withKey digest: TokenDigest, namespace: String) -> [Object]

    func secrets(matching selector: LabelSelector, namespace: String) async throws -> [Object]

    func secret(_ key: ObjectKey) async throws -> Object?
}

extension CredentialSources {
    package func send(_ question: HTTPQuestion) async throws -> HTTPReply {
        throw SourceFailure("\(question.address) cannot be asked from here")
    }

    package func secrets(matching selector: LabelSelector, namespace: String) async throws -> [Object] {
        throw SourceFailure("Secrets cannot be listed from here")
    }
}

/// A request to whoever helps to decide.
package struct HTTPQuestion: Sendable {
    package var method: String
    package var address: String
    package var headers: [(name: String, value: String)] = []
    /// `nil`: none.
    package var body: [UInt8]?

    package init(_ method: String, _ address: String) {
        self.method = method
        self.address = address
    }
}

package struct HTTPReply: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// - Parameter name: in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// What it says, if it is a good answer: a JSON value, or text where it is none.
    func value(from address: String) throws -> JSONValue {
        guard 200..<300 ~= status else { throw SourceFailure("\(address) answered \(status)") }
        if header("content-type")?.contains("json") == true { return try JSONValue(parsing: body) }
        return .string(String(decoding: body, as: UTF8.self))
    }
}

/// Why a source has nothing: that says nothing about the caller.
package struct SourceFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
