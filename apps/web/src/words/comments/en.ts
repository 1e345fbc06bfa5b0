/** What comments say. */
export const commentsEn = {
  title: "Comments",
  open_one: "Comments: {{count, number}} open",
  open_other: "Comments: {{count, number}} open",
  close: "Close the comments",
  none: "Nobody has said anything yet.",
  hint: "Select words in the text to say something about them. @name tells somebody.",
  onWords: "Comment on the selected words",
  onFile: "Comment on the file",
  text: "Your comment",
  answerText: "Your answer",
  submit: "Comment",
  answer: "Answer",
  cancel: "Cancel",
  resolve: "Resolve",
  reopen: "Open again",
  resolved: "Resolved",
  resolvedBy: "Resolved by {{name}}",
  remove: "Delete",
  removed: "This comment was deleted.",
  somebody: "Somebody who is gone",
  quote: "Show “{{quote}}” in the text",
  gone: "These words are no longer in the text",
  showResolved_one: "Show {{count, number}} that is resolved",
  showResolved_other: "Show {{count, number}} that are resolved",
};

export type CommentWords = typeof commentsEn;
