import Foundation
import Testing

/// Holds the sources to the architecture: who may import whom (ARCHITECTURE.md, "Rooms").
@Suite("Imports point one way")
struct ImportTests {
    static let tree = SourceTree()

    @Test("planes import only what is below them", arguments: Plane.allCases)
    func planes(plane: Plane) {
        for file in Self.tree.files where file.plane == plane {
            for module in file.imports {
                guard let other = Self.tree.planeOfRoom[module] else { continue }
                #expect(
                    other == plane || plane.mayImport.contains(other),
                    "\(file.path) imports \(module): \(plane) must not know \(other)")
            }
        }
    }

    @Test(
        "a library stays in the rooms that own it",
        arguments: [
            ("GRDB", ["ObjectStore"]),
            ("Hummingbird", ["Dashboard", "Graphs"]),
            ("Yams", ["YAMLModel"]),
            ("X509", ["APIServer", "ClientCertificates"]),
            ("ArgumentParser", ["CommandLine"]),
        ])
    func libraries(library: String, rooms: [String]) {
        for file in Self.tree.files where file.imports.contains(library) {
            #expect(rooms.contains(file.room), "\(file.path) imports \(library), which belongs to \(rooms)")
        }
    }

    @Test("the request path knows no Foundation")
    func foundation() {
        for file in Self.tree.files where file.plane == .dataPlane {
            #expect(!file.imports.contains { $0.hasPrefix("Foundation") }, "\(file.path) imports Foundation")
        }
    }

    @Test("every source file was found")
    func tree() {
        #expect(Self.tree.files.count > 100)
        #expect(Set(Self.tree.files.map(\.plane)) == Set(Plane.allCases))
    }
}

enum Plane: String, CaseIterable, Sendable {
    case kubernetes = "Kubernetes"
    case servingAPI = "ServingAPI"
    case controlPlane = "ControlPlane"
    case dataPlane = "DataPlane"
    case node = "Node"
    case observability = "Observability"
    case dashboard = "Dashboard"
    case platform = "Platform"
    case commandLine = "CommandLine"
    case executables = "Executables"

    var mayImport: Set<Plane> {
        switch self {
        case .kubernetes: []
        case .servingAPI, .observability: [.kubernetes]
        case .controlPlane, .dataPlane, .node: [.kubernetes, .servingAPI]
        case .dashboard: [.kubernetes, .servingAPI, .observability]
        case .platform: Set(Plane.allCases).subtracting([.commandLine, .executables])
        case .commandLine: [.kubernetes, .servingAPI, .platform]
        case .executables: [.commandLine]
        }
    }
}

/// The Swift files under Sources/, with what they import.
struct SourceTree: Sendable {
    struct File: Sendable {
        var path: String
        var plane: Plane
        var room: String
        var imports: Set<String>
    }

    let files: [File]
    let planeOfRoom: [String: Plane]

    init() {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let paths = FileManager.default.subpaths(atPath: root.path) ?? []
        files = paths.filter { $0.hasSuffix(".swift") }.compactMap { path in
            let parts = path.split(separator: "/").map(String.init)
            guard let plane = Plane(rawValue: parts[0]) else { return nil }
            let isSingleRoom = [.servingAPI, .observability, .dashboard, .platform, .commandLine].contains(plane)
            let text = (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
            return File(path: path, plane: plane, room: isSingleRoom ? parts[0] : parts[1], imports: Self.imports(text))
        }
        planeOfRoom = Dictionary(files.map { ($0.room, $0.plane) }, uniquingKeysWith: { first, _ in first })
    }

    private static func imports(_ text: String) -> Set<String> {
        let lines = text.split(separator: "\n").lazy.map { $0.split(separator: " ") }
        return Set(
            lines.compactMap { words in
                guard let index = words.firstIndex(of: "import"), index < 3, words.count > index + 1 else { return nil }
                return String(words.last?.split(separator: ".").first ?? "")
            })
    }
}
