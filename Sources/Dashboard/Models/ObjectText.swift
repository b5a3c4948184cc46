import JSONModel
import KubeModel
import YAMLModel

/// Objects as people read them.
enum ObjectText {
    /// Without what only the API has use for.
    static func yaml(_ object: Object) -> String {
        var shown = object
        shown.json[path: "metadata", "managedFields"] = nil
        return shown.json.yaml()
    }

    /// What a person may change: without the status and what the server writes.
    static func editable(_ object: Object) -> String {
        var shown = object
        shown.json["status"] = nil
        for field in ["managedFields", "creationTimestamp", "generation", "uid", "selfLink", "resourceVersion"] {
            shown.json[path: "metadata", field] = nil
        }
        return shown.json.yaml()
    }

    /// The lines that differ, with three lines around each.
    static func diff(_ old: String, _ new: String) -> [(mark: Character, line: String)] {
        let (before, after) = (lines(old), lines(new))
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var all: [(mark: Character, line: String)] = []
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if left < before.count, removed.contains(left) {
                all.append(("-", before[left]))
                left += 1
            } else if right < after.count, inserted.contains(right) {
                all.append(("+", after[right]))
                right += 1
            } else {
                all.append((" ", before[left]))
                (left, right) = (left + 1, right + 1)
            }
        }
        return near(all, 3)
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast(
            text.hasSuffix("\n") ? 1 : 0)
    }

    private static func near(_ all: [(mark: Character, line: String)], _ around: Int) -> [(
        mark: Character, line: String
    )] {
        let changed = all.indices.filter { all[$0].mark != " " }
        return all.indices.filter { index in changed.contains { abs($0 - index) <= around } }.map { all[$0] }
    }
}
