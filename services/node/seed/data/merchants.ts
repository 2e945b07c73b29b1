import type { DemoMerchant } from "./demo-merchant.ts";
import { merchant } from "./demo-merchant.ts";

/** Those who sell. */
export const sellers: readonly DemoMerchant[] = [
  merchant(
    "tea-road",
    ["Tea Road", "茶路", "茶の道"],
    [
      "Tea from gardens that we visit each spring, and coffee for the mornings after.",
      "每年春天亲自走访茶园，另有唤醒清晨的咖啡。",
      "毎春訪ねる茶園のお茶と、朝のためのコーヒー。",
    ],
    ["jar", 95],
    { owner: "Lin Mei", city: "hangzhou", sections: ["coffee-and-leaf-tea"] },
  ),
  merchant(
    "hillside-larder",
    ["Hillside Larder", "山坡食铺", "丘の食料庫"],
    [
      "Oils, grains and sweets of small makers. Every order is packed by hand.",
      "小作坊的油、谷物与甜点，每一单都由手工打包。",
      "小さな作り手の油、穀物、お菓子。すべて手作業で梱包します。",
    ],
    ["bottle", 60],
    { owner: "Owen Price", city: "leeds", sections: ["pantry", "sweets-and-snacks"] },
  ),
  merchant(
    "lantern-books",
    ["Lantern Books", "灯笼书店", "ランタン書店"],
    [
      "Novels for long evenings, and paper for those who write themselves.",
      "长夜里的小说，以及写作者的纸张。",
      "長い夜のための小説と、自分で書く人のための紙。",
    ],
    ["book", 40],
    { owner: "Clara Voss", city: "berlin", sections: ["fiction", "paper-goods"] },
  ),
  merchant(
    "bright-signal",
    ["Bright Signal", "明讯手机", "ブライトシグナル"],
    [
      "Phones with two years of guarantee, and what keeps them charged and whole.",
      "手机两年质保，配件一应俱全。",
      "2年保証のスマートフォンと、充電・保護のための品々。",
    ],
    ["phone", 210],
    { owner: "Zhao Lei", city: "shanghai", sections: ["smartphones", "phone-accessories"] },
  ),
  merchant(
    "quiet-ear",
    ["Quiet Ear", "静耳", "しずかな耳"],
    [
      "Earphones and watches, each listened to and worn before we sell it.",
      "耳机与手表，每款都由我们亲自试听试戴。",
      "イヤホンと時計。どれも自分たちで試してから販売します。",
    ],
    ["earbuds", 255],
    { owner: "Sato Ren", city: "tokyo", sections: ["wearables"] },
  ),
  merchant(
    "keystroke",
    ["Keystroke", "敲击", "キーストローク"],
    [
      "Keyboards and mice for people who type all day. Spare parts for ten years.",
      "为整天打字的人准备的键鼠，零件供应十年。",
      "一日中打つ人のためのキーボードとマウス。部品は10年供給。",
    ],
    ["box", 190],
    { owner: "Ines Falk", city: "berlin", sections: ["keyboards-and-mice"] },
  ),
  merchant(
    "northern-data",
    ["Northern Data", "北方存储", "ノーザンデータ"],
    [
      "Drives and networks that need no attention.",
      "让人省心的存储与网络设备。",
      "意識せずに使えるストレージとネットワーク機器。",
    ],
    ["monitor", 200],
    { owner: "Marc Olsen", city: "seattle", sections: ["storage-and-network"] },
  ),
  merchant(
    "small-kitchen",
    ["The Small Kitchen", "小厨房", "小さな台所"],
    [
      "Helpers for kitchens of six square metres, tried in ours.",
      "六平米厨房的好帮手，我们自家都在用。",
      "6平方メートルの台所のための道具。私たちの台所で試しました。",
    ],
    ["pot", 20],
    { owner: "Yamada Aoi", city: "kyoto", sections: ["kitchen-appliances"] },
  ),
  merchant(
    "clear-rooms",
    ["Clear Rooms", "净室", "クリアルームズ"],
    [
      "Clean floors and clean air, with filters that can be bought singly.",
      "洁净地板与清新空气，滤网可单独购买。",
      "きれいな床と空気。フィルターは単品で買えます。",
    ],
    ["appliance", 170],
    { owner: "Nadia Karim", city: "london", sections: ["cleaning-and-climate"] },
  ),
  merchant(
    "linen-loft",
    ["Linen Loft", "亚麻阁楼", "リネンロフト"],
    [
      "Bed linen and towels of flax and cotton that get softer with each wash.",
      "亚麻与纯棉的床品毛巾，越洗越柔软。",
      "洗うほどに柔らかくなる麻と綿の寝具・タオル。",
    ],
    ["cushion", 30],
    { owner: "Freya Lund", city: "leeds", sections: ["bed-and-bath"] },
  ),
  merchant(
    "warm-light",
    ["Warm Light", "暖光", "あたたかな灯り"],
    [
      "Lamps and furniture for rooms in which one stays.",
      "让人愿意久留的灯具与家具。",
      "長く過ごす部屋のための照明と家具。",
    ],
    ["lamp", 45],
    { owner: "Anders Holm", city: "berlin", sections: ["light-and-furniture"] },
  ),
  merchant(
    "table-and-pan",
    ["Table and Pan", "桌与锅", "テーブルと鍋"],
    [
      "Pans that are passed on, and plates that may be used every day.",
      "可传家的锅，天天可用的盘。",
      "受け継がれる鍋と、毎日使える器。",
    ],
    ["pot", 0],
    { owner: "Bruno Keller", city: "london", sections: ["cooking-and-dining"] },
  ),
  merchant(
    "harbour-tailors",
    ["Harbour Tailors", "港湾裁缝", "ハーバーテーラーズ"],
    [
      "Shirts and trousers in honest sizes. We shorten what is too long, free of charge.",
      "尺码实在的衬衫与裤装，免费改短。",
      "正直なサイズのシャツとパンツ。丈詰めは無料です。",
    ],
    ["shirt", 220],
    { owner: "Tom Hadley", city: "london", sections: ["mens-tops", "mens-trousers"] },
  ),
  merchant(
    "weather-side",
    ["Weatherside", "迎风面", "ウェザーサイド"],
    [
      "Coats and knitwear for the side from which the rain comes.",
      "应对风雨的外套与针织。",
      "雨風の側に立つためのコートとニット。",
    ],
    ["shirt", 140],
    { owner: "Isla Reid", city: "leeds", sections: ["mens-outerwear"] },
  ),
  merchant(
    "atelier-iris",
    ["Atelier Iris", "鸢尾工坊", "アトリエ・イリス"],
    [
      "Dresses, blouses and knitwear of small series.",
      "小批量制作的连衣裙、衬衫与针织。",
      "少量生産のワンピース、ブラウス、ニット。",
    ],
    ["dress", 300],
    { owner: "Camille Roux", city: "berlin", sections: ["dresses-and-skirts", "womens-tops"] },
  ),
  merchant(
    "city-carry",
    ["City Carry", "城市行囊", "シティキャリー"],
    ["Coats and bags that fit under one another.", "彼此相配的大衣与包袋。", "重ねて似合うコートとバッグ。"],
    ["bag", 340],
    { owner: "Chen Yu", city: "shanghai", sections: ["coats-and-bags"] },
  ),
  merchant(
    "long-run",
    ["Long Run", "长跑", "ロングラン"],
    [
      "Running shoes, advised by people who run. Exchange within a hundred days.",
      "由跑者推荐的跑鞋，百日内可换。",
      "走る人が選ぶランニングシューズ。100日間交換できます。",
    ],
    ["shoe", 10],
    { owner: "Mori Takumi", city: "tokyo", sections: ["sports-shoes"] },
  ),
  merchant(
    "good-leather",
    ["Good Leather", "好皮匠", "グッドレザー"],
    [
      "Welted shoes that can be resoled, and sandals for the summer.",
      "可换底的固特异皮鞋，以及夏天的凉鞋。",
      "底を張り替えられる革靴と、夏のサンダル。",
    ],
    ["boot", 25],
    { owner: "George Bell", city: "leeds", sections: ["leather-shoes", "sandals-and-slippers"] },
  ),
  merchant(
    "camellia-counter",
    ["Camellia Counter", "山茶柜台", "椿カウンター"],
    [
      "Skin care and make-up with ingredients that we can spell.",
      "成分看得懂的护肤与彩妆。",
      "成分の分かるスキンケアとメイク。",
    ],
    ["tube", 330],
    { owner: "Ito Hana", city: "kyoto", sections: ["skin-care", "make-up"] },
  ),
  merchant(
    "little-steps",
    ["Little Steps", "小脚丫", "ちいさなあしあと"],
    [
      "For the first years: prams, bottles, and toys that may be chewed.",
      "陪伴最初的几年：推车、奶瓶和可以啃的玩具。",
      "はじめの数年のために。ベビーカー、哺乳びん、かじってもよいおもちゃ。",
    ],
    ["bear", 55],
    {
      owner: "Wang Fang",
      city: "hangzhou",
      sections: ["on-the-way", "feeding-and-care", "toys-and-clothes"],
    },
  ),
];
