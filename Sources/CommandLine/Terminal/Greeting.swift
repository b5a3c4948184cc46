import Platform

/// What `up` says when everything listens.
struct Greeting {
    let text: String

    init(_ endpoints: InstanceEndpoints, _ directory: DataDirectory) {
        let port = endpoints.gateway.split(separator: ":").last.map { ":\($0)" } ?? ""
        text = """
            Martlet is up (process \(endpoints.processID))
              Kubernetes API  \(endpoints.api)    export KUBECONFIG=\(directory.kubeconfig)
              Models          \(endpoints.gateway)/openai/v1    http://NAME-NAMESPACE.\(endpoints.domain)\(port)
              Dashboard       \(endpoints.admin)    log in: martlet dashboard
              Data            \(directory.path)
            Deploy a model:   martlet apply -f Examples/smollm2.yaml
            Stop:             martlet down
            """
    }
}
