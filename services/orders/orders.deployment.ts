import type { Deployment } from "../../mixins/service/deployment.ts";

export default {
  replicas: 2,
  maxReplicas: 8,
  note: "With PAYMENT_PROVIDERS=stripe also STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET; with alipay or wechat their keys.",
  egress: {
    name: "orders-to-payment-providers",
    about:
      "Payment providers, whose addresses are not known beforehand; nothing inside the cluster and no other port.",
    ports: [443],
    except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"],
  },
} satisfies Deployment;
