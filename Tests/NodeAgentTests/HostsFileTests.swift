import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import NodeAgent

@Suite("A pod's /etc/hosts") struct HostsFileTests {
    private func text(_ aliases: JSONValue?, machine: String = "127.0.0.1 localhost") -> String? {
        var pod = Object(.pods, namespace: "default", name: "a")
        pod["spec", "hostAliases"] = aliases
        return HostsFile.text(of: pod, over: machine)
    }

    @Test func `aliases stand behind what the machine knows`() {
        #expect(
            text([["ip": "127.0.0.1", "hostnames": ["a.b", "c"]], ["ip": "::1", "hostnames": ["d"]]])
                == "127.0.0.1 localhost\n127.0.0.1\ta.b c\n::1\td\n")
        #expect(text(nil) == nil)
        #expect(text([]) == nil)
    }

    @Test func `nothing ends a line or a name early`() {
        #expect(text([["ip": "1.2.3.4\n6.6.6.6", "hostnames": ["a"]]], machine: "m\n") == "m\n")
        let names: JSONValue = ["a b", "x#", "ok\t", "fine"]
        #expect(text([["ip": "1.2.3.4", "hostnames": names]], machine: "") == "1.2.3.4\tfine\n")
    }
}
