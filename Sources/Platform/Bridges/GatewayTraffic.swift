import Activation
import KubeModel
import Proxy
import ServingControllers

/// The gateway's counters, for the autoscaler.
struct GatewayTraffic: AutoscalerTraffic {
    let gateway: Gateway

    func reading(namespace: String, revision: String) -> AutoscalerReading {
        let key = ObjectKey(namespace: namespace, name: revision)
        guard let reading = gateway.concurrency(of: key) else { return .none }
        return AutoscalerReading(
            requestSeconds: Double(reading.integral) / 1e9, requests: reading.requests, inFlight: reading.inFlight,
            tokensInFlight: gateway.tokensInFlight(of: key))
    }
}
