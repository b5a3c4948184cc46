/// What is to be worked on: client-go's work queue as a value.
///
/// A key is in at most one place: *waiting* in line, *running* in one worker's hands, or running and *again* (it was
/// added meanwhile and will wait again when the worker is done). So work on a key is never lost and never done twice
/// at once. Apart from that it may be *delayed* until a moment; of two delays the earlier wins.
struct KeyQueue<Key: Hashable & Sendable>: Sendable {
    private var line: [Key] = []
    private var head = 0
    private var waiting: Set<Key> = []
    private var running: Set<Key> = []
    private var again: Set<Key> = []
    private var delays: [Key: Duration] = [:]
    private var failures: [Key: Int] = [:]

    var count: Int { waiting.count }
    var isIdle: Bool { waiting.isEmpty && running.isEmpty && delays.isEmpty }
    var runningCount: Int { running.count }

    /// - Returns: whether the line got longer.
    mutating func add(_ key: Key) -> Bool {
        if running.contains(key) {
            again.insert(key)
            return false
        }
        guard waiting.insert(key).inserted else { return false }
        line.append(key)
        return true
    }

    /// The key that waited longest, now running.
    mutating func take() -> Key? {
        guard head < line.count else { return nil }
        let key = line[head]
        head += 1
        if head > 64, head * 2 > line.count {
            line.removeFirst(head)
            head = 0
        }
        waiting.remove(key)
        running.insert(key)
        return key
    }

    /// The worker has done with `key`.
    ///
    /// - Returns: whether the line got longer, because the key was added meanwhile.
    mutating func finish(_ key: Key) -> Bool {
        running.remove(key)
        return again.remove(key) != nil && add(key)
    }

    /// - Returns: whether somebody must call `elapse` at `moment`: no earlier delay stands.
    mutating func delay(_ key: Key, until moment: Duration) -> Bool {
        if let earlier = delays[key], earlier <= moment { return false }
        delays[key] = moment
        return true
    }

    /// The moment of a delay has come.
    ///
    /// - Returns: whether the line got longer; not where an earlier delay took its place.
    mutating func elapse(_ key: Key, _ moment: Duration) -> Bool {
        guard delays[key] == moment else { return false }
        delays[key] = nil
        return add(key)
    }

    /// - Returns: how often the key failed in a row.
    mutating func fail(_ key: Key) -> Int {
        failures[key, default: 0] += 1
        return failures[key, default: 1]
    }

    mutating func succeed(_ key: Key) { failures[key] = nil }
}
