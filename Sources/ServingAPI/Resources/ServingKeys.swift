/// Labels and annotations that more than one part of Martlet reads or writes.
package enum ServingKeys {
    /// Label: the InferenceService that a pod serves.
    package static let inferenceService = "serving.kserve.io/inferenceservice"
    /// Label: `predictor`, `transformer` or `explainer`.
    package static let component = "component"
    /// Label: the revision that a pod belongs to.
    package static let revision = "serving.knative.dev/revision"
    package static let configuration = "serving.knative.dev/configuration"
    package static let configurationGeneration = "serving.knative.dev/configurationGeneration"
    package static let service = "serving.knative.dev/service"
    /// Label: `active`, `reserve` or `pending`.
    package static let routingState = "serving.knative.dev/routingState"

    /// Annotation: `Knative` or `Standard`.
    package static let deploymentMode = "serving.kserve.io/deploymentMode"
    /// Annotation of pod templates: where the model at /mnt/models comes from.
    package static let storageSourceURI = "internal.serving.kserve.io/storage-initializer-sourceuri"
    /// Annotation of pod templates: where the model's parts come from, as JSON, where one URI does not say it.
    package static let modelParts = "martlet.dev/model-parts"
    /// Annotation: the Secret whose entries are data connections, if it is not `storage-config`.
    package static let storageSecretName = "serving.kserve.io/storageSecretName"
    /// Annotation of PersistentVolumeClaims: the directory of this machine that the claim stands for.
    package static let claimPath = "martlet.dev/path"
    /// Annotation: the name of the model's format, for placeholders.
    package static let modelFormat = "modelFormat"
    /// Annotation: `"true"` takes a service out of use without deleting it.
    package static let stop = "serving.kserve.io/stop"
    /// Annotation of runtimes: `mlserver`, `tritonserver`, `torchserve`, ...
    package static let serverType = "serving.kserve.io/server-type"
    /// Annotation: `"true"` keeps a service that is ready as it is when its runtime changes.
    package static let disableAutoUpdate = "serving.kserve.io/disable-auto-update"
    package static let enableTagRouting = "serving.kserve.io/enable-tag-routing"
    package static let enablePrometheusScraping = "serving.kserve.io/enable-prometheus-scraping"
    package static let autoscalerClass = "serving.kserve.io/autoscalerClass"
    package static let rolloutDuration = "serving.knative.dev/rollout-duration"
    package static let progressDeadline = "serving.knative.dev/progress-deadline"
    /// Label: `cluster-local` keeps a service from being reached from outside.
    package static let visibility = "networking.knative.dev/visibility"
    /// The same label as KServe has it.
    package static let kserveVisibility = "networking.kserve.io/visibility"
    /// The one value of both.
    package static let clusterLocal = "cluster-local"
    /// Annotation of pods: how long each stage of a start took, in ms, as JSON.
    package static let startStages = "martlet.dev/start-stages"
    /// Annotation of HostImages: `install` or `remove`, until the node has done it.
    package static let requested = "martlet.dev/requested"
    /// Annotation: how long a request waits for a replica, as in `2m`.
    package static let maxWait = "martlet.dev/max-wait"
    /// Annotation: `"false"` takes comments out of event streams whose model has not started yet.
    package static let keepAliveComments = "martlet.dev/keep-alive-comments"
    /// Annotation of InferenceServices: `"true"` records what is asked and answered, for `martlet requests`.
    package static let recordBodies = "martlet.dev/record-bodies"
    /// Annotation: requests that a revision may have at once, those that wait included; more get 429.
    package static let maxRequests = "martlet.dev/max-requests"
    /// Annotation: `header=<name>`, `cookie=<name>` or `client-ip`: whose requests go to the same replica.
    package static let sessionAffinity = "martlet.dev/session-affinity"
    /// Annotation: `"false"` sends prompts to any replica, whatever it has in its cache.
    package static let prefixAffinity = "martlet.dev/prefix-affinity"
    /// Annotation: `"true"` lets callers say that a request is critical.
    package static let trustPriority = "martlet.dev/trust-priority"
    /// Annotation of services: `<revision or tag>=<percent>` of the requests are sent there a second time.
    /// `enabled` or `redirected`: what becomes of requests without TLS.
    package static let httpProtocol = "networking.knative.dev/http-protocol"
    package static let shadow = "martlet.dev/shadow"

    /// Annotation of revisions and deployments: how long their pods take to become ready, in seconds; learned.
    package static let loadSeconds = "martlet.dev/load-seconds"
    /// Annotation of revisions and deployments: bytes of memory that a pod of theirs has; measured.
    package static let memoryBytes = "martlet.dev/memory-bytes"
    /// Annotation: how long a service waits for room before one that is busy has to make it, such as `60s`.
    package static let roomWait = "martlet.dev/room-wait"
    /// Annotation: `hand-over` stops the old revision before the new one starts, even where both have room.
    package static let rollout = "martlet.dev/rollout"
    /// Annotation: what a new revision has to hold to be given more of the traffic; see `Objective`.
    package static let judge = "martlet.dev/judge"
    /// Annotation: the shares of the traffic that it is given one after the other, such as `10,25,50,100`.
    package static let judgeSteps = "martlet.dev/judge-steps"
    /// Annotation: how long each step is looked at, at least.
    package static let judgeInterval = "martlet.dev/judge-interval"
    /// Annotation: how many requests a step sees, at least.
    package static let judgeRequests = "martlet.dev/judge-requests"
    /// Annotation: how far judging is, as JSON; Martlet's own.
    package static let judgeState = "martlet.dev/judge-state"
    /// Annotation of revisions: the one whose place it is taking, until it is ready or has failed.
    package static let handOverFrom = "martlet.dev/hand-over-from"
    /// Annotation of revisions: why it could not take its predecessor's place; it is not started again.
    package static let handOverFailed = "martlet.dev/hand-over-failed"

    /// Annotation of InferenceServices, as OpenShift AI has it: `"true"` lets in only those who may get the service.
    package static let enableAuth = "security.opendatahub.io/enable-auth"
    /// The same annotation by its old name.
    package static let oldEnableAuth = "enable-auth"

    /// Annotation of Deployments in Standard mode: most requests at once in one replica.
    package static let containerConcurrency = "martlet.dev/container-concurrency"

    /// The container that serves the model.
    package static let servingContainer = "kserve-container"
    /// The container before and behind it in the same pod.
    package static let transformerContainer = "transformer-container"
    /// What a request's path is like that asks for an explanation; as a regular expression.
    package static let explainPath = "/v1/models/[\\w-]+:explain"
    /// Where a container finds its model.
    package static let modelPath = "/mnt/models"
}
