import KubeModel
import ServingAPI

/// Calls of a model, ready to be pasted.
struct CallExamples: Sendable {
    let all: [(name: String, text: String)]

    init(_ model: ModelSummary, url: String) {
        let token = model.service.object.asksForTokens
        let kind = ModelKind(model)
        all = [
            ("curl", Self.curl(kind, model.service.name, url, token)),
            ("Python", Self.python(kind, model.service.name, url, token)),
            ("gRPC", Self.grpc(model.service.name, url, token)),
        ]
    }

    private static func curl(_ kind: ModelKind, _ name: String, _ url: String, _ token: Bool) -> String {
        let header = token ? " \\\n  -H \"Authorization: Bearer $TOKEN\"" : ""
        return """
            curl \(url)\(kind.path(name)) \\
              -H 'Content-Type: application/json'\(header) \\
              -d '\(kind.body(name))'
            """
    }

    private static func python(_ kind: ModelKind, _ name: String, _ url: String, _ token: Bool) -> String {
        guard kind == .language else {
            let headers = token ? "\n    headers={\"Authorization\": \"Bearer \" + os.environ[\"TOKEN\"]}," : ""
            return """
                import os, requests  # pip install requests

                answer = requests.post(
                    "\(url)\(kind.path(name))",\(headers)
                    json=\(kind.body(name)))
                print(answer.json())
                """
        }
        return """
            import os
            from openai import OpenAI  # pip install openai

            client = OpenAI(base_url="\(url)/v1", api_key=\(token ? "os.environ[\"TOKEN\"]" : "\"none\""))
            for part in client.chat.completions.create(
                    model="\(name)", stream=True, messages=[{"role": "user", "content": "Hello"}]):
                print(part.choices[0].delta.content or "", end="")
            """
    }

    private static func grpc(_ name: String, _ url: String, _ token: Bool) -> String {
        let host = url.split(separator: "/").last.map(String.init) ?? url
        let isPlain = url.hasPrefix("http://")
        return """
            grpcurl \(isPlain ? "-plaintext " : "")-proto open_inference_grpc.proto\(token ? " -H \"authorization: Bearer $TOKEN\"" : "") \\
              -d '{"name": "\(name)"}' \\
              \(host) inference.GRPCInferenceService/ModelMetadata
            """
    }
}

/// What kind of questions a model takes, as far as its format says.
enum ModelKind: Sendable {
    case language, tensors, caikit

    init(_ model: ModelSummary) {
        switch model.service.predictor.model?.format.lowercased() ?? "" {
        case "gguf", "vllm", "huggingface": self = .language
        case "caikit": self = .caikit
        case "" where model.runtime.contains("vllm") || model.runtime.contains("llama"): self = .language
        default: self = model.runtime.contains("tgis") ? .caikit : .tensors
        }
    }

    func path(_ name: String) -> String {
        switch self {
        case .language: "/v1/chat/completions"
        case .caikit: "/api/v1/task/text-generation"
        case .tensors: "/v2/models/\(name)/infer"
        }
    }

    func body(_ name: String) -> String {
        switch self {
        case .language: #"{"model": "\#(name)", "messages": [{"role": "user", "content": "Hello"}]}"#
        case .caikit: #"{"model_id": "\#(name)", "inputs": "Hello"}"#
        case .tensors:
            #"{"inputs": [{"name": "input-0", "shape": [1, 4], "datatype": "FP32", "data": [[5.1, 3.5, 1.4, 0.2]]}]}"#
        }
    }
}
