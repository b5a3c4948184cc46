import KubeModel

extension Schema {
    static let hostImage = resource(
        "What a container image is on a machine: here processes stand for containers.",
        [
            "spec": record(
                "What to install and how to start it. One kind must be given: python.",
                [
                    "images": words(
                        "Container images that it stands for: repository, with a tag, a digest or * at the end."
                    ).with { $0.minItems = 1 },
                    "python": record(
                        "A Python environment of its own.",
                        [
                            "packages": words("Requirements with exact versions: name==1.2.3."),
                            "pythonVersion": text("Version of Python, as 3.11; the machine's own if not given."),
                            "files": strings(
                                "Relative paths and texts of files to add; those under bin/ are executable."),
                        ], required: ["packages"]),
                    "entrypoint": words("Program and first arguments, where the container gives no command."),
                    "env": strings("Environment variables that the image sets."),
                ], required: ["images"]),
            "status": record(
                "What is installed; written by the node.",
                ["conditions": conditions, "observedGeneration": int64("The generation that the status speaks of.")]
            ).with { $0.preservesUnknownFields = true },
        ], required: ["spec"])
}
