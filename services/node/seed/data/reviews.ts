import type { Texts } from "../../../catalog/demo/demo-kind.ts";
import type { ReviewTexts, Tone } from "./tone.ts";
import { reviewsOfThings } from "./reviews-of-things.ts";

/** What buyers say about the products of a department, by its slug. */
export const reviewTexts: Readonly<Record<string, ReviewTexts>> = {
  ...reviewsOfThings,
  "mens-clothing": {
    good: [
      [
        "Fits as the table says, and the cloth keeps its shape.",
        "尺码表很准，面料不变形。",
        "サイズ表のとおりで、型崩れしません。",
      ],
      [
        "My third one. Wears well at work and on weekends.",
        "第三件了，上班周末都能穿。",
        "3着目です。仕事にも週末にも着られます。",
      ],
    ],
    mixed: [
      ["Good cloth, but the sleeves are long.", "面料好，袖子偏长。", "生地は良いですが、袖が長めです。"],
    ],
    bad: [["The colour ran at forty degrees.", "四十度水洗就掉色。", "40度の洗濯で色落ちしました。"]],
  },
  "womens-clothing": {
    good: [
      [
        "Falls beautifully, and it has pockets!",
        "垂感很好，还有口袋！",
        "きれいに落ちる生地で、しかもポケット付き！",
      ],
      [
        "Compliments from strangers on the first day.",
        "第一天穿就被路人夸了。",
        "初日から知らない人に褒められました。",
      ],
    ],
    mixed: [
      [
        "Lovely colour; take one size larger.",
        "颜色很美，建议买大一码。",
        "色はすてき。ひとつ上のサイズがおすすめです。",
      ],
    ],
    bad: [
      [
        "A button was missing and the hem is crooked.",
        "少一颗扣子，下摆也歪了。",
        "ボタンがひとつなく、裾も曲がっています。",
      ],
    ],
  },
  shoes: {
    good: [
      [
        "Ran ten kilometres on the first day, without a blister.",
        "第一天就跑了十公里，没磨脚。",
        "初日に10キロ走りましたが、靴擦れなしです。",
      ],
      [
        "True to size, and the sole grips in the rain.",
        "尺码准，雨天也防滑。",
        "サイズどおりで、雨の日も滑りません。",
      ],
    ],
    mixed: [["Comfortable once they are broken in.", "磨合之后才舒服。", "慣れれば快適です。"]],
    bad: [["The glue came loose after a month.", "一个月就开胶了。", "1か月で接着がはがれました。"]],
  },
  beauty: {
    good: [
      [
        "My skin is calm for the first time this winter.",
        "这个冬天皮肤第一次这么稳定。",
        "この冬はじめて肌が落ち着きました。",
      ],
      [
        "A little goes a long way, and the scent is gentle.",
        "用量很省，香味也淡雅。",
        "少量で伸び、香りもやさしいです。",
      ],
    ],
    mixed: [
      ["Nice, but the pump is hard to press.", "不错，就是泵头有点紧。", "良いですが、ポンプが固いです。"],
    ],
    bad: [
      [
        "Gave me a rash. Test it first.",
        "用后起疹子，建议先试用。",
        "かぶれました。先に試したほうがよいです。",
      ],
    ],
  },
  food: {
    good: [
      [
        "Tastes of spring. The second pot is the best.",
        "有春天的味道，第二泡最好喝。",
        "春の味がします。二杯目がいちばんです。",
      ],
      [
        "Fresh, well packed, and gone within a week.",
        "新鲜、包装好，一周就吃完了。",
        "新鮮で梱包も丁寧。1週間でなくなりました。",
      ],
    ],
    mixed: [["Good, but sweeter than I like.", "味道不错，就是偏甜。", "おいしいですが、私には甘めです。"]],
    bad: [["The bag was open when it arrived.", "到的时候袋子是开的。", "届いたとき袋が開いていました。"]],
  },
  books: {
    good: [
      [
        "Read in one night. I am waiting for the next one.",
        "一晚上读完，期待下一本。",
        "一晩で読みました。続きが待ち遠しいです。",
      ],
      [
        "Fine paper, sewn binding, no misprints.",
        "纸张好，锁线装订，没有错字。",
        "良い紙に糸かがり、誤植もありません。",
      ],
    ],
    mixed: [
      [
        "A strong beginning and a hurried end.",
        "开头精彩，结尾仓促。",
        "出だしは良いですが、終わりが駆け足です。",
      ],
    ],
    bad: [
      [
        "The corners were bent: packed too thinly.",
        "包装太薄，书角都折了。",
        "梱包が薄く、角が折れていました。",
      ],
    ],
  },
  gifts: {
    good: [
      [
        "Arrived on the day, wrapped with care. She was delighted.",
        "准时送到，包装用心，她很开心。",
        "当日に届き、包装も丁寧。とても喜ばれました。",
      ],
      ["An evening of fun for four people.", "四个人玩了一整晚。", "4人でひと晩楽しめました。"],
    ],
    mixed: [
      [
        "Pretty, but smaller than in the picture.",
        "好看，比图片小。",
        "かわいいですが、写真より小さめです。",
      ],
    ],
    bad: [
      ["Two pieces were missing from the box.", "盒子里少了两件。", "箱の中身がふたつ足りませんでした。"],
    ],
  },
};

