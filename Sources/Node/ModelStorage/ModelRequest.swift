/// A model that is asked for, and what its place may be opened with.
package struct ModelRequest: Sendable, Hashable {
    package var uri: String
    /// Credentials and settings by the names that KServe gives its storage initializer: AWS_ACCESS_KEY_ID, HF_TOKEN,
    /// S3_VERIFY_SSL, ... Of two variables for one thing these win over the machine's.
    package var variables: [String: String]
    /// Whose credentials they are: a namespace. What was fetched with them is given to no other owner. Empty where
    /// they are the machine's, or where there are none.
    package var owner: String
    /// Who is to use it: a pod, by its uid. The model stays as long as the pod does.
    package var user = ""

    package init(uri: String, variables: [String: String] = [:], owner: String = "") {
        self.uri = uri
        self.variables = variables
        self.owner = owner
    }
}

/// A model as the cache knows it: its source, and whatever else makes it another model.
struct ModelIdentity: Sendable, Hashable {
    var source: ModelSource
    /// Owner, endpoint and patterns; empty for a model that all may have, from the usual place, whole.
    var scope = ""

    /// For people, logs and journals: without credentials.
    var title: String { source.title }
    /// Equal for the same model. May hold credentials.
    var canonical: String { scope.isEmpty ? source.canonical : "\(source.canonical)\n\(scope)" }
}
