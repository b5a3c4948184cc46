import ArgumentParser
import Glibc
import Platform

/// What of `martlet up` is about being looked at.
struct ObservingOptions: ParsableArguments {
    @Option(
        help: "A Prometheus that scrapes this instance, such as http://localhost:9090: it is asked for what was.")
    var prometheus: String?

    @Flag(
        help: "Do not record requests that have ended: who called what, when, how many tokens. See `martlet requests`.")
    var noRequestRecords = false

    @Option(
        help:
            "Where spans are sent, by OTLP over HTTP: http://localhost:4318. Default: OTEL_EXPORTER_OTLP_ENDPOINT, else nowhere."
    )
    var traceEndpoint: String?

    @Option(help: "How many of the requests whose caller does not say are traced: 0 to 1.")
    var traceShare = 1.0

    @Option(help: "How log messages are written: text, or json, one object a line.")
    var logFormat = ObservingConfiguration.LogFormat.text

    func validate() throws {
        if !(0...1).contains(traceShare) { throw ValidationError("--trace-share \(traceShare): a number from 0 to 1") }
        for (flag, value) in [("prometheus", prometheus), ("trace-endpoint", traceEndpoint)] {
            guard let value else { continue }
            guard value.hasPrefix("http://") || value.hasPrefix("https://") else {
                throw ValidationError("--\(flag) \(value): give an address that begins with http:// or https://")
            }
        }
    }

    var configuration: ObservingConfiguration {
        var configuration = ObservingConfiguration()
        configuration.prometheus = prometheus
        configuration.recordsRequests = !noRequestRecords
        configuration.traceEndpoint = traceEndpoint ?? Self.environment("OTEL_EXPORTER_OTLP_ENDPOINT")
        configuration.traceShare = traceShare
        configuration.logFormat = logFormat
        return configuration
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension ObservingConfiguration.LogFormat: ExpressibleByArgument {}
