import { describe, expect, test } from "@jest/globals";
import type { Deployment } from "kubernetes-types/apps/v1.js";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.js";
import type { Job } from "kubernetes-types/batch/v1.js";
import type { ConfigMap, Container, PodSpec, Probe, Secret, Service } from "kubernetes-types/core/v1.js";
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1.js";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { databasePasswordKey } from "../../../config/env.ts";
import { loadConfig } from "../../../config/index.ts";
import { clientResolver } from "../../../services/api/request/client-address.ts";
import type { KubernetesObject } from "../../support/kubernetes.ts";
import {
  build,
  faultsOf,
  kustomize,
  named,
  objectsIn,
  settingsIn,
  yamlFiles,
} from "../../support/kubernetes.ts";
import { allContracts, serviceNames } from "../../support/all-contracts.ts";
import { knownSettings } from "../../support/known-settings.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "deploy/kubernetes");
const overlay = join(folder, "overlays/production");
const stages = ["nodes", "migration", "first-start"] as const;
const files = yamlFiles(folder);
const text = (path: string) => readFileSync(path, "utf8");

interface Kustomization {
  readonly kind: string;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly {
    path?: string;
    target?: { kind: string; name?: string; labelSelector?: string };
  }[];
  readonly configMapGenerator?: readonly { envs: readonly string[] }[];
}

const isKustomization = (path: string) => path.endsWith("/kustomization.yaml");
const manifests = files.filter((path) => !isKustomization(path) && !path.endsWith(".patch.yaml"));
/** Includes Node's own variables. */
const known = new Set([...knownSettings, "NODE_OPTIONS", "NODE_ENV"]);

const secrets = objectsIn(text(join(overlay, "secrets.template.yaml"))) as (KubernetesObject & Secret)[];
const keysOf = (secret: string) =>
  Object.keys(secrets.find(({ metadata }) => metadata.name === secret)?.stringData ?? {});
const settings = settingsIn(join(overlay, "settings/shop.env"));

describe("files", () => {
  test("they conform to the Kubernetes schema", () => {
    expect(faultsOf(manifests.flatMap((path) => objectsIn(text(path))))).toBe("");
  });

  test("control: unknown fields are found", () => {
    const [deployment] = objectsIn(text(join(folder, "base/api.yaml"))) as (KubernetesObject & Deployment)[];
    if (!deployment) throw new Error("there is no deployment");
    const wrong = JSON.parse(
      JSON.stringify(deployment).replace(`"preStop"`, `"prestop"`),
    ) as KubernetesObject;
    expect(faultsOf([wrong])).toContain("does not exist in type 'Lifecycle'");
    expect(
      faultsOf([{ ...deployment, spec: { ...deployment.spec, minReadySeconds: "3" } } as KubernetesObject]),
    ).toContain("'string' is not assignable to type 'number'");
  });

  test.each(files.filter(isKustomization).map((path) => [named(path), path]))(
    "%s refers to existing files",
    (_name, path) => {
      const {
        resources = [],
        components = [],
        patches = [],
        configMapGenerator = [],
      } = parse(text(path)) as Kustomization;
      const here = (name: string) => join(dirname(path), name);
      for (const name of [...resources, ...components]) {
        expect(existsSync(name.endsWith(".yaml") ? here(name) : join(here(name), "kustomization.yaml"))).toBe(
          true,
        );
      }
      for (const name of configMapGenerator.flatMap(({ envs }) => envs))
        expect(existsSync(here(name))).toBe(true);
      for (const { path: patch, target } of patches) {
        if (patch !== undefined) expect(existsSync(here(patch))).toBe(true);
        const meant = manifests
          .flatMap((file) => objectsIn(text(file)))
          .filter(({ kind, metadata: { name, labels = {} } }) => {
            const [label = "", value] = target?.labelSelector?.split("=") ?? [];
            return (
              kind === target?.kind &&
              (target.name ?? name) === name &&
              (label === "" || labels[label] === value)
            );
          });
        expect({ target, found: meant.length > 0 }).toEqual({ target, found: true });
      }
      // A file without a reference would not be applied.
      const listed = new Set([
        ...resources,
        ...patches.map(({ path: patch }) => patch),
        "kustomization.yaml",
      ]);
      const beside = files
        .filter((file) => dirname(file) === dirname(path))
        .map((file) => file.slice(dirname(file).length + 1));
      expect(beside.filter((file) => !listed.has(file))).toEqual([]);
    },
  );

  test("no secret is in them, and each service has its own password and no other", () => {
    for (const { metadata, stringData = {}, data } of secrets) {
      expect({ name: metadata.name, values: new Set(Object.values(stringData)) }).toEqual({
        name: metadata.name,
        values: new Set([""]),
      });
      expect(data).toBeUndefined();
    }
    for (const name of serviceNames.filter((service) => service !== "api"))
      expect(keysOf(`shop-${name}`).filter((key) => key.includes("PASSWORD"))).toEqual([
        databasePasswordKey(name),
      ]);
    expect(Object.keys(settings).filter((key) => /PASSWORD|KEY|SECRET|_URL/.test(key))).toEqual(["SHOP_URL"]);
  });
});

