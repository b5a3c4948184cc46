import ArgumentParser
import FoundationEssentials
import Glibc
import KubeClient
import KubeModel
import ServingAPI

struct KeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a key and print it, once: martlet key create team-a --service smollm2")

    @Argument(help: "What the key is known by.")
    var name: String

    @Option(help: "An InferenceService that it is for; may be given several times. Without it: all of the namespace.")
    var service: [String] = []

    @Option(
        help: "What may be done with it: infer, list, admin; may be given several times. Without it: infer and list.")
    var verb: [String] = []

    @Option(
        help: "A name that `model` in requests may have, or its beginning as llama*; may be given several times.")
    var model: [String] = []

    @Option(help: "When it ends: 12h, 30d. Without it the key lasts until it is revoked.")
    var expires: String?

    @Option(help: "Whose it is, for logs and lists.")
    var owner: String?

    @Option(help: "Requests in a minute.")
    var requestsPerMinute: Int?

    @Option(help: "Tokens in a minute, of prompts and answers together.")
    var tokensPerMinute: Int?

    @Option(help: "Tokens in a day.")
    var tokensPerDay: Int?

    @Option(help: "Requests at once.")
    var concurrent: Int?

    @Flag(help: "Cut answers that are under way when the key is revoked.")
    var cutsStreams = false

    @OptionGroup var scope: KeyScope

    func validate() throws {
        if let problem = NameRule.dnsSubdomain.problem(name) { throw ValidationError("\(name): \(problem)") }
        if let expires, Lifetime.seconds(expires) == nil {
            throw ValidationError("--expires \(expires): a time such as 30m, 12h or 30d")
        }
        for verb in verb where !["infer", "list", "admin"].contains(verb) {
            throw ValidationError("--verb \(verb): infer, list and admin are what there is")
        }
        for limit in [requestsPerMinute, tokensPerMinute, tokensPerDay, concurrent].compactMap(\.self) where limit < 1 {
            throw ValidationError("a limit must be at least 1")
        }
    }

    func run() async throws {
        let key = NewKey()
        let object = ModelKeySecret.make(
            ObjectKey(namespace: scope.namespace, name: name), digest: key.digestBase64, annotations: annotations())
        try await Connection.with(scope.instance) { connection in
            do { _ = try await connection.client.create(.secrets, object) } catch let status as Status
                where status.isAlreadyExists
            {
                throw CommandFailure("there is a secret \(name) already. Choose another name for the key.")
            }
            print(key.text)
        }
    }

    private func annotations() -> [String: String] {
        var annotations: [String: String] = [:]
        if !service.isEmpty { annotations[ModelKeySecret.services] = service.joined(separator: ",") }
        if !verb.isEmpty { annotations[ModelKeySecret.verbs] = verb.joined(separator: ",") }
        if !model.isEmpty { annotations[ModelKeySecret.models] = model.joined(separator: ",") }
        if let seconds = expires.flatMap(Lifetime.seconds) {
            annotations[ModelKeySecret.expires] = Timestamp.string(seconds: Int64(time(nil)) + Int64(seconds))
        }
        annotations[ModelKeySecret.owner] = owner
        annotations[ModelKeySecret.requestsPerMinute] = requestsPerMinute.map(String.init)
        annotations[ModelKeySecret.tokensPerMinute] = tokensPerMinute.map(String.init)
        annotations[ModelKeySecret.tokensPerDay] = tokensPerDay.map(String.init)
        annotations[ModelKeySecret.concurrentRequests] = concurrent.map(String.init)
        if cutsStreams { annotations[ModelKeySecret.cutsStreams] = "true" }
        return annotations
    }
}
