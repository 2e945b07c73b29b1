import type { Deployment } from "../../mixins/service/deployment.ts";

export default {
  waitingEvents: 1000,
  secrets: {
    SECRETS_KEY: {
      about: "Encrypts the webhooks' secrets in the database: the same as that of users.",
    },
  },
  egress: {
    name: "webhooks-to-receivers",
    about: "The receivers of webhooks.",
    ports: [443],
    except: [
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "169.254.0.0/16",
      "127.0.0.0/8",
      "100.64.0.0/10",
    ],
  },
} satisfies Deployment;
