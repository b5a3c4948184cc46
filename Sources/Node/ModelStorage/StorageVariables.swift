/// The variables that a place for models is opened with, as KServe's storage initializer knows them.
struct StorageVariables: Sendable, Hashable {
    private var values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    /// The first of these that has a value.
    subscript(names: String...) -> String? { names.lazy.compactMap { self.values[$0] }.first { !$0.isEmpty } }

    func isTrue(_ name: String) -> Bool { ["true", "1"].contains(self[name]?.lowercased()) }

    func isFalse(_ name: String) -> Bool { ["false", "0"].contains(self[name]?.lowercased()) }

    /// What a variable holds or, where it is a path, what that file holds.
    func contents(_ name: String) throws(FileError) -> String? {
        guard let value = self[name] else { return nil }
        return value.hasPrefix("/") ? String(decoding: try FileTree.read(value), as: UTF8.self) : value
    }

    /// Which certificates a server may show: those of a bundle, any (`verifies` is false), or the machine's.
    func trust(bundle: String, verifying: String) throws(FileError) -> Trust {
        if isFalse(verifying) { return .anything }
        return try contents(bundle).map { .certificates(pem: $0) } ?? .machine
    }
}
