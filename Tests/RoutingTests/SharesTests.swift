import KubeModel
import Testing

@testable import Routing

@Suite("How a host's requests are split")
struct SharesTests {
    @Test("the weights of each revision together, and nothing for a host that is not known")
    func shares() {
        let keys = ["a-00001", "a-00002"].map { ObjectKey(namespace: "default", name: $0) }
        let table = RoutingTable(
            revisions: keys.map { RoutedRevision(key: $0) },
            services: [ObjectKey(namespace: "default", name: "a"): [(0, 40), (1, 10), (0, 50)]])
        #expect(table.shares(host: "a-default.localhost") == [keys[0]: 90, keys[1]: 10])
        #expect(table.shares(host: "b-default.localhost") == [:])
    }
}
