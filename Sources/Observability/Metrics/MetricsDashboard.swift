package import JSONModel

/// What OpenShift AI's dashboard shows of a model, as queries in a ConfigMap `<service>-metrics-dashboard`: titles, types and
/// metrics are its own, so that its dashboard reads it; its mistakes are not (a placeholder that is never filled in, titles in
/// milliseconds over seconds and microseconds, a query without the namespace). Of a runtime that OpenShift AI does not know,
/// the gateway's own counts are shown.
package struct MetricsDashboard: Sendable {
    package enum Runtime: String, Sendable, CaseIterable {
        case ovms, tgis, vllm, caikit, other

        /// - Parameters:
        ///   - annotation: `opendatahub.io/kserve-runtime`.
        ///   - image: of the server, where there is no annotation.
        package init(annotation: String?, image: String) {
            if let annotation, let known = Runtime(rawValue: annotation) {
                self = known
                return
            }
            let name = image.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" } ?? ""
            self =
                switch name {
                case "openvino_model_server": .ovms
                case "text-generation-inference": .tgis
                case "vllm": .vllm
                case "caikit-nlp": .caikit
                default: .other
                }
        }
    }

    private let namespace: String
    private let name: String
    private let runtime: Runtime

    package init(namespace: String, name: String, runtime: Runtime) {
        (self.namespace, self.name, self.runtime) = (namespace, name, runtime)
    }

    /// `data` of the ConfigMap.
    package var data: JSONValue {
        let config: JSONValue = [
            "config": [
                panel("Requests per 5 minutes", "REQUEST_COUNT", counts),
                panel("Average response time (ms)", "MEAN_LATENCY", latencies),
                panel("CPU utilization %", "CPU_USAGE", [("CPU usage", usage("pod:container_cpu_usage:sum", "cpu"))]),
                panel(
                    "Memory utilization %", "MEMORY_USAGE",
                    [("Memory usage", usage("container_memory_working_set_bytes", "memory"))]),
            ]
        ]
        return ["supported": "true", "metrics": .string(config.text)]
    }

    private typealias Query = (title: String, query: String)

    private func panel(_ title: String, _ type: String, _ queries: [Query]) -> JSONValue {
        [
            "title": .string(title), "type": .string(type),
            "queries": .array(queries.map { ["title": .string($0.title), "query": .string($0.query)] }),
        ]
    }

    private var own: String { "namespace='\(namespace)'" }
    private var pods: String { "\(own), pod=~'\(name)-predictor-.*'" }

    private var counts: [Query] {
        func count(_ metric: String, _ labels: String) -> String {
            "round(sum(increase(\(metric){\(labels)}[5m])))"
        }
        let (good, bad) = ("Number of successful incoming requests", "Number of failed incoming requests")
        switch runtime {
        case .ovms:
            let labels = "\(own), name='\(name)'"
            return [(good, count("ovms_requests_success", labels)), (bad, count("ovms_requests_fail", labels))]
        case .tgis: return [(good, count("tgi_request_success", pods)), (bad, count("tgi_request_failure", pods))]
        case .caikit:
            let labels = "\(own), model_id='\(name)'"
            return [
                (good, count("predict_rpc_count_total", "\(labels), code='OK'")),
                (bad, count("predict_rpc_count_total", "\(labels), code!='OK'")),
            ]
        case .vllm:
            let (metric, labels) = ("vllm:request_success_total", "\(own), model_name='\(name)'")
            return [
                (good, count(metric, "\(labels), finished_reason!~'error|abort'")),
                (bad, count(metric, "\(labels), finished_reason=~'error|abort'")),
            ]
        case .other:
            let labels = "\(own), service='\(name)'"
            return [
                (good, count("martlet_requests_total", "\(labels), code=~'2..|3..'")),
                (bad, count("martlet_requests_total", "\(labels), code=~'4..|5..'")),
            ]
        }
    }

    private var latencies: [Query] {
        /// - Parameter factor: from the metric's unit to milliseconds.
        func mean(_ metric: String, _ labels: String, by: String, _ factor: String) -> String {
            "sum by (\(by)) (rate(\(metric)_sum{\(labels)}[1m])) / "
                + "sum by (\(by)) (rate(\(metric)_count{\(labels)}[1m]))\(factor)"
        }
        let (inference, whole) = ("Average inference latency", "Average e2e latency")
        switch runtime {
        case .ovms:
            let labels = "\(own), name='\(name)'"
            return [
                (inference, mean("ovms_inference_time_us", labels, by: "name", " / 1000")),
                (whole, mean("ovms_request_time_us", labels, by: "name", " / 1000")),
            ]
        case .tgis:
            return [
                (inference, mean("tgi_request_inference_duration", pods, by: "pod", " * 1000")),
                (whole, mean("tgi_request_duration", pods, by: "pod", " * 1000")),
            ]
        case .caikit:
            let labels = "\(own), model_id='\(name)'"
            return [
                (inference, mean("predict_caikit_library_duration_seconds", labels, by: "model_id", " * 1000"))
            ]
        case .vllm:
            let rate = "sum(rate(vllm:e2e_request_latency_seconds_bucket{\(own), model_name='\(name)'}[1m])) by (le)"
            return [(whole, "histogram_quantile(0.5, \(rate)) * 1000")]
        case .other:
            return [
                (whole, mean("martlet_request_duration_milliseconds", "\(own), service='\(name)'", by: "service", ""))
            ]
        }
    }

    /// Percent, as the title says.
    private func usage(_ metric: String, _ resource: String) -> String {
        "100 * sum(\(metric){\(pods)}) / sum(kube_pod_resource_limit{resource='\(resource)', \(pods)})"
    }
}
