// swift-tools-version: 6.3
import PackageDescription

// The rooms of Sources/, in order of dependency. `room` names a library target by its folder,
// so that this file reads as the architecture does; Tests/ArchitectureTests holds the sources to it.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func room(_ plane: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: plane.isEmpty ? "Sources/\(name)" : "Sources/\(plane)/\(name)",
        swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: strict)
}

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let kubernetes: [Target] = [
    room("Kubernetes", "JSONModel"),
    room("Kubernetes", "CEL", ["JSONModel"]),
    room("Kubernetes", "YAMLModel", ["JSONModel", yams]),
    room("Kubernetes", "KubeModel", ["JSONModel"]),
    room(
        "Kubernetes", "KubeClient",
        ["KubeModel", "JSONModel", "YAMLModel", httpClient, nio, nioPosix, nioHTTP1, nioSSL]),
    room("Kubernetes", "KubeAccess", ["KubeModel", "JSONModel"]),
    room("Kubernetes", "JSONWebToken", ["JSONModel", crypto, cryptoExtras]),
    room("Kubernetes", "ClientCertificates", ["JSONModel", x509, asn1]),
    room("Kubernetes", "KubeController", ["KubeClient", "KubeModel", "JSONModel", logging]),
]

let servingAPI: [Target] = [
    room("", "ServingAPI", ["CEL", "KubeModel", "JSONModel"])
]

let controlPlane: [Target] = [
    room("ControlPlane", "ObjectStore", ["KubeModel", "JSONModel", grdb, crypto]),
    room(
        "ControlPlane", "APIServer",
        [
            "ObjectStore", "ServingAPI", "KubeController", "KubeClient", "KubeAccess", "JSONWebToken", "KubeModel",
            "JSONModel", "CEL", "YAMLModel", logging, httpClient, lifecycle, nio, nioHTTP1, nioPosix, nioSSL, x509,
            asn1, crypto, "CZlib",
        ]),
    room(
        "ControlPlane", "ServingControllers",
        ["Autoscaling", "ServingAPI", "KubeController", "KubeClient", "KubeModel", "JSONModel", logging]),
    room("ControlPlane", "Autoscaling", ["KubeModel"]),
]

let dataPlane: [Target] = [
    room("DataPlane", "HTTPFraming"),
    room("DataPlane", "Routing", ["HTTPFraming", "ServingAPI", "KubeModel", "JSONModel"]),
    room("DataPlane", "Activation"),
    room(
        "DataPlane", "Authorization",
        [
            "HTTPFraming", "Activation", "ServingAPI", "JSONWebToken", "KubeAccess", "KubeModel", "JSONModel", crypto,
            "ClientCertificates",
        ]),
    room(
        "DataPlane", "Proxy",
        [
            "HTTPFraming", "Routing", "Activation", "Authorization", "ServingAPI", "KubeAccess", "KubeModel", nio,
            nioPosix, nioTLS, nioHTTP2, nioHPACK, nioSSL, logging, "ClientCertificates",
        ]),
    // Asks the gateway as any client does.
    room(
        "DataPlane", "Graphs",
        ["ServingAPI", "KubeModel", "JSONModel", hummingbird, httpClient, httpTypes, nio, nioHTTP1, logging]),
]

let node: [Target] = [
    room(
        "Node", "NodeAgent",
        [
            "CPosix", "ServingAPI", "KubeController", "KubeClient", "KubeModel", "JSONModel", logging,
        ]),
    room("Node", "HostImages", ["ModelStorage", "ServingAPI", "KubeController", "JSONModel", crypto, logging]),
    room(
        "Node", "ModelStorage",
        [
            "KubeController", "JSONModel", httpClient, nio, nioPosix, nioHTTP1, nioSSL, crypto, cryptoExtras, logging,
            "CZlib", "CPosix",
        ]),
]

