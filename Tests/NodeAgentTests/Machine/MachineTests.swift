import JSONModel
import KubeController
import KubeModel
import ServingAPI
import Synchronization
import Testing

@testable import NodeAgent

@Suite("The machine as a node")
struct MachineTests {
    private static let plenty: MachineReadings = {
        var readings = MachineReadings()
        readings.processors = 4
        (readings.memory, readings.memoryAvailable) = (8 << 30, 4 << 30)
        (readings.storage, readings.storageAvailable) = (100 << 30, 50 << 30)
        (readings.inodes, readings.inodesAvailable) = (1_000, 900)
        (readings.processLimit, readings.processes) = (32_768, 300)
        return readings
    }()

    private func node(_ change: (inout MachineReadings) -> Void = { _ in }) -> Object {
        var readings = Self.plenty
        change(&readings)
        let node = NodeObject(name: "here", version: "v1", identity: MachineIdentity(), readings: readings)
        return node.applied(to: node.object, now: 1_767_225_600_000_000)
    }

    @Test("has capacity, and a little less to give")
    func resources() {
        let status = node().status
        #expect(
            status["capacity"]
                == ["cpu": "4", "pods": "110", "memory": "8388608Ki", "ephemeral-storage": "104857600Ki"])
        #expect(
            status["allocatable"]
                == ["cpu": "4", "pods": "110", "memory": "8286208Ki", "ephemeral-storage": "96636764160"])
    }

    @Test("has less to give where a limit says so, and never more than there is")
    func memoryLimit() {
        func allocatable(_ limit: Int) -> JSONValue? {
            let node = NodeObject(
                name: "here", version: "v1", identity: MachineIdentity(), readings: Self.plenty, memoryLimit: limit)
            return node.applied(to: node.object, now: 0)["status", "allocatable", "memory"]
        }
        #expect(allocatable(1 << 30) == "1048576Ki")
        #expect(allocatable(64 << 30) == "8286208Ki")
    }

    @Test("is ready, and under no pressure while there is enough")
    func ready() {
        let states = node().conditions.map { "\($0.type)=\($0.status)" }
        #expect(states == ["DiskPressure=False", "MemoryPressure=False", "PIDPressure=False", "Ready=True"])
        let first = node()["status", "conditions"]?[0]
        #expect(first?["lastHeartbeatTime"] == "2026-01-01T00:00:00Z")
        #expect(first?["reason"] == "KubeletHasNoDiskPressure")
    }

    @Test("says which pressure it is under")
    func pressures() {
        #expect(node { $0.memoryAvailable = 99 << 20 }.condition("MemoryPressure")?.isTrue == true)
        #expect(node { $0.storageAvailable = 9 << 30 }.condition("DiskPressure")?.isTrue == true)
        #expect(node { $0.inodesAvailable = 49 }.condition("DiskPressure")?.isTrue == true)
        #expect(node { $0.processes = 30_000 }.condition("PIDPressure")?.isTrue == true)
    }

    @Test("is read from this machine")
    func readings() {
        let readings = MachineReadings(directory: "/tmp")
        #expect(readings.processors > 0)
        #expect(readings.memory > readings.memoryAvailable && readings.memoryAvailable > 0)
        #expect(readings.storage > 0 && readings.processLimit > 0 && readings.busy > 0)
        #expect(!MachineIdentity.read().kernel.isEmpty)
    }

    @Test("is busy in all that is neither idle, waiting nor stolen")
    func busy() {
        let words = "cpu 10 20 30 1000 500 4 6 7 0 0".split(separator: " ").map(String.init)
        #expect(MachineReadings.busy(words, ticksPerSecond: 100) == 700_000_000)
    }

    @Test("a process is read whatever its name is")
    func process() {
        let line = "12 (a) b) S 7 12 12 0 -1 4194560 100 0 0 0 1 2 3 4 20 0 1 0 100 1000000 250 18446744073709551615"
        #expect(ProcessTable.entry(Array(line.utf8)) == .init(parent: 7, ticks: 10, pages: 250))
        #expect(ProcessTable.entry(Array("12 (a".utf8)) == nil)
    }

    @Test("what came of a process counts with it")
    func tree() {
        let table = ProcessTable([
            1: .init(parent: 0, ticks: 1_000, pages: 1), 2: .init(parent: 1, ticks: 10, pages: 2),
            3: .init(parent: 2, ticks: 20, pages: 3), 4: .init(parent: 1, ticks: 40, pages: 4),
        ])
        let total = table.total(of: 2)
        #expect(total.nanoseconds == 300_000_000)
        #expect(total.bytes % 5 == 0 && total.bytes > 0)
        #expect(table.total(of: 9).nanoseconds == 0)
    }
}
