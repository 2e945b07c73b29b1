import type { Deployment } from "../../mixins/service/deployment.ts";

/** The largest image that is decoded takes some 320 MiB. */
export default { memoryMiB: 1024, replicas: 2, maxReplicas: 8 } satisfies Deployment;
