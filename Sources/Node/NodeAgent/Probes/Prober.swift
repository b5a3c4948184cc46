import KubeController

/// Checks a pod's probes over loopback.
struct Prober: Sendable {
    /// The outcome of one check.
    enum Outcome: Sendable, Hashable {
        case success
        /// In the words of the kubelet's events.
        case failure(String)

        var isSuccess: Bool { self == .success }
    }

    var loop: DescriptorLoop
    var time: any TimeSource
    /// Runs a command in the container.
    var exec: @Sendable ([String]) async -> Outcome = { _ in .failure("the container does not run") }

    /// One check; takes at most the probe's timeout.
    func check(_ probe: Probe, _ address: Address) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await checkWithoutLimit(probe, address) }
            group.addTask {
                try? await time.sleep(for: probe.timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .failure("timed out after \(probe.timeout)")
        }
    }

    private func checkWithoutLimit(_ probe: Probe, _ address: Address) async -> Outcome {
        do throws(PosixError) {
            switch probe.action {
            case .exec(let command): return await exec(command)
            case .tcp(let port):
                _ = try await SocketExchange(sending: [], loop: loop) { _ in true }.run(address: address, port: port)
                return .success
            case .httpGet(let path, let port, let headers):
                let request = Self.request(path: path, headers: headers, host: "\(address):\(port)")
                let exchange = SocketExchange(sending: request, loop: loop) { $0.count >= Self.statusLength }
                return Self.outcome(try await exchange.run(address: address, port: port))
            }
        } catch {
            return .failure(error.description)
        }
    }

    /// Enough of an answer to know its status: `HTTP/1.1 200`.
    static let statusLength = 12

    static func request(path: String, headers: [String], host: String) -> [UInt8] {
        let fixed = ["Host: \(host)", "User-Agent: kube-probe/martlet", "Accept: */*", "Connection: close"]
        let path = path.hasPrefix("/") ? path : "/\(path)"
        return Array("GET \(path) HTTP/1.1\r\n\((fixed + headers).joined(separator: "\r\n"))\r\n\r\n".utf8)
    }

    /// 200 to 399 is success, as for the kubelet.
    static func outcome(_ answer: [UInt8]) -> Outcome {
        guard answer.count >= statusLength, answer.starts(with: Array("HTTP/1.".utf8)),
            let status = Int(String(decoding: answer[9..<12], as: UTF8.self))
        else { return .failure("the answer is not HTTP") }
        return (200..<400).contains(status) ? .success : .failure("HTTP probe failed with statuscode: \(status)")
    }
}
