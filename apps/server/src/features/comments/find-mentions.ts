import { maxMentions, userNameSchema } from "@satchel/protocol";

/** Names behind an @, as user names are written. What ends a sentence is no part of a name, though a name may have it inside. */
const mention = /(?<![A-Za-z0-9._@+-])@([A-Za-z0-9][A-Za-z0-9._@+-]{0,63})/g;

/** The user names that a text mentions, each once, at most {@link maxMentions}; whether they are anybody's is not looked at. */
export function findMentions(text: string): string[] {
  const names = [...text.matchAll(mention)].map(([, name = ""]) => name.replace(/[._@+-]+$/, ""));
  const each = new Set(names.filter((name) => userNameSchema.safeParse(name).success));
  return [...each].slice(0, maxMentions);
}
