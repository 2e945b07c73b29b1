import type { Deployment } from "../../mixins/service/deployment.ts";

/** Each password that is being hashed takes 19 MiB, the largest image that is decoded some 320. */
export default {
  memoryMiB: 1024,
  waitingEvents: 100,
  secrets: {
    SECRETS_KEY: {
      about:
        "Encrypts second factors, signing keys and webhooks' secrets in the databases: 32 characters or more, the same for users and webhooks. Keep a copy apart from the backups.",
    },
    NOTIFY_SECRET: { about: "Signs messages for the gateway that delivers them to phones.", optional: true },
    SMTP_URL: { about: "smtp://user:password@mail.example:587", optional: true },
  },
  egress: {
    name: "users-to-mail-server",
    about: "The mail server, and the gateway of messages to phones.",
    ports: [587, 465, 443],
    except: ["169.254.0.0/16"],
  },
} satisfies Deployment;