let product: [Target] = [
    room("", "Observability", ["JSONModel", httpClient, nio, nioHTTP1, logging]),
    room(
        "", "Dashboard",
        [
            "DashboardAssets", "Observability", "ServingAPI", "KubeAccess", "KubeClient", "KubeModel", "JSONModel",
            "YAMLModel", hummingbird, httpTypes, httpClient, nio, nioHTTP1, crypto, logging,
        ]),
    room(
        "", "Platform",
        [
            "Runtimes", "APIServer", "ObjectStore", "ServingControllers", "Autoscaling", "Proxy", "Routing",
            "Activation", "Authorization", "Graphs", "KubeAccess", "NodeAgent", "HostImages", "ModelStorage",
            "Observability",
            "Dashboard", "ServingAPI",
            "KubeController", "KubeClient", "KubeModel", "JSONModel", "YAMLModel", "CPosix", lifecycle, unixSignals,
            logging, nio, nioHTTP1, httpClient, crypto,
            nioPosix,
        ]),
    room(
        "", "CommandLine",
        [
            "Platform", "KubeClient", "KubeModel", "JSONModel", "YAMLModel", "ServingAPI", argumentParser, httpClient,
            nio, nioHTTP1, crypto,
        ]),
    .executableTarget(
        name: "martlet", dependencies: ["CommandLine"], path: "Sources/Executables/martlet", swiftSettings: strict),
]