const tool = kustomize();
if (!tool)
  process.stderr.write(
    "\nTHE KUBERNETES OVERLAY CANNOT BE BUILT HERE: neither kustomize nor kubectl is installed\n\n",
  );

/** Each stage as it would be applied. */
const built = Object.fromEntries(
  stages.map((stage) => [stage, tool ? build(join(overlay, stage)) : []]),
) as Record<(typeof stages)[number], KubernetesObject[]>;
const everything = stages.flatMap((stage) => built[stage]);
const of = <T>(kind: string, objects: readonly KubernetesObject[] = built.nodes) =>
  objects.filter((object) => object.kind === kind) as (KubernetesObject & T)[];
const deployments = of<Deployment>("Deployment");
const jobs = of<Job>("Job", everything);
const workloads = [...deployments, ...jobs].map(({ metadata: { name }, spec }) => ({
  name,
  pod: spec?.template.spec as PodSpec,
}));
const deploymentsByName = tool ? serviceNames.map((name): [string] => [name]) : [];
const podOf = (name: string) => workloads.find((workload) => workload.name === name)?.pod as PodSpec;
const containerOf = (name: string) => podOf(name).containers[0] as Container;

/** A container's complete environment, with placeholders for secrets. */
function environmentOf(
  { env = [], envFrom = [] }: Container,
  objects: readonly KubernetesObject[],
): Record<string, string> {
  const from = envFrom.flatMap(({ configMapRef, secretRef }): [string, string][] => {
    if (secretRef) return keysOf(secretRef.name ?? "").map((key) => [key, stand(key)]);
    const map = of<ConfigMap>("ConfigMap", objects).find(
      ({ metadata }) => metadata.name === configMapRef?.name,
    );
    return Object.entries(map?.data ?? {});
  });
  return Object.fromEntries([...from, ...env.map(({ name, value = "" }): [string, string] => [name, value])]);
}

function stand(key: string): string {
  if (key === "ADMIN_EMAIL") return "ada@example.org";
  const urls: Record<string, string> = {
    AMQP_URL: "amqp://shop:x@mq:5672",
    REDIS_URL: "redis://:x@cache:6379",
    SMTP_URL: "smtp://mail:587",
  };
  return urls[key] ?? "0123456789abcdef0123456789abcdef";
}

