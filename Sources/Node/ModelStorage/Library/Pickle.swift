/// Python's pickles: loading one runs whatever code it holds.
enum Pickle {
    private static let endings = [".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".dill"]

    /// The files that are pickles by their names. `.bin` is many things; it counts where PyTorch is known to write it.
    static func files(_ paths: [String]) -> [String] {
        paths.filter { path in
            let name = path.split(separator: "/").last?.lowercased() ?? ""
            if name.hasSuffix(".bin") { return name.hasPrefix("pytorch_model") || name == "training_args.bin" }
            return endings.contains(where: name.hasSuffix)
        }
    }
}
