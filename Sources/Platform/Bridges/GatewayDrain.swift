import NodeAgent
import Proxy

/// The gateway as the node sees it: it knows when no request is under way to a pod any more.
struct GatewayDrain: DrainGate {
    let gateway: Gateway

    func drained(podUID: String, address: String) async { await gateway.drain(podUID: podUID) }

    func cut(podUID: String) async { await gateway.cut(podUID: podUID) }
}
