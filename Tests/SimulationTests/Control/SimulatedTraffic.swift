import Activation
import ServingControllers

/// As Platform's bridge from the gateway to the autoscaler.
struct SimulatedTraffic: RevisionTraffic {
    let readings: GatewayReadings

    func reading(namespace: String, revision: String) -> TrafficReading {
        guard let reading = readings.read(revision) else { return .none }
        return TrafficReading(
            requestSeconds: Double(reading.integral) / 1e9, requests: reading.requests, inFlight: reading.inFlight)
    }
}
