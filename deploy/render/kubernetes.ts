import { renderedWhole, withParts } from "./parts.ts";
import type { DeployedService } from "./services.ts";
import type { DeploymentEgress } from "../../mixins/service/deployment.ts";

const usual = { memoryMiB: 512, maxReplicas: 6, waitingEvents: 200 };

/** Files of `deploy/kubernetes/base` per service: a deployment and its objects. */
export function kubernetesFiles(services: readonly DeployedService[]): Map<string, string> {
  return new Map(services.map((service) => [`${service.name}.yaml`, deployment(service)]));
}

/** `base/kustomization.yaml`, from its present text. */
export function baseKustomization(text: string, services: readonly DeployedService[]): string {
  return withParts(text, { services: services.map(({ name }) => `  - ${name}.yaml\n`).join("") });
}

/** `components/queue-depth/kustomization.yaml`, from its present text. */
export function queueDepth(text: string, services: readonly DeployedService[]): string {
  return withParts(text, {
    consumers: services
      .filter(({ consumesEvents }) => consumesEvents)
      .map(scaledByQueue)
      .join(""),
  });
}

/** `overlays/production/secrets.template.yaml`, from its present text. */
export function secretsTemplate(text: string, services: readonly DeployedService[]): string {
  return withParts(text, { services: services.map(secret).join("") });
}

function secretKeys({ database, deployment: { secrets = {} } }: DeployedService): string[] {
  return [...(database ? [database.passwordKey] : []), ...Object.keys(secrets)];
}

function secret(service: DeployedService): string {
  const keys = secretKeys(service);
  if (keys.length === 0) return "";
  const {
    name,
    deployment: { secrets = {}, note },
  } = service;
  return [
    "---",
    ...(note === undefined ? [] : [`# ${note}`]),
    ...Object.entries(secrets).map(([key, { about }]) => `# ${key}: ${about}`),
    "apiVersion: v1",
    "kind: Secret",
    `metadata: { name: shop-${name}, namespace: shop }`,
    "type: Opaque",
    "stringData:",
    ...keys.map((key) => `  ${key}: ""`),
    "",
  ].join("\n");
}

function scaledByQueue({
  name,
  deployment: { waitingEvents = usual.waitingEvents },
}: DeployedService): string {
  return `  - target: { kind: HorizontalPodAutoscaler, name: ${name} }
    patch: |-
      - op: add
        path: /spec/metrics/-
        value:
          type: External
          external:
            metric:
              name: shop_queue_events
              selector: { matchLabels: { consumer: ${name} } }
            target: { type: AverageValue, averageValue: "${waitingEvents}" }
`;
}

function deployment(service: DeployedService): string {
  const {
    name,
    summary,
    deployment: { memoryMiB = usual.memoryMiB, maxReplicas = usual.maxReplicas, egress },
  } = service;
  const own = secretKeys(service).length > 0 ? `            - secretRef: { name: shop-${name} }\n` : "";
  return `${renderedWhole}
# ${summary}.
# What all nodes have in common (probes, rights, spread over machines, how they stop) is in node.patch.yaml.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: { app.kubernetes.io/component: ${name}, shop/node: "true" }
spec:
  # No replicas: the autoscaler below says how many.
  selector:
    matchLabels: { app.kubernetes.io/component: ${name} }
  template:
    metadata:
      labels: { app.kubernetes.io/component: ${name}, shop/node: "true" }
    spec:
      containers:
        - name: node
          env:
            - { name: SERVICES, value: ${name} }
          envFrom:
            - configMapRef: { name: shop }
            - secretRef: { name: shop-servers }
${own}          resources:
            requests: { cpu: 250m, memory: 192Mi }
            limits: { memory: ${memoryMiB}Mi }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: { app.kubernetes.io/component: ${name} }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  minReplicas: 2
  maxReplicas: ${maxReplicas}
  metrics:
    # A node does its work in one thread: this is what share of a processor that may take on average.
    - type: Resource
      resource:
        name: cpu
        target: { type: AverageValue, averageValue: 600m }
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
${egress ? networkPolicy(name, egress) : ""}`;
}

function networkPolicy(service: string, { about, name, ports, except }: DeploymentEgress): string {
  return `---
# ${about}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
spec:
  podSelector: { matchLabels: { app.kubernetes.io/component: ${service} } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 0.0.0.0/0, except: [${except.join(", ")}] }
      ports:
${ports.map((port) => `        - { protocol: TCP, port: ${port} }\n`).join("")}`;
}
