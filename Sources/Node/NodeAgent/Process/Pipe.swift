import CPosix
import Glibc

/// Both ends of a pipe that no program executed from here inherits. Its owner closes it.
struct Pipe: Sendable {
    var reading: Int32
    var writing: Int32

    init() throws(PosixError) {
        var ends: (Int32, Int32) = (-1, -1)
        guard cposix_pipe(&ends.0, &ends.1) == 0 else { throw PosixError("pipe") }
        reading = ends.0
        writing = ends.1
    }

    init(reading: Int32, writing: Int32) {
        self.reading = reading
        self.writing = writing
    }

    func close() {
        _ = Glibc.close(reading)
        _ = Glibc.close(writing)
    }

    func makeNonBlocking(_ end: Int32) { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }

    /// Makes the reading end ready.
    func ring() { _ = write(writing, [1], 1) }

    /// Takes what `ring` left in a non-blocking reading end.
    func silence() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(reading, &bytes, 256) > 0 {}
    }
}
