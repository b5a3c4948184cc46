import KubeModel

extension SchemaText {
    /// `Volume` of core/v1 with every source, and what claims ask for.
    static let volumes = SchemaText(
        "core", package: "io.k8s.api.core.v1",
        #"""
        Volume: A directory that the pod's containers can mount; one source.
          name! string: Name of the volume, a DNS label unique in the pod.
          + VolumeSource
        VolumeSource: Where a volume comes from.
          hostPath HostPathVolumeSource: A path of the host.
          emptyDir EmptyDirVolumeSource: A directory that lives as long as the pod.
          gcePersistentDisk GCEPersistentDiskVolumeSource: A disk of Google's cloud; old.
          awsElasticBlockStore AWSElasticBlockStoreVolumeSource: A disk of Amazon's cloud; old.
          gitRepo GitRepoVolumeSource: A git repository; old.
          secret SecretVolumeSource: The keys of a Secret, as files.
          nfs NFSVolumeSource: An NFS export.
          iscsi ISCSIVolumeSource: An iSCSI disk.
          glusterfs GlusterfsVolumeSource: A Gluster volume; old.
          persistentVolumeClaim PersistentVolumeClaimVolumeSource: A claim in the same namespace.
          rbd RBDVolumeSource: A Rados block device; old.
          flexVolume FlexVolumeSource: A volume of a flex plugin; old.
          cinder CinderVolumeSource: A disk of OpenStack; old.
          cephfs CephFSVolumeSource: A CephFS directory; old.
          flocker FlockerVolumeSource: A Flocker volume; old.
          downwardAPI DownwardAPIVolumeSource: Fields of the pod, as files.
          fc FCVolumeSource: A Fibre Channel disk.
          azureFile AzureFileVolumeSource: A file share of Azure; old.
          configMap ConfigMapVolumeSource: The keys of a ConfigMap, as files.
          vsphereVolume VsphereVirtualDiskVolumeSource: A disk of vSphere; old.
          quobyte QuobyteVolumeSource: A Quobyte volume; old.
          azureDisk AzureDiskVolumeSource: A disk of Azure; old.
          photonPersistentDisk PhotonPersistentDiskVolumeSource: A disk of Photon; old.
          projected ProjectedVolumeSource: Several sources in one directory.
          portworxVolume PortworxVolumeSource: A Portworx volume; old.
          scaleIO ScaleIOVolumeSource: A ScaleIO volume; old.
          storageos StorageOSVolumeSource: A StorageOS volume; old.
          csi CSIVolumeSource: A volume of a CSI driver.
          ephemeral EphemeralVolumeSource: A claim that lives as long as the pod.
          image ImageVolumeSource: The files of an OCI image.
        HostPathVolumeSource: A path of the host.
          path! string: The path.
          type string enum=|DirectoryOrCreate|Directory|FileOrCreate|File|Socket|CharDevice|BlockDevice: What must be there.
        EmptyDirVolumeSource: A directory that lives as long as the pod.
          medium string: Memory for a file system in memory; empty for the node's disk.
          sizeLimit quantity: Bytes that it may hold.
          mode int32: Mode of the directory.
        GCEPersistentDiskVolumeSource: A disk of Google's cloud.
          pdName! string: Name of the disk.
          fsType string: File system.
          partition int32: Number of the partition.
          readOnly boolean: Whether it is read only.
        AWSElasticBlockStoreVolumeSource: A disk of Amazon's cloud.
          volumeID! string: Identity of the disk.
          fsType string: File system.
          partition int32: Number of the partition.
          readOnly boolean: Whether it is read only.
        GitRepoVolumeSource: A git repository.
          repository! string: Address of the repository.
          revision string: Commit to take.
          directory string: Directory to put it into.
        SecretVolumeSource: The keys of a Secret, as files.
          secretName string: Name of the Secret.
          items [KeyToPath]: Which keys, and the paths they get; all if none is given.
          defaultMode int32: Mode of the files; 0644 if not given.
          optional boolean: Whether it may be missing.
          defaultUser int64: Owner of the files.
        KeyToPath: A key, and the path it gets.
          key! string: The key.
          path! string: Relative path without ..
          mode int32: Mode of the file.
          user int64: Owner of the file.
        NFSVolumeSource: An NFS export.
          server! string: Host of the server.
          path! string: Path on the server.
          readOnly boolean: Whether it is read only.
        ISCSIVolumeSource: An iSCSI disk.
          targetPortal! string: Address of the portal.
          iqn! string: Qualified name of the target.
          lun! int32: Number of the unit.
          iscsiInterface string ="default": Interface of the initiator.
          fsType string: File system.
          readOnly boolean: Whether it is read only.
          portals [string]: Further portals.
          chapAuthDiscovery boolean: Whether discovery is authenticated.
          chapAuthSession boolean: Whether the session is authenticated.
          secretRef LocalObjectReference: Secret for authentication.
          initiatorName string: Name of the initiator.
        GlusterfsVolumeSource: A Gluster volume.
          endpoints! string: Endpoints of the servers.
          path! string: Name of the volume.
          readOnly boolean: Whether it is read only.
        PersistentVolumeClaimVolumeSource: A claim in the same namespace.
          claimName! string: Name of the claim.
          readOnly boolean: Whether it is read only.
        RBDVolumeSource: A Rados block device.
          monitors! [string]: Monitors of the cluster.
          image! string: Name of the image.
          fsType string: File system.
          pool string ="rbd": Pool of the image.
          user string ="admin": User to be.
          keyring string ="/etc/ceph/keyring": Path of the key ring.
          secretRef LocalObjectReference: Secret with the key.
          readOnly boolean: Whether it is read only.
        FlexVolumeSource: A volume of a flex plugin.
          driver! string: Name of the driver.
          fsType string: File system.
          secretRef LocalObjectReference: Secret for the driver.
          readOnly boolean: Whether it is read only.
          options {string}: Options of the driver.
        CinderVolumeSource: A disk of OpenStack.
          volumeID! string: Identity of the disk.
          fsType string: File system.
          readOnly boolean: Whether it is read only.
          secretRef LocalObjectReference: Secret for OpenStack.
        CephFSVolumeSource: A CephFS directory.
          monitors! [string]: Monitors of the cluster.
          path string: Path of the directory.
          user string: User to be.
          secretFile string: File with the key.
          secretRef LocalObjectReference: Secret with the key.
          readOnly boolean: Whether it is read only.
        FlockerVolumeSource: A Flocker volume.
          datasetName string: Name of the data set.
          datasetUUID string: Identity of the data set.
        DownwardAPIVolumeSource: Fields of the pod, as files.
          items [DownwardAPIVolumeFile]: Which fields, and the paths they get.
          defaultMode int32: Mode of the files; 0644 if not given.
          defaultUser int64: Owner of the files.
        DownwardAPIVolumeFile: A field of the pod, as a file.
          path! string: Relative path without ..
          fieldRef ObjectFieldSelector: A field of the pod.
          resourceFieldRef ResourceFieldSelector: A resource of a container.
          mode int32: Mode of the file.
          user int64: Owner of the file.
        FCVolumeSource: A Fibre Channel disk.
          targetWWNs [string]: Names of the targets.
          lun int32: Number of the unit.
          fsType string: File system.
          readOnly boolean: Whether it is read only.
          wwids [string]: Identities of the disk.
        AzureFileVolumeSource: A file share of Azure.
          secretName! string: Secret with the account and key.
          shareName! string: Name of the share.
          readOnly boolean: Whether it is read only.
        ConfigMapVolumeSource: The keys of a ConfigMap, as files.
          + LocalObjectReference
          items [KeyToPath]: Which keys, and the paths they get; all if none is given.
          defaultMode int32: Mode of the files; 0644 if not given.
          optional boolean: Whether it may be missing.
          defaultUser int64: Owner of the files.
        VsphereVirtualDiskVolumeSource: A disk of vSphere.
          volumePath! string: Path of the disk.
          fsType string: File system.
          storagePolicyName string: Name of the storage policy.
          storagePolicyID string: Identity of the storage policy.
        QuobyteVolumeSource: A Quobyte volume.
          registry! string: Addresses of the registry.
          volume! string: Name of the volume.
          readOnly boolean: Whether it is read only.
          user string: User to be.
          group string: Group to be.
          tenant string: Tenant of the volume.
        AzureDiskVolumeSource: A disk of Azure.
          diskName! string: Name of the disk.
          diskURI! string: Address of the disk.
          cachingMode string enum=None|ReadOnly|ReadWrite ="ReadWrite": How it is cached.
          fsType string ="ext4": File system.
          readOnly boolean =false: Whether it is read only.
          kind string enum=Shared|Dedicated|Managed ="Managed": Kind of the disk.
        PhotonPersistentDiskVolumeSource: A disk of Photon.
          pdID! string: Identity of the disk.
          fsType string: File system.
        ProjectedVolumeSource: Several sources in one directory.
          sources [VolumeProjection]: The sources.
          defaultMode int32: Mode of the files; 0644 if not given.
          defaultUser int64: Owner of the files.
        VolumeProjection: A source of files; one of these.
          secret SecretProjection: Keys of a Secret.
          downwardAPI DownwardAPIProjection: Fields of the pod.
          configMap ConfigMapProjection: Keys of a ConfigMap.
          serviceAccountToken ServiceAccountTokenProjection: A token of the pod's service account.
          clusterTrustBundle ClusterTrustBundleProjection: Certificates of a trust bundle.
          podCertificate PodCertificateProjection: A certificate of the pod's own.
        SecretProjection: Keys of a Secret.
          + LocalObjectReference
          items [KeyToPath]: Which keys, and the paths they get; all if none is given.
          optional boolean: Whether it may be missing.
        DownwardAPIProjection: Fields of the pod.
          items [DownwardAPIVolumeFile]: Which fields, and the paths they get.
        ConfigMapProjection: Keys of a ConfigMap.
          + LocalObjectReference
          items [KeyToPath]: Which keys, and the paths they get; all if none is given.
          optional boolean: Whether it may be missing.
        ServiceAccountTokenProjection: A token of the pod's service account.
          audience string: Who the token is for; the API server if not given.
          expirationSeconds int64: Seconds that it is valid; an hour if not given.
          path! string: Relative path of the file.
          user int64: Owner of the file.
        ClusterTrustBundleProjection: Certificates of trust bundles.
          name string: Name of one bundle.
          signerName string: All bundles of this signer.
          labelSelector meta.LabelSelector: Only bundles with these labels.
          optional boolean: Whether they may be missing.
          path! string: Relative path of the file.
          user int64: Owner of the file.
        PodCertificateProjection: A certificate of the pod's own.
          signerName string: Who signs it.
          keyType string: Kind of the key.
          maxExpirationSeconds int32: Most seconds that it is valid.
          credentialBundlePath string: File for the key and the certificates.
          keyPath string: File for the key.
          certificateChainPath string: File for the certificates.
          userAnnotations {string}: Further facts for the signer.
          user int64: Owner of the files.
        PortworxVolumeSource: A Portworx volume.
          volumeID! string: Identity of the volume.
          fsType string: File system.
          readOnly boolean: Whether it is read only.
        ScaleIOVolumeSource: A ScaleIO volume.
          gateway! string: Address of the gateway.
          system! string: Name of the system.
          secretRef! LocalObjectReference: Secret for the system.
          sslEnabled boolean: Whether by TLS.
          protectionDomain string: Protection domain.
          storagePool string: Storage pool.
          storageMode string ="ThinProvisioned": ThickProvisioned or ThinProvisioned.
          volumeName string: Name of the volume.
          fsType string ="xfs": File system.
          readOnly boolean: Whether it is read only.
        StorageOSVolumeSource: A StorageOS volume.
          volumeName string: Name of the volume.
          volumeNamespace string: Namespace of the volume.
          fsType string: File system.
          readOnly boolean: Whether it is read only.
          secretRef LocalObjectReference: Secret for StorageOS.
        CSIVolumeSource: A volume of a CSI driver.
          driver! string: Name of the driver.
          readOnly boolean: Whether it is read only.
          fsType string: File system.
          volumeAttributes {string}: Settings for the driver.
          nodePublishSecretRef LocalObjectReference: Secret for the driver.
        EphemeralVolumeSource: A claim that lives as long as the pod.
          volumeClaimTemplate PersistentVolumeClaimTemplate: What the claim is made from.
        PersistentVolumeClaimTemplate: What a claim is made from.
          metadata meta: Labels and annotations for the claim.
          spec! PersistentVolumeClaimSpec: What the claim asks for.
        PersistentVolumeClaimSpec: What a claim asks for.
          accessModes [string] enum=ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod: How it is to be mounted.
          selector meta.LabelSelector: Volumes that may be taken, by their labels.
          resources VolumeResourceRequirements: How much it needs.
          volumeName string: The volume that is bound.
          storageClassName string: Class of storage.
          volumeMode string enum=Block|Filesystem: Whether with a file system or raw; Filesystem if not given.
          dataSource TypedLocalObjectReference: What to fill it with.
          dataSourceRef TypedObjectReference: What to fill it with, from any kind or namespace.
          volumeAttributesClassName string: Class of attributes of the volume.
        VolumeResourceRequirements: How much a volume needs.
          limits {quantity}: At most.
          requests {quantity}: At least: storage.
        TypedLocalObjectReference atomic: An object of any kind in the same namespace.
          apiGroup string: Group of the kind; empty for the core group.
          kind! string: Kind of the object.
          name! string: Name of the object.
        TypedObjectReference: An object of any kind.
          apiGroup string: Group of the kind; empty for the core group.
          kind! string: Kind of the object.
          name! string: Name of the object.
          namespace string: Namespace of the object.
        ImageVolumeSource: The files of an OCI image.
          reference string: The image.
          pullPolicy string enum=Always|Never|IfNotPresent: When the image is fetched.
        """#)
}
