package import JSONModel

/// Where a running Martlet listens. It is written into the data directory at start, for the other verbs to find.
package struct InstanceEndpoints: Sendable, Hashable {
    package var processID: Int32
    /// `https://127.0.0.1:6443`
    package var api: String
    /// `http://127.0.0.1:8080`
    package var gateway: String
    /// `https://127.0.0.1:8443`; `nil` where the gateway has no port for TLS.
    package var gatewayTLS: String?
    /// `http://127.0.0.1:8081`
    package var admin: String
    package var domain: String
    /// Whether other machines reach it.
    package var isExposed: Bool

    package init(
        processID: Int32, api: String, gateway: String, admin: String, domain: String, isExposed: Bool = false
    ) {
        self.processID = processID
        self.api = api
        self.gateway = gateway
        self.admin = admin
        self.domain = domain
        self.isExposed = isExposed
    }

    package var json: JSONValue {
        let members: [(String, JSONValue)] = [
            ("pid", .number(JSONNumber(Int(processID)))), ("api", .string(api)), ("gateway", .string(gateway)),
            ("admin", .string(admin)), ("domain", .string(domain)), ("exposed", .bool(isExposed)),
        ]
        return .object(JSONObject(members + (gatewayTLS.map { [("gatewayTLS", .string($0))] } ?? [])))
    }

    init?(_ json: JSONValue) {
        guard let processID = json["pid"]?.intValue, let api = json["api"]?.stringValue,
            let gateway = json["gateway"]?.stringValue, let admin = json["admin"]?.stringValue,
            let domain = json["domain"]?.stringValue
        else { return nil }
        self.init(
            processID: Int32(processID), api: api, gateway: gateway, admin: admin, domain: domain,
            isExposed: json["exposed"] == true)
        gatewayTLS = json["gatewayTLS"]?.stringValue
    }
}

extension DataDirectory {
    /// Where the Martlet that runs on this directory listens; `nil` where none runs, or it is still starting.
    package func runningInstance() -> InstanceEndpoints? {
        guard let holder = InstanceLock.holder(self), let bytes = FileContents.read(endpoints),
            let json = try? JSONValue(parsing: bytes), let found = InstanceEndpoints(json), found.processID == holder
        else { return nil }
        return found
    }
}
