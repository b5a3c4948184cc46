import Testing

@testable import APIServer

@Suite("Byte queue")
struct ByteQueueTests {
    @Test("a writer waits for a reader, and everything comes in order")
    func backPressure() async {
        let queue = ByteQueue(capacity: 10)
        async let written: Void = {
            for number in 0..<100 { await queue.push([UInt8(number), 0, 0, 0]) }
            queue.finish()
        }()
        var read: [UInt8] = []
        while let bytes = await queue.pop() { read.append(bytes[0]) }
        await written
        #expect(read == Array(0..<100))
    }

    @Test("a reader that is cancelled comes back")
    func cancellation() async {
        let queue = ByteQueue()
        let reader = Task { await queue.pop() }
        reader.cancel()
        #expect(await reader.value == nil)
    }

    @Test("what is aborted is empty, and lets its writer go")
    func abortion() async {
        let queue = ByteQueue(capacity: 1)
        async let written: Void = queue.push([1, 2, 3])
        queue.abort()
        await written
        #expect(await queue.pop() == nil)
        #expect(queue.isAborted)
    }
}
