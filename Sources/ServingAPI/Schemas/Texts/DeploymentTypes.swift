import KubeModel

extension SchemaText {
    /// apps/v1.
    static let apps = SchemaText(
        "apps", package: "io.k8s.api.apps.v1",
        #"""
        Deployment: Keeps a number of equal pods running.
          spec! DeploymentSpec: What is wanted.
          status DeploymentStatus: What there is; written by the controller.
        DeploymentSpec: How many pods, and how they are replaced.
          replicas int32 min=0: Number of pods; 1 if not given.
          selector! meta.LabelSelector: Which pods are its own; cannot be changed.
          template! core.PodTemplateSpec: What each pod is made from.
          strategy DeploymentStrategy retainKeys: How old pods are replaced by new ones.
          minReadySeconds int32 min=0: Seconds that a pod must be ready to count.
          revisionHistoryLimit int32 min=0: Old versions that are kept; 10 if not given.
          paused boolean: Whether changes wait.
          progressDeadlineSeconds int32 min=0: Seconds without progress that count as failure; 600 if not given.
        DeploymentStrategy: How old pods are replaced by new ones.
          type string enum=Recreate|RollingUpdate: RollingUpdate a few at a time, or Recreate all at once.
          rollingUpdate RollingUpdateDeployment: Bounds of a rolling update.
        RollingUpdateDeployment: Bounds of a rolling update.
          maxUnavailable int-or-string: Pods below the wanted number, or percent of it; 25% if not given.
          maxSurge int-or-string: Pods above the wanted number, or percent of it; 25% if not given.
        DeploymentStatus: What a deployment has got.
          observedGeneration int64: The generation that the status speaks of.
          replicas int32: Pods.
          updatedReplicas int32: Pods of the newest template.
          readyReplicas int32: Pods that are ready.
          availableReplicas int32: Pods that have been ready for long enough.
          unavailableReplicas int32: Pods that are still missing.
          terminatingReplicas int32: Pods that are on their way out.
          conditions [DeploymentCondition] keys=type: Available, Progressing, ReplicaFailure.
          collisionCount int32: Collisions of names.
        DeploymentCondition: One aspect of a deployment's state.
          type string: Which aspect.
          status string: True, False or Unknown.
          lastUpdateTime time: When the entry was last written.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
        ReplicaSet: Keeps a number of equal pods running, all of one template: one version of a deployment.
          spec ReplicaSetSpec: What is wanted.
          status ReplicaSetStatus: What there is; written by the controller.
        ReplicaSetSpec: How many pods, and what they are made from.
          replicas int32 min=0: Number of pods; 1 if not given.
          minReadySeconds int32 min=0: Seconds that a pod must be ready to count.
          selector! meta.LabelSelector: Which pods are its own; cannot be changed.
          template core.PodTemplateSpec: What each pod is made from.
        ReplicaSetStatus: What a replica set has got.
          replicas! int32: Pods.
          fullyLabeledReplicas int32: Pods with all labels of the template.
          readyReplicas int32: Pods that are ready.
          availableReplicas int32: Pods that have been ready for long enough.
          terminatingReplicas int32: Pods that are on their way out.
          observedGeneration int64: The generation that the status speaks of.
          conditions [ReplicaSetCondition] keys=type: ReplicaFailure.
        ReplicaSetCondition: One aspect of a replica set's state.
          type! string: Which aspect.
          status! string: True, False or Unknown.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
        """#)
}
