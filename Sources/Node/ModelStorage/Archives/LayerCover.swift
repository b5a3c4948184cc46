/// What the layers above hide of the layers below: files that they have themselves, and whiteouts (`.wh.NAME`, and
/// `.wh..wh..opq` for all of a directory).
struct LayerCover {
    /// Files and whole trees that are hidden.
    private var hidden: Set<String> = []
    /// Of the layer that is being read: they hide only what is below it.
    private var pending: Set<String> = []

    /// Whether a file of the layer that is being read is the one that counts.
    func shows(_ path: String) -> Bool {
        var part = path[...]
        while true {
            if hidden.contains(String(part)) { return false }
            guard let slash = part.lastIndex(of: "/") else { return !hidden.contains("") }
            part = part[..<slash]
        }
    }

    mutating func add(_ path: String) { pending.insert(path) }

    /// Takes note of a whiteout; `false` where the path is none.
    mutating func addWhiteout(_ path: String) -> Bool {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard name.hasPrefix(".wh.") else { return false }
        let parent = slash.map { String(path[..<$0]) } ?? ""
        let target = name.dropFirst(4)
        pending.insert(name == ".wh..wh..opq" ? parent : parent.isEmpty ? String(target) : "\(parent)/\(target)")
        return true
    }

    mutating func endLayer() {
        hidden.formUnion(pending)
        pending = []
    }
}
