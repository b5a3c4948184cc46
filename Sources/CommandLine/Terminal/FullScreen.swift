import Glibc

/// The whole terminal, for as long as a picture is shown; what was there comes back afterwards.
final class FullScreen {
    private var before = termios()

    init() {
        tcgetattr(STDIN_FILENO, &before)
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        // The other screen, without a cursor.
        Terminal.write("\u{1B}[?1049h\u{1B}[?25l")
    }

    func leave() {
        Terminal.write("\u{1B}[?25h\u{1B}[?1049l")
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }

    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Over what was drawn before, without flicker.
    func draw(_ text: String, columns: Int, rows: Int) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(rows - 1)
        // A line with colours is not cut: it is the title.
        let shown = lines.map { $0.contains("\u{1B}") ? String($0) : String($0.prefix(columns)) }
        Terminal.write("\u{1B}[H" + shown.map { $0 + "\u{1B}[K\r\n" }.joined() + "\u{1B}[J")
    }

    /// - Returns: Whether q, Escape or Ctrl-C was pressed within the time.
    func waitForQuit(_ duration: Duration) async throws -> Bool {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            while poll(&ready, 1, 0) > 0 {
                var key: UInt8 = 0
                guard read(STDIN_FILENO, &key, 1) == 1 else { return true }
                if key == UInt8(ascii: "q") || key == 3 || key == 27 { return true }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
