import Foundation
import KubeClient
import Testing
import X509

@testable import APIServer

@Suite struct HTTPPKITests {
    static let now: Int64 = 1_800_000_000

    static func with(_ body: (_ directory: String) throws -> Void) throws {
        let directory = try HTTPFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body("\(directory)/pki")
    }

    static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("Keys are made once, and for their owner alone")
    func stable() throws {
        try Self.with { directory in
            let first = try PKI(directory: directory, names: ["localhost"], now: Self.now)
            let second = try PKI(directory: directory, names: ["localhost"], now: Self.now)
            #expect(first.authority.credential.certificate == second.authority.credential.certificate)
            #expect(first.server.certificate == second.server.certificate)
            #expect(first.admin.certificate == second.admin.certificate)
            #expect(try Self.mode(directory) == 0o700)
            for file in try FileManager.default.contentsOfDirectory(atPath: directory) {
                #expect(try Self.mode("\(directory)/\(file)") == 0o600)
            }
        }
    }

    @Test("The server's certificate follows its names")
    func names() throws {
        try Self.with { directory in
            let first = try PKI(directory: directory, names: ["127.0.0.1", "::1", "localhost"], now: Self.now)
            let names = try first.server.certificate.extensions.subjectAlternativeNames
            #expect(names?.count == 3)
            let second = try PKI(directory: directory, names: ["localhost", "box"], now: Self.now)
            #expect(first.server.certificate != second.server.certificate)
            #expect(first.admin.certificate == second.admin.certificate)
        }
    }

    @Test(
        "What nears its end is issued anew, by the same authority",
        arguments: [(200, false), (243, false), (244, true), (400, true)])
    func renewal(_ days: Int64, _ isRenewed: Bool) throws {
        try Self.with { directory in
            let first = try PKI(directory: directory, names: ["localhost"], now: Self.now)
            let second = try PKI(directory: directory, names: ["localhost"], now: Self.now + days * 86_400)
            #expect((first.server.certificate != second.server.certificate) == isRenewed)
            #expect((first.admin.certificate != second.admin.certificate) == isRenewed)
            #expect(first.authority.credential.certificate == second.authority.credential.certificate)
        }
    }

    @Test("A file that cannot be understood is named, and left as it is", arguments: ["ca.pem", "server.pem"])
    func damaged(_ file: String) throws {
        try Self.with { directory in
            _ = try PKI(directory: directory, names: ["localhost"], now: Self.now)
            try Data("nonsense".utf8).write(to: URL(filePath: "\(directory)/\(file)"))
            let error = #expect(throws: PKIError.self) {
                try PKI(directory: directory, names: ["localhost"], now: Self.now)
            }
            #expect(error?.description.contains("\(directory)/\(file)") == true)
            #expect(try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8) == "nonsense")
        }
    }

    @Test("The admin is who Kubernetes' admins are")
    func admin() throws {
        try Self.with { directory in
            let pki = try PKI(directory: directory, names: [], now: Self.now)
            #expect("\(pki.admin.certificate.subject)" == "CN=martlet-admin,O=system:masters")
            #expect(try pki.admin.certificate.extensions.extendedKeyUsage?.contains(.clientAuth) == true)
            #expect(try pki.server.certificate.extensions.extendedKeyUsage?.contains(.clientAuth) == false)
        }
    }

    @Test("The kubeconfig reads back as it was meant")
    func kubeconfig() throws {
        try Self.with { directory in
            let pki = try PKI(directory: directory, names: ["localhost"], now: Self.now)
            let path = "\(directory)/kubeconfig"
            try pki.writeKubeconfig(to: path, server: "https://127.0.0.1:6443")
            #expect(try Self.mode(path) == 0o600)
            let config = try Kubeconfig(path: path)
            #expect(config.currentContext == "martlet")
            let connection = try config.connection()
            #expect(connection.server == "https://127.0.0.1:6443")
            #expect(connection.namespace == "default")
            let authority = try pki.authority.credential.certificatePEM
            #expect(connection.authority == Array(authority.utf8))
            #expect(connection.clientKey == Array(pki.admin.keyPEM.utf8))
        }
    }
}
