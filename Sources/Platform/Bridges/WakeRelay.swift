import Activation
import ServingControllers
import Synchronization

/// Passes the gateway's call for a sleeping revision on to the autoscaler. The gateway is made first; what it calls
/// before the controllers are there is not lost, since it calls again while requests wait.
final class WakeRelay: WakeSignal {
    private let controllers = Mutex<ServingControllers?>(nil)

    func connect(_ controllers: ServingControllers) { self.controllers.withLock { $0 = controllers } }

    func wake(namespace: String, revision: String) {
        controllers.withLock { $0 }?.wake(namespace: namespace, revision: revision)
    }
}
