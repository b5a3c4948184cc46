import FoundationEssentials
import JSONModel
import KubeModel

/// What a webhook answered: the response of an `AdmissionReview` (admission.k8s.io/v1).
struct AdmissionAnswer: Sendable {
    var isAllowed: Bool
    /// RFC 6902; `nil` where nothing is to be changed.
    var patch: JSONPatch?
    var warnings: [String]
    /// `metav1.Status`: why it is not allowed.
    private var status: JSONValue

    /// - Parameter uid: of the request, which the answer must repeat.
    /// - Throws: `WebhookFailure` where it is no such answer.
    init(_ body: [UInt8], uid: String) throws(WebhookFailure) {
        let json: JSONValue
        do { json = try JSONValue(parsing: body) } catch {
            throw WebhookFailure("the answer is no JSON: \(error)")
        }
        guard json["kind"] == "AdmissionReview", json["apiVersion"] == "admission.k8s.io/v1" else {
            throw WebhookFailure("expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview")
        }
        guard let response = json["response"], response.objectValue != nil else {
            throw WebhookFailure("webhook response was absent")
        }
        let answered = response["uid"]?.stringValue ?? ""
        guard answered == uid else { throw WebhookFailure("expected response.uid=\"\(uid)\", got \"\(answered)\"") }
        isAllowed = response["allowed"]?.boolValue ?? false
        warnings = response["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        status = response["status"] ?? [:]
        patch = try Self.patch(response)
    }

    private static func patch(_ response: JSONValue) throws(WebhookFailure) -> JSONPatch? {
        guard let text = response["patch"]?.stringValue, !text.isEmpty else { return nil }
        guard response["patchType"] == "JSONPatch" else {
            throw WebhookFailure("response.patchType must be JSONPatch where there is a patch")
        }
        guard let bytes = Data(base64Encoded: text) else { throw WebhookFailure("response.patch is no base64") }
        do { return try JSONPatch(JSONValue(parsing: [UInt8](bytes))) } catch {
            throw WebhookFailure("response.patch is no JSON patch: \(error)")
        }
    }

    /// The refusal as the caller of the API gets it.
    func denial(by webhook: String) -> Status {
        let denied = "admission webhook \"\(webhook)\" denied the request"
        let reason = status["reason"]?.stringValue ?? ""
        let said = [status["message"]?.stringValue ?? "", reason].first { !$0.isEmpty }
        let code = status["code"]?.intValue ?? 0
        let causes = status[path: "details", "causes"]?.arrayValue ?? []
        return Status(
            code: code < 400 ? 400 : code, reason: reason,
            message: said.map { "\(denied): \($0)" } ?? "\(denied) without explanation",
            causes: causes.map { cause in
                func text(_ key: String) -> String { cause[key]?.stringValue ?? "" }
                return Status.Cause(reason: text("reason"), message: text("message"), field: text("field"))
            })
    }
}

/// Why a webhook could not be asked, or did not answer as one must.
struct WebhookFailure: Error, Sendable {
    var message: String

    init(_ message: String) { self.message = message }

    /// As the caller of the API gets it where the webhook may not be passed over.
    func status(of webhook: String) -> Status {
        .internalError("failed calling webhook \"\(webhook)\": failed to call webhook: \(message)")
    }
}
