/** What the scripted assistant says. */

export const rich = `Order **1048** is *open*: it waits for the espresso roast, which arrives on Friday.

### What is still missing

1. The roast itself, 20 bags
   - 12 are on the truck from Trieste
   - 8 leave the warehouse tomorrow
2. A signature from **L. Holm**

| Article | Ordered | On stock |
|:--|--:|--:|
| Espresso roast, 10 kg | 20 | 8 |
| Paper filters, box of 1000 | 15 | 140 |

You can watch it yourself:

\`\`\`bash
curl -s https://orders.example/api/orders/1048 |
  jq '.lines[] | select(.stock < .quantity)'
\`\`\`

> Until then nothing is invoiced.

More in the [terms of delivery](https://example.org/terms), or run \`order status 1048\`.`;

export const table = `All orders of this quarter:

| Number | Date | Customer | City | Contact | Article | Quantity | Unit price | Amount | Status |
|--:|---|---|---|---|---|--:|--:|--:|---|
${Array.from({ length: 40 }, (_, i) => `| ${1048 - i} | 2026-03-${String(28 - (i % 27)).padStart(2, "0")} | Northern Canteens | Aarhus | L. Holm | Espresso roast, 10 kg | ${20 + i} | 96.00 | ${((20 + i) * 96).toFixed(2)} | ${i % 3 ? "Paid" : "Open"} |`).join("\n")}

That is all of them.`;

export const arabic = `الطلب رقم **1048** قيد الانتظار: ستصل شحنة القهوة يوم الجمعة.

1. عشرون كيسًا من قهوة الإسبريسو
2. توقيع من **L. Holm**

| الصنف | الكمية |
|---|--:|
| قهوة إسبريسو | 20 |
| أوراق ترشيح | 15 |

لمزيد من التفاصيل اكتب \`order status 1048\`.`;

export const arabicTexts = {
  title: "المساعد",
  open: "فتح المحادثة",
  close: "إغلاق المحادثة",
  welcome: "كيف يمكنني مساعدتك؟",
  log: "المحادثة",
  you: "أنت",
  assistant: "المساعد",
  question: "سؤالك",
  placeholder: "اسأل أي شيء…",
  hint: "مفتاح الإدخال يرسل السؤال.",
  footer: "قد يخطئ المساعد. تحقق من المعلومات المهمة.",
  send: "إرسال",
  stop: "إيقاف الإجابة",
  answering: "المساعد يجيب.",
  copy: "نسخ",
  copyCode: "نسخ الكود",
  good: "إجابة جيدة",
  bad: "إجابة سيئة",
  sources: { one: "مصدر واحد", two: "مصدران", few: "{n} مصادر", other: "{n} مصدرًا" },
  steps: { one: "خطوة واحدة", two: "خطوتان", few: "{n} خطوات", other: "{n} خطوة" },
  suggestions: "أسئلة مقترحة",
  conversations: "المحادثات",
  newConversation: "محادثة جديدة",
};
