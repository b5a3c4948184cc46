import Glibc

/// Where the Python of an environment is: an environment is links to it.
enum PythonPlace {
    /// The folders above `bin` of every interpreter that the links of `root` lead by, outside of the system's folders.
    static func directories(of root: String) -> [String] {
        var (places, link): ([String], String) = ([], "\(root)/bin/python")
        // A chain of links has an end; a circle has none.
        for _ in 0..<16 {
            guard let next = target(of: link) else { break }
            link = next
            places.append(prefix(of: link))
        }
        if let whole = realpath(link, nil) {
            places.append(prefix(of: String(cString: whole)))
            free(whole)
        }
        var found: [String] = []
        for place in places where place != root && !isSystem(place) && !found.contains(place) { found.append(place) }
        return found
    }

    private static func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let target = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return target.hasPrefix("/") ? target : "\(folder(of: link))/\(target)"
    }

    private static func prefix(of program: String) -> String { folder(of: folder(of: program)) }

    private static func folder(of path: String) -> String {
        path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    }

    private static func isSystem(_ path: String) -> Bool {
        path.isEmpty || ["/usr", "/opt", "/nix", "/gnu"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }
}
