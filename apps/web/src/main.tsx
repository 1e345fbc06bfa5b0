import { createRoot } from "react-dom/client";
import { startWords } from "./words/words.ts";
import { applyTheme } from "./data/theme.ts";
import { App } from "./pages/app.tsx";
import "./styles/tokens.css";
import "./styles/base.css";

applyTheme();
await startWords();
const place = document.querySelector("#app");
if (!place) throw new Error("the page has no place for the app");
createRoot(place).render(<App />);
