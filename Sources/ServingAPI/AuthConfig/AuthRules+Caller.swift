extension AuthRules {
    /// Whether all of it depends on nothing but the credential: an answer then is good for the next request with it.
    /// What others are asked, or told, is so for each request.
    package var isAboutCaller: Bool {
        metadata.isEmpty && callbacks.isEmpty && conditions.allSatisfy(\.isAboutCaller)
            && identities.allSatisfy(\.isAboutCaller) && authorizations.allSatisfy(\.isAboutCaller)
            && unauthenticated.isAboutCaller && unauthorized.isAboutCaller
            && (headers + dynamicMetadata).allSatisfy(\.isAboutCaller)
    }
}

extension AuthRules.DenyWith {
    fileprivate var isAboutCaller: Bool {
        let values: [AuthValue?] = [message, body] + headers.map { $0.value }
        return values.allSatisfy { $0?.isAboutCaller ?? true }
    }
}

extension AuthRules.Evaluator {
    fileprivate var isAboutCaller: Bool { conditions.allSatisfy(\.isAboutCaller) }
}

extension AuthRules.Identity {
    fileprivate var isAboutCaller: Bool {
        guard evaluator.isAboutCaller, (overrides + defaults).allSatisfy({ $0.value.isAboutCaller }) else {
            return false
        }
        return switch method {
        // Whom a token must be for is by default the host of the request.
        case .tokenReview(let audiences): !audiences.isEmpty
        case .plain, .certificate: false
        case .apiKey, .webToken, .introspection, .anonymous: true
        }
    }
}

extension AuthRules.Authorization {
    fileprivate var isAboutCaller: Bool {
        guard evaluator.isAboutCaller else { return false }
        return switch rule {
        case .patterns(let patterns): patterns.allSatisfy(\.isAboutCaller)
        case .access(let access): access.isAboutCaller
        case .policyAgent, .relation: false
        }
    }
}

extension AuthRules.AccessRule {
    fileprivate var isAboutCaller: Bool {
        let isGroupless = groups?.isAboutCaller ?? true
        return !attributes.isEmpty && user.isAboutCaller && isGroupless
            && attributes.values.allSatisfy(\.isAboutCaller)
    }
}

extension AuthRules.Item {
    fileprivate var isAboutCaller: Bool {
        guard evaluator.isAboutCaller else { return false }
        return switch content {
        case .plain(let value): value.isAboutCaller
        case .json(let members): members.allSatisfy { $0.value.isAboutCaller }
        case .wristband: false
        }
    }
}