/** Sellers' replies. */
export const answers: Readonly<Record<Tone, readonly Texts[]>> = {
  good: [
    [
      "Thank you! That is why we do this.",
      "谢谢您！这正是我们的动力。",
      "ありがとうございます。励みになります。",
    ],
    [
      "How good to read. See you again soon.",
      "很高兴看到您的评价，期待再次光临。",
      "うれしいお言葉です。またお待ちしております。",
    ],
  ],
  mixed: [
    [
      "Thank you for the hint; we have passed it on to the maker.",
      "感谢建议，我们已转告厂家。",
      "ご指摘ありがとうございます。作り手に伝えました。",
    ],
  ],
  bad: [
    [
      "We are sorry. Please ask for after-sale service in your order; we replace it at once.",
      "非常抱歉，请在订单中申请售后，我们马上换新。",
      "申し訳ございません。注文からアフターサービスをお申し込みください。すぐに交換いたします。",
    ],
  ],
};

/** What authors add later. */
export const followUps: readonly Texts[] = [
  ["After some days of use: still as good.", "用了几天，依然很好。", "数日使いましたが、変わらず良いです。"],
  [
    "Used it every day since. I would buy it again.",
    "之后每天都用，会再买。",
    "あれから毎日使っています。また買います。",
  ],
];

/** Other customers' questions, and the authors' answers. */
export const questions: readonly (readonly [question: Texts, answer: Texts])[] = [
  [
    ["How long did the delivery take?", "几天送到的？", "何日で届きましたか？"],
    ["Two days, well packed.", "两天，包装很好。", "2日です。梱包も丁寧でした。"],
  ],
  [
    ["Would you give it as a present?", "适合送礼吗？", "贈り物にもよいですか？"],
    ["Yes, the box is nice enough.", "可以，盒子很好看。", "はい、箱もきれいです。"],
  ],
];

/** What others report to the staff. */
export const spam: Texts = [
  "Cheaper elsewhere, write to me for the address!!!",
  "别处更便宜，想要地址私信我！！！",
  "よそではもっと安いです。連絡ください！！！",
];

/** A review that staff reject, and what its author makes of it. */
export const rejected: readonly [before: Texts, after: Texts] = [
  [
    "The seller lives in Mill Row 4 and is rude.",
    "卖家住在磨坊街4号，态度差。",
    "店主はミル通り4番に住み、失礼です。",
  ],
  [
    "The parcel was late, and my questions were not answered.",
    "发货慢，问题也没人回。",
    "発送が遅く、質問にも返事がありません。",
  ],
];
