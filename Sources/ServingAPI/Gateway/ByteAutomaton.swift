/// A deterministic automaton over bytes: Thompson's construction, then the sets of states that can be reached at once.
struct ByteAutomaton: Sendable, Hashable {
    /// More would be no route's pattern, and costs memory and time for nothing.
    private static let mostStates = 256
    /// Steps of single states that are looked at.
    private static let mostWork = 200_000
    private static let tooLarge = RegularExpression.Problem(why: "needs too large an automaton; make it simpler")

    /// Of each byte: which of the sets of the expression have it in common.
    private var classes: [UInt8] = Array(repeating: 0, count: 256)
    private var classCount = 1
    /// By state, then by class. State 0 is the one that nothing leads out of.
    private var next: [UInt16] = []
    private var isAccepting: [Bool] = []

    init(_ expression: ExpressionNode) throws(RegularExpression.Problem) {
        let machine = try ThompsonMachine(expression)
        let representatives = setClasses(machine.sets)
        try build(machine, representatives)
    }

    func accepts(_ text: Span<UInt8>) -> Bool {
        var state = 1
        for index in text.indices {
            state = Int(next[state * classCount + Int(classes[Int(text[index])])])
            if state == 0 { return false }
        }
        return isAccepting[state]
    }

    /// - Returns: One byte of each class.
    private mutating func setClasses(_ sets: [ByteSet]) -> [UInt8] {
        var known: [[Bool]: UInt8] = [:]
        var representatives: [UInt8] = []
        for byte in UInt8.min...UInt8.max {
            let signature = sets.map { $0.contains(byte) }
            if known[signature] == nil {
                known[signature] = UInt8(representatives.count)
                representatives.append(byte)
            }
            classes[Int(byte)] = known[signature] ?? 0
        }
        classCount = representatives.count
        return representatives
    }

    private mutating func build(
        _ machine: ThompsonMachine, _ representatives: [UInt8]
    ) throws(RegularExpression.Problem) {
        var numbers: [Set<Int>: UInt16] = [[]: 0]
        var pending: [Set<Int>] = [[]]
        func number(_ states: Set<Int>) throws(RegularExpression.Problem) -> UInt16 {
            if let number = numbers[states] { return number }
            guard pending.count < Self.mostStates else { throw Self.tooLarge }
            numbers[states] = UInt16(pending.count)
            pending.append(states)
            return UInt16(pending.count - 1)
        }
        _ = try number(machine.closure([machine.start]))
        var (index, work) = (0, 0)
        while index < pending.count {
            let states = pending[index]
            work += states.count * representatives.count
            guard work < Self.mostWork else { throw Self.tooLarge }
            isAccepting.append(states.contains(ThompsonMachine.end))
            for byte in representatives { next.append(try number(machine.step(states, byte))) }
            index += 1
        }
    }
}

/// A machine that may be in many states at once. It is made from its end to its beginning.
private struct ThompsonMachine {
    enum State {
        case end
        case byte(ByteSet, next: Int)
        case split(Int, Int)
    }

    static let end = 0
    private static let mostStates = 2_000

    private var states: [State] = [.end]
    private(set) var start = 0

    init(_ expression: ExpressionNode) throws(RegularExpression.Problem) {
        start = try add(expression, before: Self.end)
    }

    var sets: [ByteSet] {
        Array(
            Set(
                states.compactMap { state in
                    if case .byte(let set, _) = state { set } else { nil }
                }))
    }

    /// - Returns: The state where the expression begins; after it the machine is in `next`.
    private mutating func add(_ node: ExpressionNode, before next: Int) throws(RegularExpression.Problem) -> Int {
        switch node {
        case .bytes(let set): return try add(.byte(set, next: next))
        case .sequence(let nodes):
            var start = next
            for node in nodes.reversed() { start = try add(node, before: start) }
            return start
        case .choice(let nodes):
            var start = try add(nodes[nodes.count - 1], before: next)
            for node in nodes.dropLast().reversed() { start = try add(.split(try add(node, before: next), start)) }
            return start
        case .repeated(let node, let least, let most): return try add(node, least, most, before: next)
        }
    }

    private mutating func add(
        _ node: ExpressionNode, _ least: Int, _ most: Int?, before next: Int
    ) throws(RegularExpression.Problem) -> Int {
        var start = next
        if let most {
            for _ in least..<most { start = try add(.split(try add(node, before: start), next)) }
        } else {
            let loop = try add(.split(next, next))
            states[loop] = .split(try add(node, before: loop), next)
            start = loop
        }
        for _ in 0..<least {
            let before = start
            start = try add(node, before: before)
            // Of nothing, however often, there is nothing.
            if start == before { break }
        }
        return start
    }

    private mutating func add(_ state: State) throws(RegularExpression.Problem) -> Int {
        guard states.count < Self.mostStates else {
            throw RegularExpression.Problem(why: "is too long with its repetitions; make it simpler")
        }
        states.append(state)
        return states.count - 1
    }

    /// The states that are reached without a byte; only those that matter: the end, and those that take a byte.
    func closure(_ from: Set<Int>) -> Set<Int> {
        var (seen, reached, pending) = (from, Set<Int>(), Array(from))
        while let state = pending.popLast() {
            guard case .split(let first, let second) = states[state] else {
                reached.insert(state)
                continue
            }
            for next in [first, second] where seen.insert(next).inserted { pending.append(next) }
        }
        return reached
    }

    func step(_ from: Set<Int>, _ byte: UInt8) -> Set<Int> {
        var reached: Set<Int> = []
        for state in from {
            if case .byte(let set, let next) = states[state], set.contains(byte) { reached.insert(next) }
        }
        return closure(reached)
    }
}
