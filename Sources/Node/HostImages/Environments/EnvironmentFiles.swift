import Glibc
import ModelStorage

/// The files that a host image adds to its environment. Those under `bin/` are executable; one that begins with
/// `#!python` (with flags or without, as in wheels) is run by the environment's own interpreter.
struct EnvironmentFiles {
    /// Longer first lines are cut off by the kernel.
    private static let firstLineLimit = 255

    private let files: [String: String]

    init(_ files: [String: String]) { self.files = files }

    func write(to root: String) throws(FileError) {
        for (path, text) in files {
            let target = "\(root)/\(path)"
            if let slash = target.lastIndex(of: "/") { try FileTree.makeDirectory(String(target[..<slash])) }
            try FileTree.write(Array(Self.resolved(text, python: "\(root)/bin/python").utf8), to: target)
            if path.hasPrefix("bin/"), chmod(target, 0o755) != 0 { throw FileError("cannot write", target) }
        }
    }

    /// The text with its first line naming the interpreter.
    static func resolved(_ text: String, python: String) -> String {
        guard text.hasPrefix("#!python") else { return text }
        let end = text.firstIndex(of: "\n") ?? text.endIndex
        let flags = text[..<end].dropFirst("#!python".count)
        guard flags.isEmpty || flags.first == " " else { return text }
        let line = "#!\(python)\(flags)"
        if line.utf8.count <= firstLineLimit, !python.contains(" ") { return line + text[end...] }
        // A shell's first line, which Python reads as a text of no use.
        return "#!/bin/sh\n'''exec' \"\(python)\"\(flags) \"$0\" \"$@\"\n' '''" + text[end...]
    }
}
