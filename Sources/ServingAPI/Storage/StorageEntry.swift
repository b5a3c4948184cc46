package import JSONModel

/// A data connection: an entry of the `storage-config` Secret with what a service says to override it.
package struct StorageEntry: Sendable {
    /// What is wrong with an entry, in KServe's words.
    package struct Problem: Error, CustomStringConvertible {
        package var description: String
    }

    private let settings: [String: String]

    /// - Parameters:
    ///   - json: `{"type": "s3", "bucket": ..., "endpoint_url": ..., "access_key_id": ..., ...}`
    ///   - parameters: win over the entry's.
    package init(_ json: JSONValue, parameters: [String: String]) {
        var settings = json.strings
        for member in json.objectValue ?? [:] {
            if let flag = member.value.boolValue { settings[member.key] = flag ? "true" : "false" }
        }
        settings.merge(parameters) { $1 }
        self.settings = settings
    }

    /// The entry that a Secret made by OpenShift AI's dashboard stands for.
    package init(_ secret: StorageSecret, parameters: [String: String]) {
        var settings = ["type": "s3"]
        settings["access_key_id"] = secret["AWS_ACCESS_KEY_ID"]
        settings["secret_access_key"] = secret["AWS_SECRET_ACCESS_KEY"]
        settings["endpoint_url"] = secret["AWS_S3_ENDPOINT"]
        settings["bucket"] = secret["AWS_S3_BUCKET"]
        settings["region"] = secret["AWS_DEFAULT_REGION"]
        self.settings = settings.merging(parameters) { $1 }
    }

    /// Where a path of this entry leads.
    package func uri(_ path: String) throws(Problem) -> String {
        guard let type = self["type"] else {
            throw Problem(description: "unable to determine storage type: give it as type in model.storage.parameters")
        }
        guard type == "s3" else {
            throw Problem(
                description: "storage type must be one of [s3]; storage type [\(type)] is not supported here: "
                    + "copy the model to where one of these finds it")
        }
        guard let bucket = self["bucket", "default_bucket"] else {
            throw Problem(
                description: "format [\(type)] requires a bucket but one wasn't found in storage config or parameters: "
                    + "give it as bucket in model.storage.parameters")
        }
        return "\(type)://\(bucket)/\(path.drop { $0 == "/" })"
    }

    /// What KServe's storage initializer is given.
    package var variables: [String: String] {
        var variables: [String: String] = [:]
        variables["AWS_ENDPOINT_URL"] = self["endpoint_url"]
        variables["AWS_ACCESS_KEY_ID"] = self["access_key_id"]
        variables["AWS_SECRET_ACCESS_KEY"] = self["secret_access_key"]
        variables["AWS_DEFAULT_REGION"] = self["region"]
        variables["S3_VERIFY_SSL"] = self["verify_ssl"]
        variables["awsAnonymousCredential"] = self["anonymous"]
        // A path of KServe's container is nothing here.
        variables["AWS_CA_BUNDLE"] = self["certificate", "ca_bundle"].flatMap { $0.hasPrefix("/") ? nil : $0 }
        return variables
    }

    /// The ConfigMap that holds the CA bundle, under `cabundle.crt`.
    package var bundleConfigMap: String? { self["cabundle_configmap"] }

    private subscript(names: String...) -> String? { names.lazy.compactMap { settings[$0] }.first { !$0.isEmpty } }
}
