import type { ReviewTexts } from "./tone.ts";

/** By department: of devices and what is for the home. */
export const reviewsOfThings: Readonly<Record<string, ReviewTexts>> = {
  phones: {
    good: [
      [
        "Quick, bright, and the battery lasts until the evening after next.",
        "速度快、屏幕亮，电池能撑到第二天晚上。",
        "速くて明るく、電池は翌日の夜まで持ちます。",
      ],
      [
        "Set up in ten minutes. Exactly as described.",
        "十分钟就设置好了，和描述完全一致。",
        "10分で設定できました。説明のとおりです。",
      ],
    ],
    mixed: [
      [
        "Good for the price, but the manual is too short.",
        "性价比不错，就是说明书太简单。",
        "値段のわりに良いですが、説明書が短すぎます。",
      ],
    ],
    bad: [
      [
        "It gets warm when charging, and mine arrived half empty.",
        "充电时发热，收到时只有一半电。",
        "充電中に熱くなり、届いたときは半分でした。",
      ],
    ],
  },
  computers: {
    good: [
      [
        "Quiet, solid and easy to open for cleaning.",
        "安静、扎实，拆开清洁也方便。",
        "静かで頑丈、掃除のために開けやすいです。",
      ],
      [
        "I type on it all day and my hands thank me.",
        "整天打字，手也不累了。",
        "一日中打っていますが、手が疲れません。",
      ],
    ],
    mixed: [
      [
        "Does its job. The cable could be longer.",
        "能用，线要是再长点就好了。",
        "問題なく使えます。ケーブルがもう少し長ければ。",
      ],
    ],
    bad: [
      [
        "One key sticks after a week. I expected more.",
        "一周后有个键就卡了，有点失望。",
        "1週間でキーがひとつ引っかかります。残念です。",
      ],
    ],
  },
  "household-appliances": {
    good: [
      [
        "Quieter than the old one, and it uses half the power.",
        "比旧的安静，电费也省了一半。",
        "前のより静かで、電気代は半分です。",
      ],
      [
        "Delivered to the kitchen, connected, explained. Thank you!",
        "送到厨房、装好还讲解，谢谢！",
        "台所まで運んで設置し、説明もしてくれました。感謝します。",
      ],
    ],
    mixed: [
      [
        "Works well, but it beeps for everything.",
        "好用，但什么都要“哔”一声。",
        "よく働きますが、何にでも音が鳴ります。",
      ],
    ],
    bad: [["Arrived with a dent in the door.", "到货时门上有凹痕。", "扉にへこみがある状態で届きました。"]],
  },
  "home-and-living": {
    good: [
      [
        "The colour is just as in the picture, and it feels better than it looks.",
        "颜色和图片一样，手感比看起来还好。",
        "写真どおりの色で、手触りは見た目以上です。",
      ],
      ["We bought a second one for the guests.", "又给客房买了一件。", "お客さま用にもうひとつ買いました。"],
    ],
    mixed: [
      [
        "Beautiful, though a little smaller than I had measured in my mind.",
        "很漂亮，就是比想象中小一点。",
        "きれいですが、想像より少し小さめでした。",
      ],
    ],
    bad: [
      ["The seam came apart in the first wash.", "第一次洗就开线了。", "最初の洗濯で縫い目がほつれました。"],
    ],
  },
  cars: {
    good: [
      [
        "Fitted in a quarter of an hour without tools.",
        "不用工具，一刻钟就装好了。",
        "工具なしで15分で取り付けられました。",
      ],
      ["Does what it says, summer and winter.", "冬夏都好用，名副其实。", "夏も冬も、うたい文句どおりです。"],
    ],
    mixed: [
      [
        "Useful, but the suction cup lets go on warm days.",
        "实用，但天热时吸盘会掉。",
        "便利ですが、暑い日は吸盤が外れます。",
      ],
    ],
    bad: [
      [
        "Does not fit my model, in spite of the list.",
        "虽在列表里，却不适合我的车型。",
        "適合表にあるのに、私の車に合いません。",
      ],
    ],
  },
  "mother-and-child": {
    good: [
      [
        "Survives being thrown from the pram ten times a day.",
        "一天从推车里被扔十次也没坏。",
        "一日に十回ベビーカーから投げられても壊れません。",
      ],
      [
        "Soft, washable, and the first thing she asks for in the morning.",
        "柔软可水洗，孩子早上第一个就要它。",
        "柔らかくて洗え、朝いちばんに欲しがります。",
      ],
    ],
    mixed: [
      [
        "Lovely, but hard to fold with one hand.",
        "很可爱，但单手不好收。",
        "すてきですが、片手では畳みにくいです。",
      ],
    ],
    bad: [["It leaks when it lies on its side.", "侧放会漏。", "横にすると漏れます。"]],
  },
  health: {
    good: [
      ["The figures agree with those at the doctor's.", "测得和医院的一致。", "病院での測定値と一致します。"],
      ["After two weeks my back is glad of it.", "用了两周，腰背舒服多了。", "2週間で背中が楽になりました。"],
    ],
    mixed: [
      [
        "Helps, but it smells of rubber at first.",
        "有用，刚开始有橡胶味。",
        "役に立ちますが、最初はゴムのにおいがします。",
      ],
    ],
    bad: [
      [
        "The display was broken when I opened the box.",
        "打开时屏幕就是坏的。",
        "箱を開けたら表示部が割れていました。",
      ],
    ],
  },
};
