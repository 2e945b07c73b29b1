import type { Texts } from "./demo-kind.ts";

export interface DemoBrand {
  readonly slug: string;
  readonly name: string;
  readonly about: Texts;
}

function brand(slug: string, name: string, ...about: Texts): DemoBrand {
  return { slug, name, about };
}

/** Invented brands of the demonstration mall. */
export const demoBrands: readonly DemoBrand[] = [
  brand(
    "lumora",
    "Lumora",
    "Phones and computers with clear screens.",
    "屏幕清晰的手机与电脑。",
    "画面の美しいスマートフォンとパソコン。",
  ),
  brand(
    "northwave",
    "Northwave",
    "Sound and electronics from the north.",
    "来自北方的音频与电子产品。",
    "北国生まれのオーディオと電子機器。",
  ),
  brand(
    "kitefin",
    "Kitefin",
    "Small accessories that last.",
    "经久耐用的数码小配件。",
    "長く使える小さな周辺機器。",
  ),
  brand(
    "tessel",
    "Tessel",
    "Tools for people who type all day.",
    "为整天打字的人打造的工具。",
    "一日中キーを打つ人のための道具。",
  ),
  brand(
    "halden",
    "Halden",
    "Household appliances built to be repaired.",
    "便于维修的家用电器。",
    "修理して使い続けられる家電。",
  ),
  brand(
    "brisa",
    "Brisa",
    "Fresh air, cool drinks and quiet kitchens.",
    "清新空气、冰爽饮品、安静厨房。",
    "澄んだ空気と冷たい飲み物、静かなキッチン。",
  ),
  brand(
    "yamabuki",
    "Yamabuki",
    "Kitchen helpers for small homes.",
    "为小户型设计的厨房帮手。",
    "小さな住まいのためのキッチン家電。",
  ),
  brand("fjordhem", "Fjordhem", "Plain furniture and light.", "简约的家具与灯具。", "シンプルな家具と照明。"),
  brand(
    "willow-and-slate",
    "Willow & Slate",
    "Things for table and bed.",
    "餐桌与卧室用品。",
    "食卓と寝室の品々。",
  ),
  brand(
    "sora-living",
    "Sora Living",
    "Calm colours for every room.",
    "让每个房间都宁静的色彩。",
    "どの部屋にもなじむ穏やかな色。",
  ),
  brand(
    "harrow-and-finch",
    "Harrow & Finch",
    "Menswear for work and weekend.",
    "适合工作与周末的男装。",
    "仕事にも週末にも着られるメンズウェア。",
  ),
  brand("aldergate", "Aldergate", "Clothes for any weather.", "无惧天气的服装。", "どんな天気にも応える服。"),
  brand(
    "maison-celeste",
    "Maison Celeste",
    "Womenswear with a soft line.",
    "线条柔美的女装。",
    "やわらかなラインのレディースウェア。",
  ),
  brand(
    "yuzuki",
    "Yuzuki",
    "Light clothes in natural fibres.",
    "天然纤维的轻盈服饰。",
    "天然素材の軽やかな服。",
  ),
  brand("linden-row", "Linden Row", "Knitwear and accessories.", "针织与配饰。", "ニットと小物。"),
  brand("strider", "Strider", "Shoes for running and walking.", "跑步与步行鞋。", "走る人、歩く人の靴。"),
  brand(
    "cobble-lane",
    "Cobble Lane",
    "Leather shoes, stitched and resoled.",
    "可换底的缝线皮鞋。",
    "縫い付け底で張り替えのきく革靴。",
  ),
  brand("camellia-lab", "Camellia Lab", "Gentle skin care.", "温和的护肤品。", "肌にやさしいスキンケア。"),
  brand("verbena", "Verbena", "Scents and colours.", "香氛与彩妆。", "香りと色のコスメ。"),
  brand(
    "hilltop-pantry",
    "Hilltop Pantry",
    "Good things from small farms.",
    "来自小农庄的好食材。",
    "小さな農家から届くおいしいもの。",
  ),
  brand("jade-garden", "Jade Garden", "Tea and noodles.", "茶与面。", "お茶と麺。"),
  brand("umi-kitchen", "Umi Kitchen", "Flavours of the coast.", "海岸的滋味。", "海辺の味。"),
  brand(
    "paper-lantern-press",
    "Paper Lantern Press",
    "Stories for all ages.",
    "写给所有年龄的故事。",
    "すべての世代の物語。",
  ),
  brand("inkwell-house", "Inkwell House", "Books that explain.", "讲明白道理的书。", "よくわかる本。"),
  brand("roadmate", "Roadmate", "Everything for the car.", "汽车用品一应俱全。", "車のためのあらゆるもの。"),
  brand("torque-and-trail", "Torque & Trail", "For long roads.", "为远行而生。", "長い道のりのために。"),
  brand("little-wonders", "Little Wonders", "Small presents.", "小小的礼物。", "小さな贈り物。"),
  brand("bloomery", "Bloomery", "Flowers and candles.", "鲜花与香烛。", "花とキャンドル。"),
  brand("vital-grove", "Vital Grove", "For body and mind.", "为身心健康。", "心と体のために。"),
  brand("restwell", "Restwell", "Measure, train, rest.", "测量、锻炼、休息。", "測る、鍛える、休む。"),
  brand(
    "pebble-and-pip",
    "Pebble & Pip",
    "For babies and their parents.",
    "给宝宝和爸爸妈妈。",
    "赤ちゃんとパパ・ママに。",
  ),
  brand("mokomoko", "Mokomoko", "Soft toys and clothes.", "柔软的玩具与童装。", "ふわふわのおもちゃと服。"),
];