let c: [Target] = [
    // System calls that Swift cannot make by itself: pidfd, close_range, spawn with a session.
    .target(name: "CPosix", path: "Sources/System/CPosix"),
    .systemLibrary(name: "CZlib", path: "Sources/System/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // The dashboard's style, script, icon and texts, by #embed.
    .target(
        name: "DashboardAssets", path: "Sources/DashboardAssets",
        exclude: ["app.js", "playground.js", "icon.svg", "strings.txt", "style.css"]),
    // The preinstalled runtimes' manifests, by #embed: the binary carries them.
    .target(
        name: "Runtimes", path: "Runtimes",
        exclude: [
            "caikit-hostimage.yaml", "caikit-runtimes.yaml", "kserve-hostimage.yaml", "kserve-runtimes.yaml",
            "llamacpp-hostimage.yaml", "llamacpp-runtime.yaml",
            "ovms-hostimage.yaml", "ovms-runtime.yaml", "tgis-hostimage.yaml", "tgis-runtime.yaml",
            "vllm-hostimage.yaml", "vllm-runtime.yaml",
        ]),
    // Static: it is started for every pod, with the pod's environment (LD_LIBRARY_PATH and all), and must start fast.
    .executableTarget(
        name: "martlet-shim", path: "Sources/Executables/martlet-shim",
        cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
        linkerSettings: [.unsafeFlags(["-static-executable", "-Xlinker", "--gc-sections"])]),
]

// Autoscaling policies beside each other; `make bench` prints the table.
let benchmarks: [Target] = [
    .target(
        name: "AutoscalingReplay", dependencies: ["Autoscaling"], path: "Benchmarks/autoscaling/Replay",
        swiftSettings: strict),
    .executableTarget(
        name: "autoscaling-quality", dependencies: ["AutoscalingReplay"], path: "Benchmarks/autoscaling/Quality",
        swiftSettings: strict),
    .executableTarget(
        name: "monitoring-cost", dependencies: ["Observability"], path: "Benchmarks/monitoring", swiftSettings: strict),
    .executableTarget(
        name: "authorization-cost",
        dependencies: [
            "Authorization", "Activation", "ServingAPI", "JSONWebToken", "KubeAccess", "KubeModel", "JSONModel", crypto,
        ], path: "Benchmarks/authorization", swiftSettings: strict),
]

let suites: [Target] = [
    // Random numbers that can be had again, for the fuzzers and models of all suites.
    .target(name: "Randomness", path: "Tests/Randomness", swiftSettings: strict),
    tests("JSONModel", ["Randomness"]),
    tests("CEL", ["Randomness", "JSONModel"]),
    tests("YAMLModel", ["Randomness", "JSONModel"]),
    tests("KubeModel", ["Randomness", "JSONModel"]),
    tests("KubeClient", ["KubeModel", "JSONModel"]),
    tests("KubeAccess", ["Randomness", "KubeModel", "JSONModel"]),
    tests("JSONWebToken", ["Randomness", "JSONModel", crypto, cryptoExtras]),
    tests("KubeController", ["Randomness", "KubeClient", "KubeModel", "JSONModel"]),
    tests("ServingAPI", ["Randomness", "KubeModel", "JSONModel", "YAMLModel"]),
    tests("ObjectStore", ["Randomness", "KubeModel", "JSONModel", grdb]),
    tests(
        "APIServer",
        [
            "Randomness",
            "ObjectStore", "ServingAPI", "KubeController", "KubeClient", "KubeAccess", "JSONWebToken", "KubeModel",
            "JSONModel", hummingbirdCore, hummingbirdTLS, httpTypes, nio, nioEmbedded, nioHTTP1, nioPosix, nioSSL,
            lifecycle,
            logging,
            x509, crypto,
        ]),
    tests(
        "ServingControllers",
        [
            "Randomness", "APIServer", "ObjectStore", "Autoscaling", "ServingAPI", "KubeController", "KubeClient",
            "KubeModel", "JSONModel",
        ]),
    tests("Autoscaling", ["Randomness", "AutoscalingReplay"]),
    tests("HTTPFraming", ["Randomness"]),
    tests("Routing", ["Randomness", "HTTPFraming", "KubeModel", "JSONModel", "ServingAPI"]),
    tests("Activation", ["Randomness"]),
    tests("Graphs", ["Randomness", "ServingAPI", "KubeModel", "JSONModel", nio]),
    tests(
        "Authorization",
        [
            "Randomness", "HTTPFraming", "Activation", "ServingAPI", "JSONWebToken", "KubeAccess", "KubeModel",
            "JSONModel", "ClientCertificates", "CEL", crypto, x509, asn1,
        ]),
    tests(
        "Proxy",
        [
            "Randomness", "HTTPFraming", "Routing", "Activation", "Authorization", "KubeAccess", "ServingAPI",
            "KubeModel", "JSONModel", nio, nioPosix, nioEmbedded, nioHTTP2, nioHPACK,
        ]),
    tests(
        "NodeAgent",
        [
            "APIServer", "ObjectStore", "ServingAPI", "KubeController", "KubeClient", "KubeModel", "JSONModel", logging,
        ]),
    tests(
        "HostImages",
        [
            "ModelStorage", "ServingAPI", "KubeController", "KubeModel", "JSONModel", "YAMLModel", "Runtimes", logging,
        ]),
    tests(
        "ModelStorage",
        [
            "Randomness", "KubeController", "JSONModel", "CZlib", httpClient, nio, nioPosix, nioHTTP1, crypto,
            cryptoExtras, logging,
        ]),
    tests("Observability", ["Randomness", "JSONModel"]),
    tests(
        "Dashboard",
        ["Observability", "ServingAPI", "KubeAccess", "KubeClient", "KubeModel", "JSONModel", "YAMLModel"]),
    tests("CommandLine", ["ServingAPI", "KubeModel", "JSONModel", argumentParser]),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    // Gateway, autoscaler, deployments and node together, in virtual time.
    .testTarget(
        name: "SimulationTests",
        dependencies: [
            "Randomness", "Activation", "Autoscaling", "Routing", "Proxy", "ServingControllers", "ServingAPI",
            "KubeController", "KubeModel", "JSONModel",
        ], swiftSettings: strict),
]

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        .executable(name: "martlet-shim", targets: ["martlet-shim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: c + kubernetes + servingAPI + controlPlane + dataPlane + node + product + benchmarks + suites,
    cLanguageStandard: .c2x
)
