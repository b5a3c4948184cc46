import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI

// Stopping.
extension PodRunner {
    func drain() {
        guard let address else { return send(.drained) }
        effects.start(.drain) { [services, uid] in
            await services.gate.drained(podUID: uid, address: "\(address)")
            self.send(.drained)
        }
    }

    func setTimer(_ container: Int, _ timer: PodTimer, _ duration: Duration) {
        effects.start(.timer(container, timer)) { [services] in
            do {
                try await services.time.sleep(for: duration)
                self.send(.timeUp(timer), container: container)
            } catch {
                // Cancelled: the timer was set anew, or the pod is gone.
            }
        }
    }

    func remove() async {
        giveBackAddress()
        var failures = 0
        while !Task.isCancelled {
            do {
                try await services.client.delete(
                    .pods, key, DeleteOptions(gracePeriodSeconds: 0, preconditionUID: uid))
                return
            } catch let status as Status where status.isNotFound || status.isConflict {
                return
            } catch {
                failures += 1
                services.logger.warning(
                    "Could not remove a pod that has ended; will try again",
                    metadata: ["pod": "\(key)", "error": "\(error)"])
                try? await services.time.sleep(for: BackOff.watching.delay(afterFailures: failures, random: 0))
            }
        }
    }
}
