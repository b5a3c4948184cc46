import APIServer
import Logging

extension StandaloneConfiguration {
    /// The audit log, where one is asked for.
    ///
    /// - Throws: `StartFailure` that names the file and what is wrong with it.
    func audit(_ logger: Logger) throws -> AuditLog? {
        guard let auditLog else { return nil }
        do {
            return try AuditLog(try policy(), path: auditLog, logger: logger)
        } catch let error as StartFailure {
            throw error
        } catch { throw StartFailure("the audit log cannot be kept: \(error)") }
    }

    private func policy() throws -> AuditPolicy {
        guard let path = auditPolicy else { return .metadata }
        guard let bytes = try PrivateFile.bytes(path) else { throw StartFailure("there is no audit policy at \(path)") }
        do { return try AuditPolicy(yaml: String(decoding: bytes, as: UTF8.self)) } catch {
            throw StartFailure("\(path): \(error)")
        }
    }
}
