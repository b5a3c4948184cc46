import JSONModel
import KubeModel

extension Schema {
    static func probe(_ description: String) -> Schema { probe.described(description) }

    private static let probe = object([
        "exec": execAction, "httpGet": httpGetAction, "tcpSocket": tcpSocketAction,
        "grpc": record(
            "gRPC health check.",
            [
                "port": int32("Port to ask.", minimum: 1, maximum: 65_535),
                "service": text("Name of the service to ask for.").defaulting(to: ""),
            ], required: ["port"]),
        "initialDelaySeconds": int32("Seconds to wait before the first probe.", minimum: 0),
        "periodSeconds": int32("Seconds between probes; 0 lets the platform probe as fast as it can.", minimum: 0),
        "timeoutSeconds": int32("Seconds after which a probe has failed.", minimum: 0),
        "successThreshold": int32("Successes in a row that count as success.", minimum: 0),
        "failureThreshold": int32("Failures in a row that count as failure.", minimum: 0),
        "terminationGracePeriodSeconds": int64("Grace for the stop that a failure causes.", minimum: 0),
    ])

    static let execAction = record("Runs a command in the container.", ["command": words("Program and arguments.")])

    static let httpGetAction = record(
        "Asks by HTTP GET; 200 to 399 is success.",
        [
            "path": text("Path to ask for."), "port": port("Port, by number or name."),
            "host": text("Host to connect to; the pod's own address if not given."),
            "scheme": text("HTTP or HTTPS."),
            "httpHeaders": records(
                "Headers to send.", ["name": text("Name."), "value": text("Value.")], required: ["name", "value"]),
        ])

    static let tcpSocketAction = record(
        "Opens a connection.",
        ["port": port("Port, by number or name."), "host": text("Host to connect to.")])
}
