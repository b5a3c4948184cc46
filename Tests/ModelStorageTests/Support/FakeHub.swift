import Crypto

@testable import ModelStorage

extension FakeServer {
    /// Serves a repository as the Hugging Face hub does: small files by git's digests, large ones (LFS) by SHA-256 and
    /// from elsewhere.
    func putRepository(
        _ name: String, small: [String: [UInt8]], large: [String: [UInt8]], on mirror: FakeServer, token: String? = nil
    ) {
        let authorization = token.map { "Bearer \($0)" }
        func put(_ path: String, _ text: String, _ headers: [(String, String)] = []) {
            self.put(path, File(bytes: Array(text.utf8), headers: headers, authorization: authorization))
        }
        put("/api/models/\(name)/revision/main", #"{"sha": "c0ffee"}"#)
        var entries = [#"{"type": "directory", "path": "onnx", "oid": "0", "size": 0}"#]
        for (path, bytes) in small.sorted(by: { $0.key < $1.key }) {
            let oid = hexadecimal(Insecure.SHA1.hash(data: Array("blob \(bytes.count)\0".utf8) + bytes))
            entries.append(#"{"type": "file", "path": "\#(path)", "oid": "\#(oid)", "size": \#(bytes.count)}"#)
            self.put(
                "/\(name)/resolve/c0ffee/\(path)",
                File(bytes: bytes, entityTag: "\"\(oid)\"", authorization: authorization))
        }
        for (path, bytes) in large.sorted(by: { $0.key < $1.key }) {
            let oid = hexadecimal(SHA256.hash(data: bytes))
            entries.append(
                #"{"type": "file", "path": "\#(path)", "oid": "pointer", "size": \#(bytes.count), "#
                    + #""lfs": {"oid": "\#(oid)", "size": \#(bytes.count)}}"#)
            mirror.put("/lfs/\(oid)", bytes)
            self.put(
                "/\(name)/resolve/c0ffee/\(path)",
                File(bytes: [], redirect: mirror.url("/lfs/\(oid)"), authorization: authorization))
        }
        // Two pages.
        let half = entries.count / 2
        let tree = "/api/models/\(name)/tree/c0ffee?recursive=true"
        put(
            tree, "[\(entries[..<half].joined(separator: ", "))]",
            [("Link", "<\(url(tree))&cursor=2>; rel=\"next\"")])
        put(tree + "&cursor=2", "[\(entries[half...].joined(separator: ", "))]")
    }
}
