import JSONModel
import KubeModel

/// One exec or attach, from the moment when its streams are open to the end of its process.
struct CommandSession: Sendable {
    let command: PodCommand
    let transport: any CommandTransport
    /// The end is told as a `Status` object, not as text.
    let hasStatus: Bool
    let start: @Sendable () async throws -> any PodProcess

    private struct Queues: Sendable {
        let input = ByteQueue()
        let sizes = ByteQueue()
    }

    func run(over connection: any ByteConnection) async {
        let queues = Queues()
        await connection.serve {
            defer { queues.input.finish() }
            while let piece = try await transport.next() { await take(piece, queues) }
        } _: {
            let outcome = await outcome(queues)
            if !Task.isCancelled { try? await transport.send(outcome, on: .status) }
            await transport.finish()
        }
    }

    private func take(_ piece: CommandPiece, _ queues: Queues) async {
        switch piece.stream {
        case .input:
            // A queue that nobody empties would hold up the reader, and with it the news that the client is gone.
            guard command.hasInput else { return }
            await queues.input.push(piece.bytes)
            if piece.isLast { queues.input.finish() }
        case .size: await queues.sizes.push(piece.bytes)
        case .output, .errors, .status: break
        }
    }

    /// Runs the process to its end; what is to be said of it then.
    private func outcome(_ queues: Queues) async -> [UInt8] {
        do {
            let process = try await start()
            defer { process.close() }
            await exchange(process, queues)
            let code = Task.isCancelled ? nil : await process.exitCode()
            // A command without one was killed, and its shim with it; attach has none to tell.
            return Self.text(exitCode: code ?? (command.words.isEmpty ? 0 : 137), hasStatus)
        } catch {
            let status = error as? Status ?? .internalError("error executing command in container: \(error)")
            return hasStatus ? status.json.serialized() : Array(status.message.utf8)
        }
    }

    /// Until the process has said all.
    private func exchange(_ process: any PodProcess, _ queues: Queues) async {
        await withTaskGroup { group in
            group.addTask {
                guard command.hasInput else { return }
                while let bytes = await queues.input.pop() { await process.write(bytes) }
                if !Task.isCancelled { process.finishInput() }
            }
            group.addTask {
                while let bytes = await queues.sizes.pop() {
                    if let size = Self.size(bytes) { process.resize(columns: size.columns, rows: size.rows) }
                }
            }
            await withTaskGroup { outputs in
                if command.hasOutput { outputs.addTask { await copy(process, errors: false, to: .output) } }
                if command.hasErrors, !command.isTerminal {
                    outputs.addTask { await copy(process, errors: true, to: .errors) }
                }
                outputs.addTask { _ = await process.exitCode() }
            }
            group.cancelAll()
        }
    }

    private func copy(_ process: any PodProcess, errors: Bool, to stream: CommandStream) async {
        while let bytes = await process.read(errors: errors) {
            do { try await transport.send(bytes, on: stream) } catch { return }
        }
    }

    /// `{"Width": columns, "Height": rows}`; clients end it with a line break.
    static func size(_ bytes: [UInt8]) -> (columns: Int, rows: Int)? {
        guard let json = try? JSONValue(parsing: bytes), let width = json["Width"]?.intValue,
            let height = json["Height"]?.intValue, (1...65_535).contains(width), (1...65_535).contains(height)
        else { return nil }
        return (width, height)
    }

    /// What the status stream says of a process that ended.
    static func text(exitCode: Int?, _ hasStatus: Bool) -> [UInt8] {
        let code = exitCode ?? 0
        let message = "command terminated with non-zero exit code: exit status \(code)"
        guard hasStatus else { return code == 0 ? [] : Array(message.utf8) }
        guard code != 0 else { return JSONValue.object(["metadata": [:], "status": "Success"]).serialized() }
        return JSONValue.object([
            "metadata": [:], "status": "Failure", "message": .string(message), "reason": "NonZeroExitCode",
            "details": ["causes": [["reason": "ExitCode", "message": .string("\(code)")]]],
        ]).serialized()
    }
}
