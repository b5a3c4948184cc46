package import JSONModel

/// Knative's `config-defaults`: what a revision gets where its template does not say.
///
/// Unlike Knative, no time limit is the default: a stream ends when it ends.
package struct RevisionDefaults: PlatformSettings {
    package static let configMap = "config-defaults"

    /// Most seconds for a whole request; `nil`: no limit.
    package var timeout: Int?
    /// Most seconds to the first byte of the response; `nil`: no limit.
    package var responseStartTimeout: Int?
    /// Most seconds without a byte of the response; `nil`: no limit.
    package var idleTimeout: Int?
    /// Most requests at once in one replica; 0: no limit.
    package var containerConcurrency = 0

    package init(_ entries: inout ConfigEntries) {
        timeout = entries.seconds("revision-timeout-seconds")
        responseStartTimeout = entries.seconds("revision-response-start-timeout-seconds")
        idleTimeout = entries.seconds("revision-idle-timeout-seconds")
        entries.count("container-concurrency", into: &containerConcurrency)
        checkLimits(&entries)
    }

    /// What the defaults may not exceed.
    private func checkLimits(_ entries: inout ConfigEntries) {
        let longest = entries.seconds("max-revision-timeout-seconds")
        if let longest, let timeout, timeout > longest {
            entries.reject(
                "revision-timeout-seconds", "must not exceed max-revision-timeout-seconds, which is \(longest)")
        }
        for (key, value) in [
            ("revision-response-start-timeout-seconds", responseStartTimeout),
            ("revision-idle-timeout-seconds", idleTimeout),
        ] {
            guard let value, let most = timeout, value > most else { continue }
            entries.reject(key, "must not exceed revision-timeout-seconds, which is \(most)")
        }
        var most = 1000
        entries.count("container-concurrency-max-limit", into: &most, in: 1...Int.max)
        if containerConcurrency > most {
            entries.reject("container-concurrency", "must not exceed container-concurrency-max-limit, which is \(most)")
        }
        var allowsZero = true
        entries.flag("allow-container-concurrency-zero", into: &allowsZero)
        if !allowsZero, containerConcurrency == 0 {
            entries.reject("allow-container-concurrency-zero", "needs a container-concurrency of at least 1")
        }
    }

    /// Fills in what a revision's spec leaves open.
    package func fill(_ spec: inout JSONValue) {
        spec.setDefault(.number(JSONNumber(containerConcurrency)), at: "containerConcurrency")
        for (field, seconds) in [
            ("timeoutSeconds", timeout), ("responseStartTimeoutSeconds", responseStartTimeout),
            ("idleTimeoutSeconds", idleTimeout),
        ] {
            if let seconds { spec.setDefault(.number(JSONNumber(seconds)), at: field) }
        }
    }
}

extension ConfigEntries {
    /// Whole seconds; 0 and a missing key are no limit.
    fileprivate mutating func seconds(_ key: String) -> Int? {
        var seconds = 0
        count(key, into: &seconds)
        return seconds > 0 ? seconds : nil
    }
}
