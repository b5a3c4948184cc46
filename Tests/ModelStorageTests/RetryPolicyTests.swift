import Testing

@testable import ModelStorage

@Suite("Trying again")
struct RetryPolicyTests {
    @Test(
        "waits longer each time, up to a limit",
        arguments: [
            (1, .milliseconds(500)), (2, .seconds(1)), (3, .seconds(2)), (5, .seconds(8)), (6, nil),
        ] as [(Int, Duration?)])
    func delays(fruitless: Int, delay: Duration?) {
        #expect(RetryPolicy().delay(fruitless: fruitless, tries: fruitless, retryAfter: nil) == delay)
    }

    @Test("keeps to Retry-After within reason")
    func retryAfter() {
        let policy = RetryPolicy()
        #expect(policy.delay(fruitless: 1, tries: 1, retryAfter: .seconds(7)) == .seconds(7))
        #expect(policy.delay(fruitless: 1, tries: 1, retryAfter: .seconds(9999)) == .seconds(60))
    }

    @Test("goes on while bytes come, but not for ever")
    func fruitful() async throws {
        var policy = RetryPolicy()
        policy.maximumTries = 20
        let time = SkippingTime()
        var tries = 0
        let error = await storageError {
            try await Retrying(policy: policy, time: time).run(url: "http://host/", hindered: { _ in }) {
                tries += 1
                throw PassingFailure(reason: "the connection was cut", isFruitful: true)
            }
        }
        #expect(tries == 20)
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("the connection was cut (20 tries)") == true)
    }

    @Test("does not try again what cannot pass")
    func permanent() async {
        var tries = 0
        await #expect(throws: CancellationError.self) {
            try await Retrying(policy: RetryPolicy(), time: SkippingTime()).run(url: "", hindered: { _ in }) {
                tries += 1
                throw CancellationError()
            }
        }
        #expect(tries == 1)
    }
}
