package import JSONModel

/// Whether a request may go on. There is no third: what was not evaluated is denied.
package enum Verdict: Sendable {
    case allowed(Grant)
    /// Allowed as far as the key's budget goes, which the request has to reserve.
    case key(ModelKey)
    case denied(Denial)
}

/// That a caller may call, and what its request carries on.
package final class Grant: Sendable {
    /// Who calls, for logs: `system:serviceaccount:default:ci`.
    package let user: String
    /// Fields for the server, as whole lines.
    package let fields: [UInt8]

    /// Names of fields, in lower case, that a client may not set by itself.
    package let replaces: [[UInt8]]
    /// For an Envoy that asks: what it keeps.
    package let metadata: JSONValue?
    /// For the log of calls: what would have been decided otherwise.
    package let remark: String

    package init(
        user: String, fields: [UInt8] = [], replaces: [[UInt8]] = [], metadata: JSONValue? = nil, remark: String = ""
    ) {
        self.user = user
        self.fields = fields
        self.replaces = replaces
        self.metadata = metadata
        self.remark = remark
    }
}

extension Grant {
    /// Of what is open.
    package static let everyone = Grant(user: "anonymous")

    func with(remark: String) -> Grant {
        Grant(user: user, fields: fields, replaces: replaces, metadata: metadata, remark: remark)
    }

    /// What two who let a caller in say together. Who it is says the second one, if it knows.
    package func joined(with other: Grant) -> Grant {
        if self === Grant.everyone { return other }
        if other === Grant.everyone { return self }
        let remarks = [remark, other.remark].filter { !$0.isEmpty }
        return Grant(
            user: other.user == Grant.everyone.user ? user : other.user, fields: fields + other.fields,
            replaces: replaces + other.replaces, metadata: other.metadata ?? metadata,
            remark: remarks.joined(separator: "; "))
    }
}

/// Why a request may not go on, as its caller is told.
package struct Denial: Sendable, Hashable {
    package var status: Int
    /// For a program: `invalid_credential`.
    package var code: String
    /// For a person: what to do. Names nothing that a caller without credentials should not know.
    package var message: String
    /// Fields of the answer.
    package var fields: [Field] = []
    /// Of the answer, where it is not the gateway's own.
    package var body = ""
    package var contentType: String?
    /// For the log of calls alone.
    package var note = ""

    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    package init(_ status: Int, code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    package func with(_ name: String, _ value: String) -> Denial {
        var denial = self
        denial.fields.append(Field(name: name, value: value))
        return denial
    }
}

/// A verdict, and for how long it may be kept.
package struct Outcome: Sendable {
    package var verdict: Verdict
    package var lifetime: Duration

    package init(_ verdict: Verdict, lifetime: Duration) {
        self.verdict = verdict
        self.lifetime = lifetime
    }
}
