/// The members of a JSON object, sorted by the bytes of their keys: small, cache-friendly, and always written in
/// the same order. Looking a key up is a binary search.
package struct JSONObject: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: JSONValue

        package init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    package private(set) var members: [Member]

    package init() { members = [] }

    /// Later members win over earlier ones with the same key.
    package init(_ pairs: some Sequence<(String, JSONValue)>) {
        self.init(unsorted: pairs.map { Member(key: $0.0, value: $0.1) })
    }

    init(unsorted: [Member]) {
        members = unsorted
        guard members.count > 1 else { return }
        let sorted = zip(members, members.dropFirst()).allSatisfy { Self.precedes($0.key, $1.key) }
        if !sorted { sortAndMerge() }
    }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }
    package var keys: [String] { members.map(\.key) }

    package subscript(key: String) -> JSONValue? {
        get {
            let (index, found) = position(of: key)
            return found ? members[index].value : nil
        }
        set {
            let (index, found) = position(of: key)
            switch (newValue, found) {
            case (let value?, true): members[index].value = value
            case (let value?, false): members.insert(Member(key: key, value: value), at: index)
            case (nil, true): members.remove(at: index)
            case (nil, false): break
            }
        }
        _modify {
            let (index, found) = position(of: key)
            var value: JSONValue? = found ? members[index].value : nil
            if found { members[index].value = .null }
            defer {
                switch (value, found) {
                case (let new?, true): members[index].value = new
                case (let new?, false): members.insert(Member(key: key, value: new), at: index)
                case (nil, true): members.remove(at: index)
                case (nil, false): break
                }
            }
            yield &value
        }
    }

    @discardableResult
    package mutating func removeValue(forKey key: String) -> JSONValue? {
        let (index, found) = position(of: key)
        return found ? members.remove(at: index).value : nil
    }

    /// Lets `body` change each member in place, in the order of the keys, and drops those for which it says `false`.
    package mutating func filterInPlace(_ body: (_ key: String, _ value: inout JSONValue) -> Bool) {
        var kept = 0
        for index in members.indices {
            guard body(members[index].key, &members[index].value) else { continue }
            if kept != index { members.swapAt(kept, index) }
            kept += 1
        }
        members.removeLast(members.count - kept)
    }

    private func position(of key: String) -> (index: Int, found: Bool) {
        var key = key
        return key.withUTF8 { key in
            var low = 0
            var high = members.count
            while low < high {
                let middle = (low + high) / 2
                let order = Self.order(members[middle].key, key)
                if order == 0 { return (middle, true) }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return (low, false)
        }
    }

    /// Negative where `left` comes first, 0 where both are the same bytes. The hottest place of the whole program.
    private static func order(_ left: String, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let result = left.utf8.withContiguousStorageIfAvailable { order($0, right) }
        // Only strings that come from Objective-C are not in one piece.
        return result ?? Array(left.utf8).withUnsafeBufferPointer { order($0, right) }
    }

    private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let shared = Swift.min(left.count, right.count)
        var index = 0
        while index < shared {
            if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
            index += 1
        }
        return left.count - right.count
    }

    /// Order by bytes: Swift's own order treats canonically equivalent texts as equal, JSON does not.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        var right = right
        return right.withUTF8 { order(left, $0) < 0 }
    }

    private mutating func sortAndMerge() {
        let ordered = members.enumerated().sorted { left, right in
            if left.element.key.utf8.elementsEqual(right.element.key.utf8) { return left.offset < right.offset }
            return Self.precedes(left.element.key, right.element.key)
        }
        members.removeAll(keepingCapacity: true)
        for (_, member) in ordered {
            if let last = members.last, last.key.utf8.elementsEqual(member.key.utf8) { members.removeLast() }
            members.append(member)
        }
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
