import type { Texts } from "../../../catalog/demo/demo-kind.ts";
import type { Input, Result } from "../../../../mixins/contract/calls.ts";

type Request = Input<"after-sales.requests.create">;

export interface DemoAfterSale {
  /** The status that it is left in. */
  readonly ends: Result<"after-sales.requests.get">["status"];
  readonly kind: Request["kind"];
  readonly reason: Request["reason"];
  readonly text: Texts;
}

/** One of each status, twice for those in which something is to be done. */
export const demoAfterSales: readonly DemoAfterSale[] = [
  {
    ends: "requested",
    kind: "return-and-refund",
    reason: "damaged",
    text: ["One corner is broken.", "有一个角坏了。", "角が欠けています。"],
  },
  {
    ends: "requested",
    kind: "refund-only",
    reason: "late",
    text: ["It came after the birthday.", "生日过了才到。", "誕生日の後に届きました。"],
  },
  {
    ends: "approved",
    kind: "return-and-refund",
    reason: "unwanted",
    text: ["I have ordered it twice.", "不小心买了两次。", "二重に注文してしまいました。"],
  },
  {
    ends: "sent-back",
    kind: "return-and-refund",
    reason: "not-as-described",
    text: ["The colour is another one.", "颜色与描述不符。", "色が説明と違います。"],
  },
  {
    ends: "received",
    kind: "exchange",
    reason: "wrong-item",
    text: ["I got another one than I ordered.", "发错货了。", "注文と違うものが届きました。"],
  },
  {
    ends: "replaced",
    kind: "exchange",
    reason: "defective",
    text: ["It does not switch on.", "开不了机。", "電源が入りません。"],
  },
  {
    ends: "refunded",
    kind: "return-and-refund",
    reason: "defective",
    text: ["It stopped working on the second day.", "第二天就坏了。", "2日目に動かなくなりました。"],
  },
  {
    ends: "refunded",
    kind: "refund-only",
    reason: "incomplete",
    text: [
      "A part was missing; I keep the rest.",
      "少了配件，其余我留下。",
      "部品が足りません。残りは使います。",
    ],
  },
  {
    ends: "rejected",
    kind: "return-and-refund",
    reason: "unwanted",
    text: ["I do not like it any more.", "不喜欢了。", "気に入らなくなりました。"],
  },
  {
    ends: "disputed",
    kind: "return-and-refund",
    reason: "not-as-described",
    text: ["It is smaller than described.", "比描述的小。", "説明より小さいです。"],
  },
  {
    ends: "disputed",
    kind: "refund-only",
    reason: "defective",
    text: ["It rattles.", "有异响。", "異音がします。"],
  },
  {
    ends: "closed",
    kind: "refund-only",
    reason: "other",
    text: ["I have seen it cheaper.", "看到别处更便宜。", "よそで安く見つけました。"],
  },
  {
    ends: "withdrawn",
    kind: "return-and-refund",
    reason: "unwanted",
    text: ["I am not sure about it.", "有点犹豫。", "迷っています。"],
  },
];

/** What both sides write. */
export const conversation: readonly [buyer: Texts, seller: Texts] = [
  [
    "Here is a picture. What do you need besides?",
    "这是照片，还需要什么？",
    "写真です。ほかに何か必要ですか？",
  ],
  [
    "Thank you, that is enough. We answer by tomorrow.",
    "谢谢，足够了，我们明天前答复。",
    "ありがとうございます。十分です。明日までにお返事します。",
  ],
];

/** Reasons of sellers, buyers and staff. */
export const afterSaleReasons = {
  rejected: ["It was worn", "已有使用痕迹", "使用の跡があります"],
  escalated: ["I have not used it", "我没有使用过", "使っていません"],
  dismissed: ["A lower price elsewhere is no fault", "价格差异不属于质量问题", "価格差は欠陥ではありません"],
} as const satisfies Record<string, Texts>;
