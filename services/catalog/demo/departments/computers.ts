import type { DemoDepartment } from "../demo-kind.ts";

export const computers: DemoDepartment = {
  slug: "computers",
  names: ["Computers", "电脑", "パソコン"],
  closings: [
    ["With a guarantee of three years.", "三年质保。", "3年間の保証付き。"],
    ["Spare parts are kept for ten years.", "备件保留十年。", "交換部品は10年間保有します。"],
    ["Works with all common systems.", "兼容所有常见系统。", "主要なOSに対応。"],
  ],
  sections: [
    {
      slug: "laptops-and-screens",
      names: ["Laptops and screens", "笔记本与显示器", "ノートパソコン・モニター"],
      kinds: [
        {
          shape: "laptop",
          name: ["{brand} {model} laptop", "{brand} {model} 笔记本电脑", "{brand} {model} ノートパソコン"],
          about: [
            "{screen} inches, {weight} kilograms, and {hours} hours away from the socket. The keyboard is a pleasure.",
            "{screen} 英寸，{weight} 千克，续航 {hours} 小时，键盘手感出色。",
            "{screen}インチ、{weight}キログラム、電源なしで{hours}時間。打ち心地のよいキーボード。",
          ],
          weightGrams: 1300,
          options: { memory: ["16 GB", "32 GB"], storage: ["512 GB", "1 TB"] },
          surcharges: { "32 GB": 18000, "1 TB": 12000 },
          type: "computers",
          attributes: {
            computer_form: "laptop",
            screen_size: "{screen}",
            memory: 16,
            storage: 512,
            touchscreen: false,
            operating_system: "linux",
            warranty: 36,
          },
          models: [
            {
              brand: "lumora",
              price: 99900,
              words: { model: "Feather 13", screen: "13.3", weight: "0.99", hours: "16" },
              attributes: { processor: "Eight cores, 3.8 GHz" },
            },
            {
              brand: "lumora",
              price: 139900,
              words: { model: "Studio 16", screen: "16", weight: "1.9", hours: "12" },
              attributes: { processor: "Twelve cores, 4.4 GHz" },
            },
            {
              brand: "tessel",
              price: 84900,
              words: { model: "Folio 14", screen: "14", weight: "1.3", hours: "14" },
              attributes: { processor: "Six cores, 3.4 GHz" },
            },
          ],
        },
        {
          shape: "monitor",
          name: ["{brand} {model} monitor", "{brand} {model} 显示器", "{brand} {model} モニター"],
          about: [
            "{screen} inches with {resolution}, on a stand that lifts, tilts and turns. One cable for picture and power.",
            "{screen} 英寸，{resolution}，支架可升降、倾斜、旋转，一线传输画面与供电。",
            "{screen}インチ、{resolution}。高さも角度も変わるスタンドで、映像と給電はケーブル1本。",
          ],
          weightGrams: 5400,
          models: [
            {
              brand: "lumora",
              price: 32900,
              words: {
                model: "View 27",
                screen: "27",
                resolution: ["4K resolution", "4K 分辨率", "4K解像度"],
              },
            },
            {
              brand: "tessel",
              price: 21900,
              words: {
                model: "Desk 24",
                screen: "24",
                resolution: ["QHD resolution", "2K 分辨率", "QHD解像度"],
              },
            },
            {
              brand: "northwave",
              price: 54900,
              words: {
                model: "Horizon 34",
                screen: "34",
                resolution: ["an ultra-wide panel", "超宽曲面屏", "ウルトラワイド画面"],
              },
            },
          ],
        },
      ],
    },
    {
      slug: "keyboards-and-mice",
      names: ["Keyboards and mice", "键盘与鼠标", "キーボード・マウス"],
      kinds: [
        {
          shape: "laptop",
          name: [
            "{brand} {model} mechanical keyboard",
            "{brand} {model} 机械键盘",
            "{brand} {model} メカニカルキーボード",
          ],
          about: [
            "{keys} keys on {switches}, with caps that do not shine after a year.",
            "{keys} 键，{switches}，键帽久用不打油。",
            "{keys}キー、{switches}。長く使ってもテカらないキーキャップ。",
          ],
          weightGrams: 820,
          options: { layout: ["UK", "US"], colour: ["black", "white"] },
          models: [
            {
              brand: "tessel",
              price: 11900,
              words: {
                model: "Quill",
                keys: "87",
                switches: ["quiet linear switches", "静音线性轴", "静音リニアスイッチ"],
              },
            },
            {
              brand: "tessel",
              price: 15900,
              words: {
                model: "Quill Pro",
                keys: "104",
                switches: ["hot-swappable switches", "热插拔轴体", "ホットスワップ対応スイッチ"],
              },
            },
            {
              brand: "kitefin",
              price: 7400,
              words: {
                model: "Clack",
                keys: "68",
                switches: ["tactile switches", "段落轴", "タクタイルスイッチ"],
              },
            },
          ],
        },
        {
          shape: "box",
          name: [
            "{brand} {model} wireless mouse",
            "{brand} {model} 无线鼠标",
            "{brand} {model} ワイヤレスマウス",
          ],
          about: [
            "Shaped for {hand}. Tracks on glass, and one battery lasts {months} months.",
            "专为{hand}设计，玻璃上也能使用，一节电池可用 {months} 个月。",
            "{hand}になじむ形。ガラスの上でも動き、電池1本で{months}か月使えます。",
          ],
          weightGrams: 95,
          options: { colour: ["black", "white", "blue"] },
          models: [
            {
              brand: "tessel",
              price: 4900,
              words: { model: "Glide", hand: ["large hands", "大手", "大きな手"], months: "18" },
            },
            {
              brand: "tessel",
              price: 5400,
              words: { model: "Lift", hand: ["a relaxed wrist", "放松的手腕", "楽な手首"], months: "12" },
            },
            {
              brand: "kitefin",
              price: 2200,
              words: {
                model: "Scurry",
                hand: ["small hands and travel", "小手与出行", "小さな手と旅先"],
                months: "10",
              },
            },
          ],
        },
      ],
    },
    {
      slug: "storage-and-network",
      names: ["Storage and network", "存储与网络", "ストレージ・ネットワーク"],
      kinds: [
        {
          shape: "box",
          name: [
            "{brand} {model} portable SSD",
            "{brand} {model} 移动固态硬盘",
            "{brand} {model} ポータブルSSD",
          ],
          about: [
            "Copies a film in {seconds} seconds and survives a fall from the desk.",
            "拷贝一部电影只需 {seconds} 秒，从桌上跌落也不怕。",
            "映画1本を{seconds}秒でコピー。机から落ちても平気です。",
          ],
          weightGrams: 58,
          options: { capacity: ["1 TB", "2 TB", "4 TB"] },
          surcharges: { "2 TB": 6000, "4 TB": 18000 },
          models: [
            { brand: "kitefin", price: 8900, words: { model: "Vault", seconds: "6" } },
            { brand: "northwave", price: 10900, words: { model: "Icebox", seconds: "4" } },
            { brand: "tessel", price: 9900, words: { model: "Slate", seconds: "5" } },
          ],
        },
        {
          shape: "box",
          name: [
            "{brand} {model} Wi-Fi router",
            "{brand} {model} 无线路由器",
            "{brand} {model} Wi-Fiルーター",
          ],
          about: [
            "Covers {area} square metres, and is set up with a phone in five minutes.",
            "覆盖 {area} 平方米，用手机五分钟即可完成设置。",
            "{area}平方メートルをカバー。スマートフォンで5分で設定できます。",
          ],
          weightGrams: 480,
          models: [
            { brand: "northwave", price: 8900, words: { model: "Beacon", area: "120" } },
            { brand: "northwave", price: 15900, words: { model: "Beacon Mesh", area: "240" } },
            { brand: "kitefin", price: 4900, words: { model: "Hop", area: "70" } },
          ],
        },
      ],
    },
  ],
};
