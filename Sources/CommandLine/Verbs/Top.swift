import ArgumentParser
import Glibc
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show live what every model does: replicas, requests, tokens, latency, memory.",
        discussion: """
            In a terminal the picture is drawn anew every two seconds, until q. Elsewhere it is printed as plain text.
              martlet top
              martlet top --once -o json
            """)

    @Flag(help: "Print it once.")
    var once = false

    @Option(help: "Seconds between two pictures.")
    var interval = 2.0

    @Option(name: .shortAndLong, help: "Only this namespace; default: all.")
    var namespace: String?

    @Option(name: .shortAndLong, help: "json or yaml; needs --once.")
    var output: OutputFormat?

    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        if output == .wide || output == .name { throw ValidationError("-o: json or yaml") }
        if output != nil, !once { throw ValidationError("-o needs --once: there is no end otherwise") }
        if interval < 0.2 { throw ValidationError("--interval \(interval): at least 0.2") }
    }

    func run() async throws {
        try await Connection.with(instance) { connection in
            if once || !Terminal.standard.isInteractive {
                try await printPlainly(connection)
            } else {
                try await show(connection)
            }
        }
    }

    private func printPlainly(_ connection: Connection) async throws {
        repeat {
            let picture = try await TopPicture.read(connection, namespace: namespace)
            if let output, let text = try output.render(picture.json) {
                print(text)
            } else {
                Terminal.write(picture.text(Terminal(isInteractive: false, colours: false), rows: .max) + "\n")
            }
            if !once { try await Task.sleep(for: .seconds(interval)) }
        } while !once
    }

    private func show(_ connection: Connection) async throws {
        let screen = FullScreen()
        defer { screen.leave() }
        while true {
            let size = FullScreen.size
            let picture = try await TopPicture.read(connection, namespace: namespace)
            screen.draw(picture.text(.standard, rows: size.rows), columns: size.columns, rows: size.rows)
            if try await screen.waitForQuit(.seconds(interval)) { return }
        }
    }
}
