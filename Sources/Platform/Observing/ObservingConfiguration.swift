/// What of `martlet up` is about being looked at.
package struct ObservingConfiguration: Sendable, Hashable {
    /// How log messages are written to standard error.
    package enum LogFormat: String, Sendable, CaseIterable { case text, json }

    /// A Prometheus that scrapes this instance, to be asked for what was; `nil`: Martlet's own history is.
    package var prometheus: String?
    /// Whether requests that have ended are recorded: who, what, when, how many tokens. Bodies only where a service wants it.
    package var recordsRequests = true
    /// Where spans are sent, by OTLP over HTTP: `http://collector:4318`; `nil`: nowhere.
    package var traceEndpoint: String?
    /// How many of the requests whose caller does not say are traced: 0 to 1.
    package var traceShare = 1.0
    package var logFormat = LogFormat.text

    package init() {}

    /// The flags that say the same.
    package var arguments: [String] {
        var arguments: [String] = []
        if let prometheus { arguments += ["--prometheus", prometheus] }
        if !recordsRequests { arguments.append("--no-request-records") }
        if let traceEndpoint { arguments += ["--trace-endpoint", traceEndpoint] }
        if traceShare != 1 { arguments += ["--trace-share", "\(traceShare)"] }
        if logFormat != .text { arguments += ["--log-format", logFormat.rawValue] }
        return arguments
    }
}
