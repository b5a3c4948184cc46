import JSONModel
import KubeModel

extension Schema {
    /// `Service` of core/v1.
    static let coreService = resource(
        "A name for a set of pods.",
        [
            "spec": record(
                "What is wanted.",
                [
                    "type": choice(
                        "How it is reached.", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
                    "selector": strings("Labels of its pods.").atomic(), "ports": servicePorts,
                    "clusterIP": text("Its address; None for no address of its own."),
                    "clusterIPs": words("Its addresses."), "externalName": text("The name it stands for."),
                    "externalIPs": words("Further addresses."), "sessionAffinity": text("ClientIP or None."),
                    "sessionAffinityConfig": .anyObject.described("Settings of the affinity."),
                    "publishNotReadyAddresses": flag("Whether pods count that are not ready."),
                    "ipFamilies": words("IPv4, IPv6."), "ipFamilyPolicy": text("SingleStack, ..."),
                    "internalTrafficPolicy": text("Cluster or Local."),
                    "externalTrafficPolicy": text("Cluster or Local."),
                    "healthCheckNodePort": int32("Port of the node's health check."),
                    "loadBalancerIP": text("Address asked for."), "loadBalancerClass": text("Class."),
                    "loadBalancerSourceRanges": words("Who may connect."),
                    "allocateLoadBalancerNodePorts": flag("Whether node ports are taken too."),
                    "trafficDistribution": text("How traffic is spread."),
                ]),
            "status": record(
                "What there is.", ["loadBalancer": .anyObject.described("Addresses."), "conditions": conditions]),
        ])

    private static let servicePorts = records(
        "Its ports.",
        [
            "name": text("Name of the port; needed if there are several."),
            "port": int32("Number of the port.", minimum: 1, maximum: 65_535),
            "protocol": text("TCP, UDP or SCTP.").defaulting(to: "TCP"),
            "targetPort": port("Port of the pods, by number or name; the same number if not given."),
            "nodePort": int32("Port on each node.", minimum: 0, maximum: 65_535),
            "appProtocol": text("What is spoken: http, kubernetes.io/h2c, ..."),
        ], required: ["port"], keys: ["port", "protocol"])
}