(tool ? describe : describe.skip)("the overlay, built", () => {
  test("conforms to the Kubernetes schema", () => {
    expect(faultsOf(everything)).toBe("");
  });

  test("has one namespace, one image, and a deployment for each service", () => {
    expect(new Set(everything.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["shop"]));
    const images = new Set(workloads.flatMap(({ pod }) => pod.containers.map(({ image }) => image)));
    expect([...images]).toEqual([expect.stringMatching(/^\S+\/shopserver:(?!latest)\S+$/)]);
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([...serviceNames].sort());
    for (const { metadata, spec } of deployments) {
      expect(spec?.selector.matchLabels).toEqual({ "app.kubernetes.io/component": metadata.name });
      expect(spec?.template.metadata?.labels).toMatchObject({
        ...spec?.selector.matchLabels,
        "shop/node": "true",
      });
    }
  });

  test.each(workloads.map(({ name }): [string] => [name]))(
    "%s has settings that the shop knows and takes",
    (name) => {
      const objects = jobs.some(({ metadata }) => metadata.name === name) ? everything : built.nodes;
      const environment = environmentOf(containerOf(name), objects);
      expect(Object.keys(environment).filter((key) => !known.has(key))).toEqual([]);
      expect(loadConfig(environment)).toMatchObject({
        shape: "cluster",
        services: serviceNames.filter((service) => service === name),
      });
      const references = (containerOf(name).envFrom ?? []).flatMap(({ secretRef }) => secretRef?.name ?? []);
      for (const secret of references)
        expect({ secret, keys: keysOf(secret).length > 0 }).toEqual({ secret, keys: true });
    },
  );

  test.each(workloads.map(({ name }): [string] => [name]))(
    "%s has no right that it does not need",
    (name) => {
      expect(podOf(name)).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      expect(podOf(name).securityContext?.runAsUser).toBeGreaterThan(0);
      const { securityContext, resources } = containerOf(name);
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(Object.keys({ ...resources?.requests }).sort()).toEqual(["cpu", "memory"]);
      expect(resources?.limits?.memory).toMatch(/^\d+Mi$/);
    },
  );

  test.each(deploymentsByName)("%s tells how it is, at the port where it says so", (name) => {
    const { startupProbe, livenessProbe, readinessProbe, ports = [], env = [] } = containerOf(name);
    const port = ports.find((one) => one.name === "internal")?.containerPort;
    expect(env).toEqual(
      expect.arrayContaining([
        { name: "INTERNAL_PORT", value: String(port) },
        { name: "INTERNAL_HOST", value: "0.0.0.0" },
      ]),
    );
    const asks = (probe: Probe | undefined) => probe?.httpGet;
    expect(asks(startupProbe)).toEqual({ path: "/live", port: "internal" });
    expect(asks(livenessProbe)).toEqual({ path: "/live", port: "internal" });
    expect(asks(readinessProbe)).toEqual({ path: "/ready", port: "internal" });
  });

  test.each(deploymentsByName)("%s is given the time that it needs to stop", (name) => {
    const { stop } = loadConfig(environmentOf(containerOf(name), built.nodes));
    const before = containerOf(name).lifecycle?.preStop?.sleep?.seconds ?? 0;
    expect(podOf(name).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(
      before + stop.timeoutMs / 1000 + 5,
    );
    expect(stop.timeoutMs).toBeGreaterThan(stop.drainMs);
    // A gateway gets requests until every proxy has noticed its removal.
    if (name === "api") expect(before).toBeGreaterThanOrEqual(5);
  });

  test.each(deploymentsByName)("%s stays there while machines are emptied and new versions come", (name) => {
    const scaler = of<HorizontalPodAutoscaler>("HorizontalPodAutoscaler").find(
      ({ metadata }) => metadata.name === name,
    );
    const budget = of<PodDisruptionBudget>("PodDisruptionBudget").find(
      ({ metadata }) => metadata.name === name,
    );
    const deployment = deployments.find(({ metadata }) => metadata.name === name);
    expect(scaler?.spec?.scaleTargetRef).toEqual({ apiVersion: "apps/v1", kind: "Deployment", name });
    expect(scaler?.spec?.minReplicas).toBeGreaterThanOrEqual(2);
    expect(budget?.spec).toMatchObject({ maxUnavailable: 1, selector: deployment?.spec?.selector });
    expect(deployment?.spec).toMatchObject({ strategy: { rollingUpdate: { maxUnavailable: 0 } } });
    expect(deployment?.spec).not.toHaveProperty("replicas");
    const spread = podOf(name).topologySpreadConstraints ?? [];
    expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
      "kubernetes.io/hostname",
      "topology.kubernetes.io/zone",
    ]);
    for (const { matchLabelKeys, labelSelector } of spread) {
      expect(matchLabelKeys).toContain("app.kubernetes.io/component");
      expect(deployment?.spec?.template.metadata?.labels).toMatchObject(
        labelSelector?.matchLabels ?? { none: "" },
      );
    }
  });

  test("event consumers scale by their nodes' metric of pending events", () => {
    const scaledBy = of<HorizontalPodAutoscaler>("HorizontalPodAutoscaler").flatMap(({ metadata, spec }) =>
      (spec?.metrics ?? []).flatMap(({ external }) =>
        external ? [[metadata.name, external.metric] as const] : [],
      ),
    );
    const consumers = allContracts.flatMap(({ name, consumes }) => (consumes.length > 0 ? [name] : []));
    expect(scaledBy.map(([name]) => name).sort()).toEqual(consumers.sort());
    for (const [name, metric] of scaledBy)
      expect(metric).toEqual({ name: "shop_queue_events", selector: { matchLabels: { consumer: name } } });
    expect(text(join(root, "mixins/observability/metrics/event-metrics.ts"))).toMatch(
      /labels: \{ consumer: [^}]+\}[^]+name: "shop_queue_events"/,
    );
  });

  test("network policies deny by default, and allow each node's ports and dependencies", () => {
    const policies = of<NetworkPolicy>("NetworkPolicy");
    expect(policies.find(({ metadata }) => metadata.name === "nothing-else")?.spec).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const ports = new Set(
      policies.flatMap(({ spec }) =>
        (spec?.ingress ?? []).flatMap((rule) => rule.ports?.map(({ port }) => port) ?? []),
      ),
    );
    expect(ports).toEqual(new Set(["http", "internal"]));
    // Kustomize must not have put the shop's labels into selectors of others' pods.
    const dns = policies
      .flatMap(({ spec }) => spec?.egress ?? [])
      .flatMap(({ to = [] }) => to.flatMap(({ podSelector }) => podSelector ?? []));
    expect(dns).toEqual([{ matchLabels: { "k8s-app": "kube-dns" } }]);
    const servers = policies
      .find(({ metadata }) => metadata.name === "servers")
      ?.spec?.egress?.flatMap((rule) => rule.ports?.map(({ port }) => port) ?? []);
    expect(servers).toEqual(expect.arrayContaining([5672, 6379, 3306]));
  });

  test("clients reach the gateways through the ingress, which the gateways believe", () => {
    const [ingress] = of<Ingress>("Ingress");
    const [service] = of<Service>("Service");
    const backend = ingress?.spec?.rules?.[0]?.http?.paths[0]?.backend.service;
    expect(service?.metadata.name).toBe(backend?.name);
    expect(service?.spec).toMatchObject({
      selector: { "app.kubernetes.io/component": "api" },
      ports: [{ name: backend?.port?.name, targetPort: "http" }],
    });
    expect(containerOf("api").ports).toContainEqual({
      name: "http",
      containerPort: loadConfig(environmentOf(containerOf("api"), built.nodes)).http.port,
    });
    expect(() => clientResolver([settings.TRUSTED_PROXIES ?? ""])).not.toThrow();
  });

  test("the jobs' programs are in the image", () => {
    const dockerfile = text(join(root, "deploy/docker/Dockerfile"));
    for (const {
      metadata: { name },
    } of jobs) {
      const [file = ""] = containerOf(name).args ?? [];
      expect(existsSync(join(root, file))).toBe(true);
      expect(dockerfile).toMatch(new RegExp(`^COPY .*(?:${file}|${file.split("/")[0]} \\./)`, "m"));
    }
  });
});
