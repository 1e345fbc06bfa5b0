import { EditorView } from "@codemirror/view";
import { personColours } from "../../../data/live/people.ts";
import { personColour } from "./person-colours.ts";

/** A class for each colour of a person: an attribute with a style in it is what the page's policy forbids. */
const peopleClasses = Object.fromEntries(
  Array.from({ length: personColours }, (_, colour) => [`.cm-person-${colour}`, { "--person": personColour(colour) }]),
);

/** The look of the editor, from the tokens of all the rest, which reach into its shadow root. */
export const editorTheme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--paper)", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "0.9375rem/1.6 var(--font-code)", overflow: "auto" },
  ".cm-content": { padding: "1rem 0 40vh", caretColor: "var(--accent)", minWidth: "0" },
  ".cm-line": { padding: "0 1rem" },
  ".cm-gutters": {
    backgroundColor: "var(--paper)",
    color: "var(--ink-soft)",
    border: "0",
    borderInlineEnd: "1px solid var(--line)",
  },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.625rem 0 0.75rem", minWidth: "2rem" },
  "&.cm-focused .cm-gutters": { borderInlineEndColor: "var(--accent)" },
  ".cm-person-caret": {
    position: "relative",
    borderInlineStart: "2px solid var(--person)",
    marginInline: "-1px",
    wordBreak: "normal",
    pointerEvents: "none",
  },
  ".cm-person-name": {
    position: "absolute",
    insetInlineStart: "-2px",
    top: "-1.15em",
    zIndex: "10",
    padding: "0 0.3rem",
    borderRadius: "4px 4px 4px 0",
    backgroundColor: "var(--person)",
    color: "var(--paper)",
    font: "600 0.6875rem/1.4 var(--font)",
    whiteSpace: "nowrap",
    userSelect: "none",
    // It is told when somebody moves, and then out of the way of the words.
    animation: "cm-person-name-goes 300ms 2500ms forwards",
  },
  "@keyframes cm-person-name-goes": { to: { opacity: "0" } },
  ".cm-line:first-child .cm-person-name": { top: "1.5em", borderRadius: "0 4px 4px 4px" },
  // Colours of code are chosen for the paper, not for this.
  ".cm-person-selection": {
    backgroundColor: "color-mix(in srgb, var(--person) 18%, var(--paper))",
    color: "var(--ink)",
  },
  ".cm-person-selection *": { color: "inherit" },
  ".cm-commented": {
    backgroundColor: "var(--accent-wash)",
    borderBlockEnd: "2px solid var(--accent)",
    color: "var(--ink)",
  },
  ".cm-commented *": { color: "inherit" },
  ...peopleClasses,
  ".cm-searchMatch": { backgroundColor: "var(--accent-wash)", outline: "1px solid var(--accent)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-searchMatch-selected *": { color: "inherit" },
  ".cm-panels": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "0" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "0.375rem",
    padding: "0.5rem 2.75rem 0.5rem 0.75rem",
    fontFamily: "var(--font)",
  },
  ".cm-panel.cm-search br": { flexBasis: "100%", content: "''" },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.25rem",
    minHeight: "28px",
    fontSize: "0.8125rem",
  },
  ".cm-textfield": {
    minHeight: "32px",
    margin: "0",
    padding: "0 0.5rem",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-small)",
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    font: "0.875rem var(--font)",
  },
  ".cm-button": {
    minHeight: "32px",
    margin: "0",
    padding: "0 0.625rem",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-small)",
    backgroundImage: "none",
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    font: "0.8125rem var(--font)",
    cursor: "pointer",
  },
  ".cm-button:hover": { backgroundColor: "var(--hover)" },
  ".cm-panel.cm-search [name=close]": {
    position: "absolute",
    insetInlineEnd: "0.5rem",
    insetInlineStart: "auto",
    top: "0.5rem",
    width: "32px",
    height: "32px",
    color: "var(--ink)",
    fontSize: "1.25rem",
    cursor: "pointer",
  },
  "@media (max-width: 640px)": {
    ".cm-gutters": { display: "none" },
    ".cm-line": { padding: "0 0.75rem" },
  },
});
