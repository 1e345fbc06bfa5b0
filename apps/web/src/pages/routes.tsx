import { lazy, Suspense, type ReactNode } from "react";
import { Redirect, Route, Switch } from "wouter";
import { addressOf } from "../data/files/path.ts";
import { FilesPage } from "./files-page.tsx";

const TrashPage = lazy(async () => ({ default: (await import("./trash-page.tsx")).TrashPage }));
const SharedPage = lazy(async () => ({ default: (await import("./shared-page.tsx")).SharedPage }));
const ConflictsPage = lazy(async () => ({ default: (await import("./conflicts-page.tsx")).ConflictsPage }));
const NoticesPage = lazy(async () => ({ default: (await import("./notices-page.tsx")).NoticesPage }));
const ActivityPage = lazy(async () => ({ default: (await import("./activity-page.tsx")).ActivityPage }));
const SearchPage = lazy(async () => ({ default: (await import("./search-page.tsx")).SearchPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./settings-page.tsx")).SettingsPage }));
const AdminPage = lazy(async () => ({ default: (await import("./admin-page.tsx")).AdminPage }));
const WelcomePage = lazy(async () => ({ default: (await import("./welcome-page.tsx")).WelcomePage }));

/** Which address shows which page. The server answers these addresses with the app (`web-app.ts`). */
export function Routes(): ReactNode {
  return (
    <Suspense>
      <Switch>
        <Route path="/files/*?" component={FilesPage} />
        <Route path="/trash" component={TrashPage} />
        <Route path="/shared" component={SharedPage} />
        <Route path="/conflicts/*?" component={ConflictsPage} />
        <Route path="/notices" component={NoticesPage} />
        <Route path="/activity/*?" component={ActivityPage} />
        <Route path="/search" component={SearchPage} />
        <Route path="/settings/*?" component={SettingsPage} />
        <Route path="/admin/*?" component={AdminPage} />
        <Route path="/welcome" component={WelcomePage} />
        <Route>
          <Redirect to={addressOf("")} replace />
        </Route>
      </Switch>
    </Suspense>
  );
}
