/// Something that ends the program with a message and an exit code.
///
/// Codes: 1 the call failed, 2 wrong usage or bad input, 3 Martlet is not running, 4 a time limit passed.
struct CommandFailure: Error, CustomStringConvertible {
    var message: String
    var code: Int32

    init(_ message: String, code: Int32 = 1) {
        self.message = message
        self.code = code
    }

    var description: String { message }
}
