import ArgumentParser
import Glibc
import Platform

struct DashboardVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "Print a link that opens the dashboard, logged in.",
        discussion: """
            The link works once, within five minutes, and on this machine. Whoever opens it is the administrator. From \
            another machine, log in with a token: `kubectl create token NAME`, or `martlet token create`.
            """)

    @Flag(help: "Open it in the browser too (xdg-open).")
    var open = false

    @OptionGroup var instance: InstanceOptions

    func run() async throws {
        guard let link = instance.directory.dashboardLink() else {
            throw CommandFailure(
                "Martlet is not running on \(instance.directory.path). Start it with: martlet up", code: 3)
        }
        print(link)
        if open { try openBrowser(link) }
    }

    private func openBrowser(_ link: String) throws {
        var process: pid_t = 0
        let list: [UnsafeMutablePointer<CChar>?] = ["xdg-open", link].map { (word: String) in strdup(word) } + [nil]
        defer { for argument in list { free(argument) } }
        guard posix_spawnp(&process, "xdg-open", nil, nil, list, environ) == 0 else {
            throw CommandFailure("there is no xdg-open. Open the link by hand.", code: 1)
        }
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}
