/** The forms that Arabic has of a counted word, in the order of CLDR: zero, one, two, few (3 to 10), many (11 to 99), other. */
export type Forms = readonly [zero: string, one: string, two: string, few: string, many: string, other: string];

const names = ["zero", "one", "two", "few", "many", "other"] as const;
type FormName = (typeof names)[number];

/** Texts in Arabic: the keys of English, with six forms where that has two. */
export type InArabic<Texts> = {
  readonly [Key in keyof Texts]: Texts[Key] extends string ? string : InArabic<Texts[Key]>;
} & {
  readonly [Key in keyof Texts as Key extends `${infer Base}_other` ? `${Base}_${FormName}` : never]: string;
};

/** The six texts of a key, each a sentence around a form. */
export function plural<Base extends string>(
  base: Base,
  forms: Forms,
  sentence: (form: string) => string = (form) => form,
): Record<`${Base}_${FormName}`, string> {
  const texts = names.map((name, index) => [`${base}_${name}`, sentence(forms[index] ?? "")] as const);
  return Object.fromEntries(texts) as Record<`${Base}_${FormName}`, string>;
}

/** For sentences in which the counted word is understood: the number alone. */
export const justNumber: Forms = [0, 1, 2, 3, 4, 5].map(() => "{{count, number}}") as unknown as Forms;

/** Counted words as subjects. */
export const items: Forms = [
  "لا عناصر",
  "عنصر واحد",
  "عنصران",
  "{{count, number}} عناصر",
  "{{count, number}} عنصرًا",
  "{{count, number}} عنصر",
];
export const files: Forms = [
  "لا ملفات",
  "ملف واحد",
  "ملفان",
  "{{count, number}} ملفات",
  "{{count, number}} ملفًا",
  "{{count, number}} ملف",
];

/** Counted words after a verbal noun or a preposition. */
export const ofItems: Forms = [
  "أي عنصر",
  "عنصر واحد",
  "عنصرين",
  "{{count, number}} عناصر",
  "{{count, number}} عنصرًا",
  "{{count, number}} عنصر",
];
export const ofFiles: Forms = [
  "أي ملف",
  "ملف واحد",
  "ملفين",
  "{{count, number}} ملفات",
  "{{count, number}} ملفًا",
  "{{count, number}} ملف",
];
export const ofConflicts: Forms = [
  "أي تعارض",
  "تعارض واحد",
  "تعارضين",
  "{{count, number}} تعارضات",
  "{{count, number}} تعارضًا",
  "{{count, number}} تعارض",
];
export const ofTasks: Forms = [
  "أي مهمة",
  "مهمة واحدة",
  "مهمتين",
  "{{count, number}} مهام",
  "{{count, number}} مهمة",
  "{{count, number}} مهمة",
];
export const lines: Forms = [
  "لا أسطر",
  "سطر واحد",
  "سطران",
  "{{count, number}} أسطر",
  "{{count, number}} سطرًا",
  "{{count, number}} سطر",
];
