/**
 * Deployment of a service, where it differs from the defaults; the default export of `<name>.deployment.ts`
 * in its folder.
 */
export interface Deployment {
  /** Memory limit of a node. Default: 512. */
  readonly memoryMiB?: number;
  /** Nodes in Docker Compose and in the local cluster. Default: 1. */
  readonly replicas?: number;
  /** Upper bound of the autoscaler in Kubernetes. Default: 6. */
  readonly maxReplicas?: number;
  /** Waiting events per node above which Kubernetes adds nodes. Default: 200. */
  readonly waitingEvents?: number;
  /** One line for the operator who sets the secrets. */
  readonly note?: string;
  /** Secrets besides the password of its database, by the name of the setting. */
  readonly secrets?: Readonly<Record<string, DeploymentSecret>>;
  /** Destinations outside the cluster; all others are blocked. */
  readonly egress?: DeploymentEgress;
}

export interface DeploymentSecret {
  /** One line for the operator who sets it. */
  readonly about: string;
  /** Whether the service starts without it. */
  readonly optional?: boolean;
}

export interface DeploymentEgress {
  readonly about: string;
  /** Name of the network policy. */
  readonly name: string;
  readonly ports: readonly number[];
  /** Networks that stay blocked. */
  readonly except: readonly string[];
}
