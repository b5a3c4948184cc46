/// A pod's process, as the node sees it.
final class SimulatedPod {
    let uid: String
    let name: String
    /// Counts starts: what was begun for an earlier process is of no interest.
    var start = 0
    var failures = 0
    var isListening = false
    var isToldToStop = false
    /// Calls that have a place here.
    var calls: Set<Int> = []

    init(uid: String, name: String) {
        self.uid = uid
        self.name = name
    }
}
