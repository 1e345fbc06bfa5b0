/** What the editor of texts says. */
export const editorEn = {
  opening: "Opening…",
  text: "Text of {{name}}",
  hint: "Esc leaves the text, Esc again closes it",
  undo: "Undo",
  redo: "Redo",
  find: "Find",
  close: "Close",
  moved: "now in another folder",
  status: {
    saved: "Saved",
    saving: "Saving…",
    offline: "Offline",
    readOnly: "View only",
    ended: "Closed",
    notSaved: "Not saved yet: {{reason}}",
  },
  note: {
    offline: "What you type stays in this window, and is merged when the server can be reached again.",
    readOnly: "You may only read this. What others type appears as they type it.",
    notTaken: "You may only read this now. What you typed last was not taken: download it to keep it.",
    tooLong: "That was not put in: a text of this length can't be edited here.",
  },
  ended: {
    gone: {
      title: "This file is no longer here",
      lead: "It was deleted, or you may not see it any more.",
    },
    not_text: {
      title: "This can't be edited here",
      lead: "It isn't a text, or no longer is one, or it is larger than 256 KB. What was typed and not saved is in a conflicted copy beside it.",
    },
    too_large: {
      title: "This text became too long to be edited here",
      lead: "All that the server took is saved.",
    },
    login_ended: {
      title: "You are signed out",
      lead: "Sign in again to go on.",
    },
    unsent: "Your last words did not reach the server. Download the text to keep them.",
  },
  download: "Download the text",
  people: "Also here",
  leave: {
    title: "Close with words that aren't saved?",
    lead: "The server doesn't have your last words: they are in this window only.",
    submit: "Close and lose them",
  },
  unsent: {
    title: "Keep your last words in “{{name}}”?",
    lead: "It isn't certain that the server has them. Download the text to keep them.",
    close: "Don't keep them",
  },
  search: {
    find: "Find",
    replaceBy: "Replace with",
    next: "next",
    previous: "previous",
    all: "all",
    matchCase: "match case",
    pattern: "pattern",
    byWord: "whole words",
    replace: "replace",
    replaceAll: "replace all",
    close: "close",
    current: "current match",
    replaced: "replaced $ matches",
    replacedOnLine: "replaced match on line $",
    onLine: "on line",
    goToLine: "Go to line",
    go: "go",
  },
};

export type EditorWords = typeof editorEn;
