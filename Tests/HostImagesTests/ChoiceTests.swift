import ServingAPI
import Testing

@testable import HostImages

@Suite("Which host image stands for an image")
struct ChoiceTests {
    private let all = [
        hostImage("llamacpp", images: ["ghcr.io/ggml-org/llama.cpp:server*"]),
        hostImage("llamacpp-pinned", images: ["ghcr.io/ggml-org/llama.cpp:server-b11549"]),
        hostImage("mine", images: ["example.com/a", "example.com/b:*"]),
        hostImage("other", images: ["example.com/b:*"]),
    ]

    @Test(
        "is the one with the longest pattern that fits, and of equals the first by name",
        arguments: [
            ("ghcr.io/ggml-org/llama.cpp:server-b1", "llamacpp"),
            ("ghcr.io/ggml-org/llama.cpp:server-b11549", "llamacpp-pinned"),
            ("ghcr.io/ggml-org/llama.cpp:full", nil), ("example.com/a", "mine"), ("example.com/a:1.2", "mine"),
            ("example.com/ab", nil), ("example.com/b:1", "mine"), ("vllm/vllm-openai:latest", nil),
        ] as [(String, String?)])
    func choice(image: String, name: String?) {
        #expect(HostImage.standing(for: image, among: all)?.name == name)
        #expect(HostImage.standing(for: image, among: all.reversed())?.name == name)
    }
}
