import KubeModel

extension SchemaText {
    /// serving.kserve.io/v1alpha1: graphs, trained models, storage containers.
    static let kserve = SchemaText(
        "kserve", package: "io.kserve.serving.v1alpha1",
        #"""
        InferenceGraph: Several models that answer one request together.
          spec InferenceGraphSpec: What is wanted.
          status InferenceGraphStatus: What there is; written by the controller.
        InferenceGraphSpec: The nodes of a graph, and the router that walks it.
          nodes! {InferenceRouter}: Nodes by name; a request begins at root.
          resources core.ResourceRequirements: Compute of the router.
          affinity core.Affinity: Where the router runs.
          timeout int64: Seconds that a request may take.
          routerTimeouts RouterTimeouts: Time limits of the router.
          minReplicas int32: Least number of routers.
          maxReplicas int32: Most routers.
          scaleTarget int32: Value of the metric that one router should see.
          scaleMetric string enum=cpu|memory|concurrency|rps: What routers are scaled by.
          tolerations [core.Toleration]: Taints that the router puts up with.
          nodeSelector {string}: Labels of nodes for the router.
          nodeName string: Node for the router.
          serviceAccountName string: Service account of the router.
        InferenceRouter: A node of a graph.
          routerType! string enum=Sequence|Splitter|Ensemble|Switch: How the steps are taken.
          steps [InferenceStep]: Where requests go.
        InferenceStep: A step of a node; one target.
          name string: Name of the step.
          nodeName string: Goes on with this node of the graph.
          serviceName string: Asks this InferenceService.
          serviceUrl string: Asks this address.
          data string: What is sent: $request or $response.
          mapPredictionsToInstances boolean: Whether predictions of the answer become instances of the next request.
          weight int64: Share of a Splitter in percent.
          condition string: GJSON path that must be there, in a Switch or before the next step.
          dependency string enum=Soft|Hard: Whether its failure is the node's.
        RouterTimeouts: Time limits of a router, in seconds.
          serverRead int64: For reading a request.
          serverWrite int64: For writing an answer.
          serverIdle int64: For a connection without requests.
          serviceClient int64: For the answer of a service.
        InferenceGraphStatus: What a graph has got.
          + knative.Status
          url string: Address for clients.
          deploymentMode string: Knative or Standard.
        TrainedModel: A model for a server that holds many.
          spec TrainedModelSpec: What is wanted.
          status TrainedModelStatus: What there is; written by the controller.
        TrainedModelSpec: A model, and the service that holds it.
          inferenceService! string: InferenceService that holds it.
          model! ModelSpec: The model.
        ModelSpec: A model.
          storageUri! string: Where the model is.
          framework! string: What made the model.
          memory! quantity: How much memory it takes; cannot be changed.
        TrainedModelStatus: What a trained model has got.
          + knative.Status
          url string: Address for clients.
          address knative.Addressable: Address inside.
        ClusterStorageContainer: A container that fetches models from some addresses.
          spec StorageContainerSpec: What it fetches, and how.
          disabled boolean: Whether it must not be used.
        StorageContainerSpec: What is fetched, and how.
          container! core.Container: The container; it gets address and directory as arguments.
          supportedUriFormats! [SupportedUriFormat]: Addresses that it fetches from.
          workloadType string ="initContainer" enum=initContainer|localModelDownloadJob: What it is used for.
          supportsMultiModelDownload boolean =false: Whether it takes several addresses at once.
        SupportedUriFormat: Some addresses: prefix or regex.
          prefix string: What the addresses begin with, as s3://.
          regex string: Regular expression of the addresses.
        """#)

    /// serving.kserve.io/v1alpha1: models that are kept on nodes.
    static let localModels = SchemaText(
        "localmodel", package: "io.kserve.serving.v1alpha1",
        #"""
        LocalModelCache: A model that is kept on the nodes of some groups.
          spec LocalModelCacheSpec: What is wanted.
          status LocalModelCacheStatus: What there is; written by the controller.
        LocalModelNamespaceCache: A model that is kept on nodes for one namespace.
          + LocalModelCache
        LocalModelCacheSpec: A model, and the nodes that keep it.
          sourceModelUri! string: Where the model is; cannot be changed.
          modelSize! quantity: How much room it takes.
          nodeGroups! [string] minItems=1: Groups of nodes that keep it.
          serviceAccountName string: Service account that fetches it.
          storage LocalModelStorage: Credentials to fetch it with.
        LocalModelStorage: Credentials to fetch a model with.
          key string: Entry of the storage Secret.
          parameters {string}: Settings that override the entry's.
        LocalModelCacheStatus: Where a model is kept.
          nodeStatus {string}: How far each node is.
          copies ModelCopies: How many nodes have it.
          inferenceServices [NamespacedName]: Services that use it.
          llmInferenceServices [NamespacedName]: Services of large models that use it.
        ModelCopies: How many nodes have a model.
          available integer: Nodes that have it.
          total integer: Nodes that should.
          failed integer: Nodes that failed to fetch it.
        NamespacedName: Points at an object.
          name string: Name of the object.
          namespace string: Namespace of the object.
        LocalModelNode: The models that one node keeps.
          spec LocalModelNodeSpec: What is wanted.
          status LocalModelNodeStatus: What there is; written by the node.
        LocalModelNodeSpec: The models that a node is to keep.
          localModels! [LocalModelInfo]: The models.
        LocalModelInfo: A model that a node is to keep.
          sourceModelUri! string: Where the model is.
          modelName! string: Name of the cache.
          namespace string: Namespace of the cache; empty for one of the cluster.
          nodeGroup string: Group of the node.
          serviceAccountName string: Service account that fetches it.
          storage LocalModelStorage: Credentials to fetch it with.
        LocalModelNodeStatus: The models that a node keeps.
          modelStatus {string}: How far each model is.
        LocalModelNodeGroup: Nodes that keep models, and the volumes for these.
          spec LocalModelNodeGroupSpec: What is wanted.
          status LocalModelNodeGroupStatus: What there is.
        LocalModelNodeGroupSpec: The volumes of a group of nodes.
          storageLimit! quantity: How much room there is for models.
          persistentVolumeSpec! core.PersistentVolumeSpec: What volumes are made from.
          persistentVolumeClaimSpec! core.PersistentVolumeClaimSpec: What claims are made from.
        LocalModelNodeGroupStatus: How much room a group has.
          used quantity: How much is taken.
          available quantity: How much is left.
        """#)
}
