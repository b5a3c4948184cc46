/// Manifests with fields at every level, as they come out of an API server.
enum Fixtures {
    static let all = [
        inferenceService, runtime, knativeService, revision, route, podAutoscaler, pod, deployment, service, event,
        secret, claim, hostImage,
    ]

    static let inferenceService = """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: llama
          namespace: ml
          labels: {team: a}
          annotations: {serving.kserve.io/deploymentMode: Knative}
        spec:
          tracing: {exporter: otlp, exporterEndpoint: "http://collector:4317", sampler: always_on}
          predictor:
            minReplicas: 0
            maxReplicas: 3
            scaleTarget: 5
            scaleMetric: concurrency
            containerConcurrency: 10
            timeout: 60
            canaryTrafficPercent: 10
            labels: {a: b}
            serviceAccountName: reader
            nodeSelector: {disk: ssd}
            tolerations: [{key: gpu, operator: Exists, effect: NoSchedule}]
            securityContext: {runAsUser: 1000, fsGroup: 1000, seccompProfile: {type: RuntimeDefault}}
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b]}]}]
            volumes:
            - {name: cache, emptyDir: {sizeLimit: 1Gi, medium: Memory}}
            - name: all
              projected: {sources: [{secret: {name: s, items: [{key: k, path: p}]}}]}
            model:
              modelFormat: {name: gguf, version: "3"}
              runtime: llamacpp
              runtimeVersion: v2
              protocolVersion: v2
              storageUri: file:///srv/models/llama
              args: ["--ctx-size", "8192"]
              env:
              - {name: A, value: b}
              - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
              - {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}
              resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 2, memory: 1.5Gi}}
              volumeMounts: [{name: cache, mountPath: /cache}]
              readinessProbe:
                httpGet: {path: /health, port: 8080, httpHeaders: [{name: a, value: b}]}
                periodSeconds: 1
              ports: [{containerPort: 8080, protocol: TCP, name: http1}]
        status:
          url: http://llama-ml.localhost
          conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}]
          components: {predictor: {latestReadyRevision: llama-predictor-00001, traffic: [{percent: 100}]}}
          modelStatus: {transitionStatus: UpToDate, states: {activeModelState: Loaded, targetModelState: Loaded}}
        """

    static let runtime = """
        apiVersion: serving.kserve.io/v1alpha1
        kind: ClusterServingRuntime
        metadata: {name: llamacpp, annotations: {serving.kserve.io/server-type: llamacpp}}
        spec:
          annotations: {prometheus.kserve.io/port: "8080", prometheus.kserve.io/path: /metrics}
          labels: {a: b}
          supportedModelFormats: [{name: gguf, version: "3", autoSelect: true, priority: 2}]
          protocolVersions: [v1, v2]
          multiModel: false
          disabled: false
          hostIPC: false
          containers:
          - name: kserve-container
            image: example.com/llama:1
            args: ["--alias", "{{.Name}}", "--host", "$(POD_IP)"]
            startupProbe: {httpGet: {path: /health, port: 8080}, failureThreshold: 60}
            lifecycle: {preStop: {exec: {command: [sleep, "1"]}}}
          volumes: [{name: shm, emptyDir: {medium: Memory}}]
        """

    static let knativeService = """
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          template:
            metadata: {name: web-v1, labels: {a: b}, annotations: {autoscaling.knative.dev/min-scale: "0"}}
            spec:
              containerConcurrency: 5
              timeoutSeconds: 60
              responseStartTimeoutSeconds: 30
              idleTimeoutSeconds: 10
              enableServiceLinks: false
              containers:
              - name: user-container
                image: example.com/web:1
                ports: [{containerPort: 80, name: h2c, protocol: TCP}]
          traffic:
          - {latestRevision: true, percent: 90, tag: latest}
          - {revisionName: web-v0, latestRevision: false, percent: 10}
        """

    static let revision = """
        apiVersion: serving.knative.dev/v1
        kind: Revision
        metadata:
          name: web-v1
          namespace: default
          generation: 1
          ownerReferences:
          - {apiVersion: serving.knative.dev/v1, kind: Configuration, name: web, uid: u, controller: true}
        spec:
          containerConcurrency: 0
          containers: [{name: user-container, image: "example.com/web:1"}]
        status: {actualReplicas: 1, desiredReplicas: 1, containerStatuses: [{name: a, imageDigest: b}]}
        """

    static let route = """
        apiVersion: serving.knative.dev/v1
        kind: Route
        metadata: {name: web, namespace: default}
        spec: {traffic: [{configurationName: web, latestRevision: true, percent: 100}]}
        status: {url: "http://web.default.localhost", address: {url: "http://web.default.svc"}, traffic: []}
        """

    static let podAutoscaler = """
        apiVersion: autoscaling.internal.knative.dev/v1alpha1
        kind: PodAutoscaler
        metadata: {name: web-v1, namespace: default}
        spec:
          containerConcurrency: 0
          protocolType: http1
          reachability: Reachable
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web-v1-deployment}
        status: {desiredScale: 1, actualScale: 0}
        """

    static let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-v1-deployment-abcde, namespace: default, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          initContainers: [{name: init, image: "a:1", command: [a]}]
          containers:
          - {name: web, image: "example.com/web:1", envFrom: [{configMapRef: {name: c}, prefix: P_}]}
          terminationGracePeriodSeconds: 30
          hostAliases: [{ip: 127.0.0.1, hostnames: [a]}]
          topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]
        status:
          phase: Running
          podIP: 127.0.0.2
          conditions: [{type: Ready, status: "True", lastProbeTime: null, lastTransitionTime: "2026-01-01T00:00:00Z"}]
          containerStatuses:
          - name: web
            ready: true
            restartCount: 1
            image: example.com/web:1
            state: {running: {startedAt: "2026-01-01T00:00:00Z"}}
            lastState: {terminated: {exitCode: 1, reason: Error, message: bad}}
        """

    static let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default, generation: 2}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}
          template:
            metadata: {labels: {app: web}, creationTimestamp: null}
            spec: {containers: [{name: web, image: "example.com/web:1"}]}
        status: {replicas: 2, readyReplicas: 1, observedGeneration: 2}
        """

    static let service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          type: ClusterIP
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: http1, protocol: TCP}, {name: m, port: 90, targetPort: 9090}]
        """

    static let event = """
        apiVersion: v1
        kind: Event
        metadata: {name: web.1, namespace: default}
        involvedObject: {kind: Pod, name: web, namespace: default, apiVersion: v1, uid: u}
        type: Warning
        reason: BackOff
        message: again
        count: 3
        firstTimestamp: "2026-01-01T00:00:00Z"
        lastTimestamp: "2026-01-01T00:01:00Z"
        eventTime: null
        source: {component: node}
        """

    static let secret = """
        apiVersion: v1
        kind: Secret
        metadata: {name: token, namespace: default}
        type: Opaque
        immutable: true
        data: {token: c2VjcmV0}
        """

    static let claim = """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: models, namespace: default}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}, volumeMode: Filesystem}
        """

    static let hostImage = """
        apiVersion: martlet.dev/v1alpha1
        kind: HostImage
        metadata: {name: llamacpp}
        spec:
          images: ["example.com/llama:*", "example.com/llama-cpu"]
          python:
            packages: ["xllamacpp==1.2.3"]
            pythonVersion: "3.11"
            files: {bin/llama-server: "#!python\\n"}
          entrypoint: [llama-server]
          env: {OMP_WAIT_POLICY: passive}
        status: {conditions: [{type: Ready, status: "True"}]}
        """
}
