package struct Standalone: Sendable {
    package init(_ configuration: StandaloneConfiguration) {}
    package func run(onUp: @escaping @Sendable (InstanceEndpoints) -> Void) async throws {}
}
