import Glibc
import NIOPosix

extension ModelCache {
    /// Files of a directory, and below it, that run code when a Python program loads them.
    package static func pickles(in directory: String) -> [String] { Pickle.files(files(below: directory).map(\.path)) }

    /// Has the kernel read a model into memory, where that has room for it: a server that starts finds it there. Returns
    /// at once.
    package func readAhead(_ directory: String) {
        NIOThreadPool.singleton.submit { state in
            guard state == .active else { return }
            let files = Self.files(below: directory)
            // A model that does not fit would only push others out.
            guard files.reduce(0, { $0 + $1.size }) < Self.availableMemory() / 2 else { return }
            for file in files {
                let descriptor = open("\(directory)/\(file.path)", O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { continue }
                posix_fadvise(descriptor, 0, 0, POSIX_FADV_WILLNEED)
                close(descriptor)
            }
        }
    }

    private static func files(below directory: String, depth: Int = 8) -> [(path: String, size: Int64)] {
        guard depth > 0, let names = try? FileTree.names(in: directory) else { return [] }
        return names.flatMap { name -> [(path: String, size: Int64)] in
            if let size = FileTree.size("\(directory)/\(name)") { return [(name, size)] }
            return files(below: "\(directory)/\(name)", depth: depth - 1).map { ("\(name)/\($0.path)", $0.size) }
        }
    }

    private static func availableMemory() -> Int64 {
        let bytes = (try? LocalFile(reading: "/proc/meminfo").read(4096, at: 0)) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ")
        return (line?.dropFirst().first.flatMap { Int64($0) } ?? 0) << 10
    }
}
