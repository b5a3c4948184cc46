import ArgumentParser
import Glibc
import KubeModel
import Platform

extension Martlet {
    /// Parses the command line, runs the verb, and ends the process with its exit code: 0 done, 1 the call failed,
    /// 2 wrong usage or input, 3 Martlet is not running, 4 a time limit passed.
    package static func start() async {
        do {
            var command = try Martlet.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            end(failure.message, failure.code)
        } catch let failure as StartFailure {
            end(failure.message, 1)
        } catch let status as Status {
            end(status.details, 1)
        } catch is CancellationError {
            Glibc.exit(130)
        } catch {
            switch Martlet.exitCode(for: error) {
            // Help and version are asked for this way.
            case .success: Martlet.exit(withError: error)
            case .validationFailure:
                Terminal.write(Martlet.fullMessage(for: error) + "\n", to: STDERR_FILENO)
                Glibc.exit(2)
            default: end("\(error)", 1)
            }
        }
    }

    private static func end(_ message: String, _ code: Int32) -> Never {
        Terminal.write("martlet: \(message)\n", to: STDERR_FILENO)
        Glibc.exit(code)
    }
}
