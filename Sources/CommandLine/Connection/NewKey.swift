import Crypto
import FoundationEssentials
import ServingAPI

/// An API key, at the one moment when it is known.
struct NewKey {
    let text: String

    /// 256 bits of the system's randomness.
    init() {
        let random = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let base64 = random.base64EncodedString()
        text = ModelKeySecret.prefix + base64.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
    }

    /// What its Secret holds.
    var digestBase64: String {
        let digits = SHA256.hash(data: Data(text.utf8)).flatMap { byte in
            [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
        }
        return Data(digits).base64EncodedString()
    }
}
