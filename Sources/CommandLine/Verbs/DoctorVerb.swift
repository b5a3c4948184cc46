import ArgumentParser
import JSONModel
import Platform

struct DoctorVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look what this machine has of what Martlet needs, and say what to do about the rest.",
        discussion:
            "Ends with 1 where Martlet could not run. Nothing is changed; a process is started that does nothing.")

    @Option(name: .shortAndLong, help: "json or yaml instead of lines.")
    var output: OutputFormat?

    @Option(help: "The port that the API would have.")
    var apiPort = 6443

    @Option(help: "The port that the gateway would have.")
    var gatewayPort = 8080

    @Option(help: "The port that health and metrics would have.")
    var adminPort = 8081

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        let ports = [("api", apiPort), ("gateway", gatewayPort), ("admin", adminPort)].map { (name: $0, number: $1) }
        var findings = await Doctor(instance.directory, ports: ports).findings()
        findings += await ExposureCheck.findings(instance)
        if let output, let text = try output.render(json(findings)) {
            print(text)
        } else {
            print(Table(header: ["WHAT", "STATE", "FINDING"], rows: findings.map(row)).render())
        }
        if findings.contains(where: { $0.state == "failing" }) {
            throw CommandFailure("Martlet cannot run here as it is")
        }
    }

    private func row(_ finding: Doctor.Finding) -> [String] {
        [finding.name, finding.state, finding.text + (finding.remedy.isEmpty ? "" : "; " + finding.remedy)]
    }

    private func json(_ findings: [Doctor.Finding]) -> JSONValue {
        [
            "checks": .array(
                findings.map { finding in
                    [
                        "name": .string(finding.name), "state": .string(finding.state),
                        "finding": .string(finding.text), "remedy": .string(finding.remedy),
                    ]
                })
        ]
    }
}
