import KubeModel

extension SchemaText {
    /// martlet.dev/v1alpha1.
    static let martlet = SchemaText(
        "martlet", package: "dev.martlet.v1alpha1",
        #"""
        HostImage: What a container image is on a machine: here processes stand for containers.
          spec! HostImageSpec: What to install and how to start it.
          status HostImageStatus: What is installed; written by the node.
        HostImageSpec: What to install; one kind must be given: python.
          images! [string] minItems=1: Container images that it stands for: repository, with a tag, a digest or * at the end.
          python PythonEnvironment: A Python environment of its own.
          entrypoint [string]: Program and first arguments, where the container gives no command.
          env {string}: Environment variables that the image sets.
        PythonEnvironment: A Python environment.
          packages! [string]: Requirements with exact versions: name==1.2.3.
          pythonVersion string: Version of Python, as 3.11; the machine's own if not given.
          indexes {string}: Packages that have a package index of their own, and its URL; asked beside the machine's.
          files {string}: Relative paths and texts of files to add; those under bin/ are executable.
        HostImageStatus preserve: What is installed.
          conditions [knative.Condition] keys=type: What is known about it, one entry for each aspect.
          observedGeneration int64: The generation that the status speaks of.
        """#)
}
