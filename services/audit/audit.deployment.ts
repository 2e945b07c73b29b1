import type { Deployment } from "../../mixins/service/deployment.ts";

export default {
  maxReplicas: 4,
  waitingEvents: 1000,
  secrets: {
    AUDIT_KEY: {
      about:
        "Seals the audit trail; keep a copy where the databases cannot be reached from. Not to be changed.",
    },
  },
} satisfies Deployment;
