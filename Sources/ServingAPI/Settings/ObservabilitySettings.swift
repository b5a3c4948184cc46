/// Knative's `config-observability`, as far as it means something on a machine: the log of requests.
package struct ObservabilitySettings: PlatformSettings {
    package static let configMap = "config-observability"

    /// `nil`: requests are not logged.
    package var requestLog: RequestLogTemplate?

    package init(_ entries: inout ConfigEntries) {
        var isOn = false
        entries.flag("logging.enable-request-log", into: &isOn)
        var logsProbes = false
        entries.flag("logging.enable-probe-request-log", into: &logsProbes)
        let key = "logging.request-log-template"
        guard let text = entries.text(key), !text.isEmpty else { return }
        do throws(RequestLogTemplate.Problem) {
            let template = try RequestLogTemplate(text)
            if isOn { requestLog = template }
        } catch {
            entries.reject(key, error.why)
        }
    }
}
